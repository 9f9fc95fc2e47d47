"""The seal is judged by pyHanko's validator; the document under it stays byte for byte, with its claims."""

from __future__ import annotations

import logging
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as given
from pyhanko.sign.validation.status import SignatureCoverageLevel

from nomade.config.environment import SettingError, read_environment
from nomade.files import cachet
from nomade.files.p12 import SealUnusable, read_p12
from nomade.files.tests.authority import HOLDER, PASSWORD, Authority, make_authority, verdict


def plain_pdf() -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("cachet"))


@pytest.fixture
def sealing(settings: Any, authority: Authority) -> Authority:
    settings.NOMADE = authority.on(settings.NOMADE, "certificates")
    return authority


def test_nothing_is_sealed_unless_the_organisation_gives_a_certificate() -> None:
    pdf = plain_pdf()
    assert given.NOMADE.cachet_p12 == ""
    assert (cachet.put_on(pdf, "certificates"), cachet.holder_on("certificates")) == (pdf, "")


def test_a_seal_is_pades_whole_and_trusted_by_who_trusts_its_authority(sealing: Authority) -> None:
    pdf = plain_pdf()
    sealed = cachet.put_on(pdf, "certificates")
    found = verdict(sealed, sealing)
    assert found.bottom_line
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    with pikepdf.open(BytesIO(sealed)) as one:
        field = one.Root.AcroForm.Fields[0]
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert HOLDER in str(field.TU)
        assert list(map(int, field.Rect)) == [0, 0, 0, 0]


def test_the_document_under_the_seal_is_byte_for_byte_what_it_was(sealing: Authority) -> None:
    pdf = plain_pdf()
    sealed = cachet.put_on(pdf, "certificates")
    assert sealed.startswith(pdf) and len(sealed) > len(pdf)


def test_a_changed_byte_and_another_authority_are_told(sealing: Authority, tmp_path: Path) -> None:
    sealed = cachet.put_on(plain_pdf(), "certificates")
    changed = sealed.replace(b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ 0 0 612 793 ]")
    assert changed != sealed
    assert not verdict(changed, sealing).intact
    stranger = verdict(sealed, make_authority(tmp_path))
    assert stranger.intact and not stranger.trusted


def test_only_the_kinds_that_were_chosen_bear_it(sealing: Authority) -> None:
    pdf = plain_pdf()
    assert cachet.put_on(pdf, "payslips") == pdf
    assert (cachet.holder_on("payslips"), cachet.holder_on("certificates")) == ("", HOLDER)


def test_a_document_that_somebody_signed_is_left_as_it_is(sealing: Authority) -> None:
    sealed = cachet.put_on(plain_pdf(), "certificates")
    assert cachet.put_on(sealed, "certificates") == sealed


@pytest.mark.parametrize(("password", "gone"), [("faux", False), (PASSWORD, True)])
def test_a_seal_that_cannot_be_read_keeps_no_paper_from_its_owner_and_raises_the_alarm(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, password: str, gone: bool
) -> None:
    bad = make_authority(tmp_path)
    settings.NOMADE = replace(bad.on(settings.NOMADE, "certificates"), cachet_password=password)
    if gone:
        bad.p12.unlink()
    pdf = plain_pdf()
    assert (cachet.put_on(pdf, "certificates"), cachet.holder_on("certificates")) == (pdf, "")
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]


def test_an_expired_seal_is_not_put_and_one_that_replaces_it_is_taken_at_once(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = make_authority(tmp_path, days=-1)
    settings.NOMADE = old.on(settings.NOMADE, "certificates")
    pdf = plain_pdf()
    assert cachet.put_on(pdf, "certificates") == pdf
    assert "a expiré le" in caplog.text
    new = make_authority(tmp_path)
    assert new.p12 == old.p12
    assert verdict(cachet.put_on(pdf, "certificates"), new).bottom_line


def test_a_pdf_that_no_seal_can_be_put_on_is_given_as_it_was(
    sealing: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    assert cachet.put_on(b"%PDF-1.4\nbroken", "certificates") == b"%PDF-1.4\nbroken"
    assert "it cannot bear one" in caplog.text


def test_a_file_that_is_no_certificate_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.p12"
    with pytest.raises(SealUnusable, match="ne se lit pas"):
        read_p12(path, "")
    path.write_bytes(b"hello")
    with pytest.raises(SealUnusable, match="n’est pas PKCS#12"):
        read_p12(path, "")


def test_a_kind_that_does_not_exist_is_refused_at_the_start() -> None:
    with pytest.raises(SettingError, match="NOMADE_CACHET_ON"):
        read_environment({"NOMADE_CACHET_ON": "factures"})
