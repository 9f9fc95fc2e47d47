"""One large file for many agents: split by the matricule on its pages, tried first, confirmed by a second person."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.documents.actions.splitting import split_deposit
from nomade.documents.models import Deposit, DepositState, FolderDocument
from nomade.documents.pieces import Page, pieces_of, whole_file
from nomade.documents.tests.samples import a_text_pdf
from nomade.files import drawing, store
from nomade.files.antivirus import Verdict
from nomade.files.models import StoredFile
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent

SignedIn = Callable[[Agent], Client]
KNOWN = {"00001234": 1, "00005678": 2}


def _page(*matricules: str) -> Page:
    return frozenset(matricules)


A, B, NONE, UNKNOWN = _page("00001234"), _page("00005678"), _page(), _page("99999999")


@pytest.mark.parametrize(
    ("pages", "marks", "expected"),
    [
        ([A, A, B], [], [(0, 2, 1, ""), (2, 1, 2, "")]),
        ([A, NONE, B, NONE], [0, 2], [(0, 2, 1, ""), (2, 2, 2, "")]),
        ([A, B], [0], [(0, 2, None, "plusieurs matricules")]),
        ([NONE, A], [], [(0, 1, None, "aucun matricule"), (1, 1, 1, "")]),
        ([UNKNOWN, A], [], [(0, 1, None, "matricule hors de votre périmètre ou inconnu"), (1, 1, 1, "")]),
        ([_page("00001234", "00005678")], [], [(0, 1, None, "plusieurs matricules")]),
        ([None], [], [(0, 1, None, "page illisible")]),
    ],
)
def test_a_file_is_cut_at_its_bookmarks_or_where_the_matricule_changes(
    pages: list[Page], marks: list[int], expected: list[tuple[int, int, int | None, str]]
) -> None:
    found = [(one.first, one.pages, one.owner, one.problem) for one in pieces_of("lot.pdf", pages, marks, KNOWN)]
    assert found == expected


def test_without_bookmarks_nobody_receives_a_document_that_may_be_cut_short() -> None:
    first, second, third = pieces_of("lot.pdf", [A, NONE, B], [], KNOWN)
    assert (first.owner, second.owner, third.owner) == (None, None, 2)
    assert "peut-être incomplet" in first.problem


@pytest.mark.parametrize(
    ("name", "pages", "owner"),
    [
        ("00001234_arrete.pdf", [NONE], 1),
        ("00001234_arrete.pdf", [A], 1),
        ("arrete.pdf", [A, NONE], 1),
        ("00001234_arrete.pdf", [B], None),
        ("00001234_arrete.pdf", [UNKNOWN], None),
        ("00001234_00005678.pdf", [A], None),
        ("arrete.pdf", [NONE], None),
        ("arrete.pdf", [A, B], None),
    ],
)
def test_the_name_of_a_file_and_its_pages_never_contradict_each_other(
    name: str, pages: list[Page], owner: int | None
) -> None:
    found = whole_file(name, pages, KNOWN)
    assert (found.owner, bool(found.problem)) == (owner, owner is None)


@pytest.fixture
def second_owner(owner: Agent) -> Agent:
    return make_agent("Ali", "Deux", unit=make_unit("DEVE/J15"), matricule="00005678")


def _send(client: Client, file: SimpleUploadedFile, **fields: Any) -> Any:
    sent = {"type": "notification", "title": "Prime", "dated_on": "2026-03-01", "upload": file}
    return client.post(reverse("documents:large"), {**sent, **fields})


def _read(client: Client, upload: SimpleUploadedFile) -> tuple[str, Deposit]:
    address = _send(client, upload)["Location"]
    deposit = Deposit.objects.latest("sent_at")
    assert "Lecture en cours" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    split_deposit(deposit.pk)
    deposit.refresh_from_db()
    return address, deposit


def _combined() -> SimpleUploadedFile:
    return a_text_pdf(
        "Matricule 00001234\nPremière page",
        "Matricule 00001234\nSeconde page",
        "Matricule 00005678\nLettre d’Ali",
        "Matricule 00009999\nLettre d’un inconnu",
    )


@pytest.mark.django_db(transaction=True)
def test_one_pdf_is_split_tried_and_confirmed_by_a_second_person(
    owner: Agent, second_owner: Agent, officer: Agent, second_officer: Agent, signed_in: SignedIn
) -> None:
    desk = signed_in(officer)
    address, deposit = _read(desk, _combined())
    assert (deposit.state, deposit.done, deposit.total) == (DepositState.TO_CONFIRM, 3, 3)
    with count_queries(12):
        html = desk.get(address).content.decode()
    assert "page 4 : matricule hors de votre périmètre ou inconnu" in html
    assert not FolderDocument.objects.exists()
    assert desk.post(address, {"decision": "confirm"}).status_code == 422
    assert signed_in(second_officer).post(address, {"decision": "confirm"}).status_code == 303
    texts = {}
    for document in FolderDocument.objects.select_related("file", "agent"):
        pages = drawing.pages_of_text(store.read(document.file))
        texts[document.agent.matricule] = [row[0] for page in pages for row in page]
    assert texts["00001234"] == ["Matricule 00001234", "Première page", "Matricule 00001234", "Seconde page"]
    assert texts["00005678"] == ["Matricule 00005678", "Lettre d’Ali"]
    assert set(StoredFile.objects.values_list("kind", flat=True)) == {"folder"}, "the large file is not kept"


@pytest.mark.django_db(transaction=True)
def test_more_than_fifty_files_go_in_one_archive_and_a_job_run_twice_doubles_nothing(
    officer: Agent, signed_in: SignedIn
) -> None:
    unit = make_unit("DEVE/J15")
    agents = [make_agent("Zoé", f"N{number}", unit=unit, matricule=f"{70000 + number:08d}") for number in range(60)]
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for agent in agents:
            archive.writestr(f"courriers/{agent.matricule}_prime.pdf", a_text_pdf("Votre prime").read())
        archive.writestr("courriers/00009999.pdf", a_text_pdf("Inconnu").read())
        archive.writestr("courriers/abime.pdf", b"%PDF-1.4 rien")
    address, deposit = _read(signed_in(officer), SimpleUploadedFile("lot.zip", out.getvalue()))
    assert deposit.lines.filter(agent__isnull=False).count() == 60
    assert set(deposit.lines.filter(agent=None).values_list("problem", flat=True)) == {
        "aucun matricule connu dans le nom",
        "il est abîmé ou ce n’est pas un PDF",
    }
    Deposit.objects.update(state=DepositState.READING)
    split_deposit(deposit.pk)
    assert deposit.lines.count() == 62
    assert StoredFile.objects.filter(kind="folder").count() == 60
    assert signed_in(officer).post(address, {"decision": "drop"}).status_code == 303
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_read_says_so_and_leaves_nothing(officer: Agent, signed_in: SignedIn) -> None:
    desk = signed_in(officer)
    address, deposit = _read(desk, SimpleUploadedFile("lot.pdf", b"%PDF-1.4 rien"))
    assert deposit.state == DepositState.FAILED
    html = desk.get(address).content.decode()
    assert "Ce fichier ne peut pas être lu" in html
    assert desk.post(address, {"decision": "confirm"}).status_code == 422
    assert desk.post(address, {"decision": "drop"}).status_code == 303
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_part_could_run_is_left_behind(owner: Agent, officer: Agent, signed_in: SignedIn) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_text_pdf("Matricule 00001234").read())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)"))
        pdf.save(out)
    _address, deposit = _read(signed_in(officer), SimpleUploadedFile("lot.pdf", out.getvalue()))
    kept = store.read(deposit.lines.get().file)  # type: ignore[arg-type]
    assert b"JavaScript" not in kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"upload": SimpleUploadedFile("lot.pdf", b"GIF89a....")}, "ni un PDF, ni une archive"),
        ({"pattern": "("}, "n’est pas correcte"),
        ({"pattern": "abc"}, "un groupe, et un seul"),
        ({"title": ""}, "obligatoire"),
    ],
)
def test_a_wrong_upload_is_refused_with_a_reason(
    fields: dict[str, Any], said: str, officer: Agent, signed_in: SignedIn
) -> None:
    answer = _send(signed_in(officer), _combined(), **fields)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Deposit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", [Verdict.INFECTED, Verdict.UNSURE])
def test_a_large_file_that_the_antivirus_does_not_clear_is_not_kept(
    verdict: Verdict, officer: Agent, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nomade.documents.actions import splitting

    monkeypatch.setattr(splitting, "scan", lambda content: verdict)
    assert _send(signed_in(officer), _combined()).status_code == 422
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_too_heavy_and_a_stranger_are_refused(
    owner: Agent, officer: Agent, signed_in: SignedIn, settings: Any
) -> None:
    assert signed_in(owner).get(reverse("documents:large")).status_code == 404
    assert _send(signed_in(owner), _combined()).status_code == 404
    settings.NOMADE = replace(settings.NOMADE, document_upload_megabytes=0)
    answer = _send(signed_in(officer), _combined())
    assert (answer.status_code, "trop lourd" in answer.content.decode()) == (422, True)
    assert not Deposit.objects.exists()
