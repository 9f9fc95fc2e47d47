"""`nomade doctor` says whose seal the portal puts, until when, or why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from nomade.cli import doctor
from nomade.config.environment import read_environment
from nomade.files.tests.authority import HOLDER, PASSWORD, make_authority


def test_the_doctor_says_whose_seal_it_is_and_until_when(tmp_path: Path) -> None:
    path = make_authority(tmp_path, days=400).p12
    told = {"NOMADE_CACHET_P12": str(path), "NOMADE_CACHET_PASSWORD": PASSWORD}
    path.chmod(0o600)
    said = doctor._cachet(read_environment(told))
    assert HOLDER in said and "certificates, payslips" in said
    assert "aucun" in doctor._cachet(read_environment({}))


@pytest.mark.parametrize(
    ("days", "mode", "password", "said"),
    [
        (29, 0o600, PASSWORD, "demandez un nouveau certificat"),
        (400, 0o644, PASSWORD, "chmod o-rwx"),
        (400, 0o600, "faux", "mauvais mot de passe"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_a_seal(
    tmp_path: Path, days: int, mode: int, password: str, said: str
) -> None:
    path = make_authority(tmp_path, days=days).p12
    path.chmod(mode)
    with pytest.raises(doctor.Fault, match=said):
        doctor._cachet(read_environment({"NOMADE_CACHET_P12": str(path), "NOMADE_CACHET_PASSWORD": password}))
