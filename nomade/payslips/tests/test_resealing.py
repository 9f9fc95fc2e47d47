"""F24 on amounts: nets and certificates read the same before and after a rotation of keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nomade.config.environment import EncryptionKey
from nomade.files import rotation
from nomade.payslips.access import net_of
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import Payslip
from nomade.payslips.resealing import reseal_nets
from nomade.payslips.tests.factories import order, payroll_file
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db


def test_a_net_reads_the_same_under_the_new_key_alone(tmp_path: Path, settings: Any) -> None:
    agent = make_agent(matricule="00000105")
    import_payslips(order(payroll_file(tmp_path, [agent])))
    before = net_of(Payslip.objects.get())
    old, new = settings.NOMADE.encryption_keys, EncryptionKey("2027", b"n" * 32)
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(new, *old))
    assert (reseal_nets(), reseal_nets()) == (1, 0)
    rotation.rotate_files()
    assert list(rotation.remaining()) == []
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(new,))
    assert net_of(Payslip.objects.get()) == before
