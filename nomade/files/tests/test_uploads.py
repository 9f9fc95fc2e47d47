"""Files that people send: what is taken, what is refused, and that nothing is opened in the web process."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils.datastructures import MultiValueDict
from PIL import Image

from nomade.files import store, uploads
from nomade.files.forms import UploadsField
from nomade.files.handlers import SIGNED_IN, STRANGER, CappedUploadHandler
from nomade.files.models import StoredFile
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

CONTENT_TYPES = b'<Types><Override ContentType="%s"/></Types>'
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def pdf_bytes(change: object = None) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if callable(change):
            change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def picture_bytes(format_: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (20, 90, 160)).save(out, format_, **options)
    return out.getvalue()


def word_bytes(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", CONTENT_TYPES % WORD)
        container.writestr("word/document.xml", b"<document/>")
        for name, content in entries.items():
            container.writestr(name, content)
    return out.getvalue()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal_of(name: str, content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        uploads.check(sent(name, content), kinds=uploads.TICKET_FILES, field="files")
    assert caught.value.field == "files"
    return caught.value.message


def test_a_pdf_that_runs_nothing_is_kept_byte_for_byte() -> None:
    content = pdf_bytes()
    checked = uploads.check(sent("Relevé d’identité.pdf", content))
    assert (checked.name, checked.content) == ("Relevé d’identité.pdf", content)


def test_what_a_pdf_does_by_itself_is_taken_out() -> None:
    def opens_on_page_one(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])

    checked = uploads.check(sent("a.pdf", pdf_bytes(opens_on_page_one)))
    with pikepdf.open(io.BytesIO(checked.content)) as kept:
        assert "/OpenAction" not in kept.Root


def _javascript(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch_in_annotation(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    pdf.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=action)])


def _embedded(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Array([]), Fields=pikepdf.Array([]))


def _submits(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://a.example"))


@pytest.mark.parametrize("change", [_javascript, _launch_in_annotation, _embedded, _xfa, _submits])
def test_a_pdf_with_something_that_runs_is_refused(change: object) -> None:
    assert "programme" in refusal_of("a.pdf", pdf_bytes(change))


def test_a_pdf_behind_a_password_is_refused() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "mot de passe" in refusal_of("a.pdf", out.getvalue())


def test_a_page_of_html_called_pdf_is_refused() -> None:
    assert "annonce" in refusal_of("facture.pdf", b"<html><script>alert(1)</script></html>")


def test_bytes_that_only_start_like_a_pdf_are_refused() -> None:
    assert "abîmé" in refusal_of("facture.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>")


def test_a_picture_is_drawn_anew_without_place_nor_hidden_file() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CanonSecret"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture_bytes(exif=exif) + b"PK\x03\x04 hidden archive"
    checked = uploads.check(sent("photo.jpeg", content))
    assert b"CanonSecret" not in checked.content
    assert b"hidden" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert kept.size == (40, 30)
        assert not kept.getexif()


def test_a_picture_taken_sideways_is_kept_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = uploads.check(sent("photo.jpg", picture_bytes(exif=exif)))
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert kept.size == (30, 40)


def test_a_png_keeps_its_transparency() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 0)).save(out, "PNG")
    checked = uploads.check(sent("logo.png", out.getvalue()))
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert (kept.mode, kept.getpixel((0, 0))) == ("RGBA", (1, 2, 3, 0))


def test_a_flood_of_pixels_is_refused_before_it_is_drawn() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")
    started = time.perf_counter()
    assert "trop grande" in refusal_of("geante.png", bomb)
    assert time.perf_counter() - started < 5  # one process, no decoding; generous for a busy machine


def test_an_office_file_is_kept_as_it_is() -> None:
    content = word_bytes()
    assert uploads.check(sent("note.docx", content), kinds=uploads.TICKET_FILES).content == content


def test_office_files_are_for_tickets_only() -> None:
    with pytest.raises(Refusal, match="seuls ces fichiers sont acceptés : PDF, JPG, PNG"):
        uploads.check(sent("note.docx", word_bytes()))


def test_a_document_with_macros_is_refused() -> None:
    assert "macros" in refusal_of("note.docx", word_bytes(**{"word/vbaProject.bin": b"x"}))


def test_a_spreadsheet_called_word_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("[Content_Types].xml", CONTENT_TYPES % b"spreadsheetml.sheet.main+xml")
    assert "annonce" in refusal_of("note.docx", out.getvalue())


def test_an_entry_of_far_more_than_it_says_is_refused_early() -> None:
    assert "compressé" in refusal_of("note.docx", word_bytes(**{"word/media/a.bin": b"\x00" * 30_000_000}))


def test_a_hundred_thousand_entries_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for number in range(1_200):
            container.writestr(f"{number}", b"")
    assert "compressé" in refusal_of("note.docx", out.getvalue())


def test_names_that_leave_their_folder_are_refused() -> None:
    assert "ordinaire" in refusal_of("note.docx", word_bytes(**{"../../etc/passwd": b"x"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_is_refused(encoding: str) -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'.encode(encoding)
    assert "programme" in refusal_of("note.docx", word_bytes(**{"word/styles.xml": laughs}))


@pytest.mark.parametrize("name", ["facture.pdf.exe", "facture.pdf\x00.exe", "facture", "a.svg", "a.html"])
def test_a_name_that_is_not_of_the_list_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="seuls ces fichiers"):
        uploads.check(sent(name, pdf_bytes()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/bulletin.pdf", "bulletin.pdf"),
        ("C:\\Documents\\bulletin.pdf", "bulletin.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("factu\u202efdp.exe.pdf", "factufdp.exe.pdf"),
        ("🌳 été.pdf", "🌳 été.pdf"),
        ("", "document"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(typed: str, kept: str) -> None:
    assert uploads.clean_name(typed) == kept


def test_an_empty_file_and_a_heavy_one_are_refused() -> None:
    assert "vide" in refusal_of("a.pdf", b"")
    assert "trop lourd (10 Mo au plus)" in refusal_of("a.pdf", b"%PDF-" + b"0" * uploads.LARGEST_FILE)


def test_a_file_that_kills_its_inspection_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    falls = tmp_path / "falls.py"
    falls.write_text("import os; os.abort()")
    monkeypatch.setattr(uploads, "_INSPECTION", falls)
    assert "abîmé" in refusal_of("a.pdf", pdf_bytes())


def test_a_file_that_hangs_its_inspection_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hangs = tmp_path / "hangs.py"
    hangs.write_text("import threading; threading.Event().wait()")
    monkeypatch.setattr(uploads, "_INSPECTION", hangs)
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.5)
    assert "abîmé" in refusal_of("a.pdf", pdf_bytes())


def test_a_twenty_first_file_is_refused() -> None:
    with pytest.raises(Refusal, match="20 fichiers au plus"):
        uploads.check_all([sent("a.pdf", b"")] * 21)


def test_kept_files_are_sealed_and_belong_to_who_sent_them(agent: Agent) -> None:
    content = pdf_bytes()
    (stored,) = uploads.keep_all([uploads.check(sent("a.pdf", content))], owner=agent, kind="ticket")
    assert (stored.owner, stored.kind, stored.content_type) == (agent, "upload.ticket", "application/pdf")
    assert store.read(stored) == content


def test_an_agent_has_a_share_of_the_storage(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = uploads.check(sent("a.pdf", pdf_bytes()))
    monkeypatch.setattr(uploads, "QUOTA", len(checked.content) * 2)
    store.put(b"x" * 10_000, owner=agent, kind="payslip", name="b.pdf", content_type="application/pdf")
    uploads.keep_all([checked, checked], owner=agent, kind="ticket")
    with pytest.raises(Refusal, match="dépassent"):
        uploads.keep_all([checked], owner=agent, kind="proof")
    assert StoredFile.objects.filter(kind__startswith="upload.").count() == 2


def test_the_field_of_a_form_says_which_file_is_not_taken() -> None:
    class Form(forms.Form):
        pieces = UploadsField(required=False)

    form = Form({}, MultiValueDict({"pieces": [sent("a.pdf", pdf_bytes()), sent("b.exe", b"MZ")]}))
    assert not form.is_valid()
    assert str(form.errors["pieces"][0]).startswith("b.exe : seuls ces fichiers sont acceptés")
    whole = Form({}, MultiValueDict({"pieces": [sent("a.pdf", pdf_bytes())]}))
    assert whole.is_valid()
    assert [file.name for file in whole.cleaned_data["pieces"]] == ["a.pdf"]
    assert 'accept=".pdf,.jpg,.jpeg,.png"' in str(whole["pieces"])


def _announcing(rf: RequestFactory, size: int, *, signed_in: bool = True, view: str = "desk:new") -> HttpRequest:
    request = rf.post("/", {"file": sent("a.pdf", b"x")})
    request.META["CONTENT_LENGTH"] = str(size)
    request.user = SimpleNamespace(is_authenticated=signed_in)  # type: ignore[assignment]
    request.resolver_match = SimpleNamespace(view_name=view)  # type: ignore[assignment]
    return request


def test_a_request_that_announces_too_much_is_cut_before_it_is_read(rf: RequestFactory) -> None:
    taken = _announcing(rf, SIGNED_IN - 1)
    assert taken.FILES
    taken.close()
    with pytest.raises(RequestDataTooBig):
        _announcing(rf, SIGNED_IN + 1).FILES  # noqa: B018
    with pytest.raises(RequestDataTooBig):
        _announcing(rf, STRANGER + 1, signed_in=False).FILES  # noqa: B018


def test_a_page_for_large_files_takes_them(rf: RequestFactory) -> None:
    taken = _announcing(rf, SIGNED_IN + 1, view="payslips:import-new")
    assert taken.FILES
    taken.close()


def test_what_comes_in_excess_of_the_announced_length_is_cut_too(rf: RequestFactory) -> None:
    handler = CappedUploadHandler(_announcing(rf, 10, signed_in=False))
    handler.handle_raw_input(None, {}, 10, b"")
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(b"x" * (STRANGER + 1), 0)


def test_somebody_who_sends_too_much_reads_a_sentence(client: Client) -> None:
    answer = client.post("/connexion/", {"file": sent("a.pdf", b"x" * (STRANGER + 1))}, secure=True)
    assert answer.status_code == 400
    assert "trop lourd" in answer.content.decode()
