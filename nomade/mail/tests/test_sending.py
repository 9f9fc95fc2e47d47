"""Held letters, drafts in two places, other ways to pass a message on, what is asked before sending."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import count_queries, run_jobs
from nomade.mail.factories import letter_form, raw_html, raw_letter
from nomade.mail.models import Correspondent, OutgoingMessage, OutgoingState
from nomade.mail.testing import Box
from nomade.mail.tests.test_writing import arrived, only_letter

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

MakeBox = Callable[[], Box]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def held(settings: SettingsWrapper, mail_settings: object) -> None:
    settings.NOMADE = replace(settings.NOMADE, mail_undo_seconds=20)


def last_of(box: Box) -> str:
    """The source of the newest message of the inbox."""
    return box.run(  # type: ignore[no-any-return]
        lambda session: session.source(session.page("INBOX").envelopes[0].ref).decode(errors="replace")
    )


@pytest.mark.usefixtures("held")
def test_a_letter_is_held_twenty_seconds_and_can_be_taken_back_whole(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    files = [SimpleUploadedFile("note.txt", b"note", "text/plain")]
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login, pieces=files))
    assert run_jobs() == 0
    page = box.client.get("/messagerie/").content.decode()
    assert "Annuler l’envoi" in page
    letter = only_letter(box)
    response = box.client.post(f"/messagerie/envois/{letter.pk}/annuler/", follow=True)
    assert "à lundi." in response.content.decode()
    assert "note.txt" in response.content.decode()
    run_jobs(later=timedelta(minutes=1))
    assert only_letter(box).state == OutgoingState.DRAFT
    assert other.subjects() == []


@pytest.mark.usefixtures("held")
def test_a_held_letter_leaves_by_itself_and_then_cannot_be_taken_back(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    letter = only_letter(box)
    OutgoingMessage.objects.filter(pk=letter.pk).update(leaves_at=letter.created_at - timedelta(seconds=1))
    run_jobs(later=timedelta(minutes=1))
    assert arrived(other) == ["Réunion de lundi"]
    assert box.client.post(f"/messagerie/envois/{letter.pk}/annuler/").status_code == 422


@pytest.mark.usefixtures("held")
def test_a_job_that_comes_too_early_sends_nothing(box: Box, make_box: MakeBox) -> None:
    from nomade.mail.writing import delivery

    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    delivery.deliver(only_letter(box).pk)
    assert only_letter(box).state == OutgoingState.WAITING
    assert other.subjects() == []


@pytest.mark.usefixtures("held")
def test_send_now_does_not_wait(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    box.client.post(f"/messagerie/envois/{only_letter(box).pk}/maintenant/")
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]


@pytest.mark.usefixtures("held")
def test_only_its_author_takes_a_letter_back_or_hurries_it(box: Box, make_box: MakeBox) -> None:
    stranger = make_box()
    box.client.post("/messagerie/nouveau/", letter_form("a@paris.fr"))
    letter = only_letter(box)
    for verb in ("annuler", "maintenant", "rediriger", f"piece/{uuid.uuid4()}/retirer"):
        assert stranger.client.post(f"/messagerie/envois/{letter.pk}/{verb}/").status_code == 404
    assert only_letter(box).state == OutgoingState.WAITING


# --- Drafts ---------------------------------------------------------------------------------------------------------


def kept(box: Box, form: dict[str, object], status: int = 200) -> dict[str, object]:
    answer = box.client.post("/messagerie/brouillon/garder/", form)
    assert answer.status_code == status, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_what_is_typed_is_kept_and_copied_once_in_drafts(box: Box) -> None:
    form = letter_form("claire", text="Presque", revision="0")
    state = kept(box, form)
    assert state["revision"] == 1
    assert kept(box, form | {"text": "Presque fini", "revision": "1"})["revision"] == 2
    run_jobs(later=timedelta(minutes=1))
    assert box.subjects(box.folder("drafts")) == ["Réunion de lundi"]
    kept(box, form | {"text": "Fini", "subject": "Réunion de mardi", "revision": "2"})
    run_jobs(later=timedelta(minutes=1))
    assert box.subjects(box.folder("drafts")) == ["Réunion de mardi"]
    page = box.client.get(str(state["page"])).content.decode()
    assert "Fini" in page
    assert "claire" in page


def test_two_tabs_are_two_drafts_and_the_new_page_offers_them(box: Box) -> None:
    kept(box, letter_form("", subject="Premier", revision="0"))
    kept(box, letter_form("", subject="Second", revision="0"))
    assert OutgoingMessage.objects.of(box.agent).count() == 2
    page = box.client.get("/messagerie/nouveau/").content.decode()
    assert "Reprendre « Premier »" in page
    assert "Reprendre « Second »" in page


def test_a_tab_that_is_behind_overwrites_nothing_unless_told_to(box: Box) -> None:
    form = letter_form("", revision="0", text="un")
    kept(box, form)
    kept(box, form | {"revision": "1", "text": "deux"})
    late = kept(box, form | {"revision": "1", "text": "trois"}, status=409)
    assert late["stale"]
    assert only_letter(box).written().text == "deux"
    sent = box.client.post("/messagerie/nouveau/", form | {"to": "a@paris.fr", "revision": "1", "text": "trois"})
    assert sent.status_code == 422
    assert "autre onglet" in sent.content.decode()
    assert "trois" in sent.content.decode()
    assert only_letter(box).state == OutgoingState.DRAFT
    kept(box, form | {"revision": "1", "text": "trois", "garder_quand_meme": "1"})
    assert only_letter(box).written().text == "trois"


def test_a_draft_that_was_sent_leaves_no_copy_in_drafts(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    form = letter_form(other.agent.login, revision="0")
    kept(box, form)
    run_jobs(later=timedelta(minutes=1))
    assert box.subjects(box.folder("drafts")) == ["Réunion de lundi"]
    box.client.post("/messagerie/nouveau/", form | {"revision": "1"})
    run_jobs(later=timedelta(minutes=1))
    assert box.subjects(box.folder("drafts")) == []
    assert box.subjects(box.folder("sent")) == ["Réunion de lundi"]
    assert kept(box, form | {"revision": "9"}, status=409)["gone"]


def test_a_draft_given_up_leaves_drafts_too(box: Box) -> None:
    kept(box, letter_form("", revision="0"))
    run_jobs(later=timedelta(minutes=1))
    box.client.post(f"/messagerie/envois/{only_letter(box).pk}/supprimer/")
    run_jobs(later=timedelta(minutes=1))
    assert box.subjects(box.folder("drafts")) == []


def test_our_draft_opened_from_the_mailbox_is_the_same_letter(box: Box) -> None:
    kept(box, letter_form("", revision="0"))
    run_jobs(later=timedelta(minutes=1))
    folder = box.folder("drafts")
    page = box.run(lambda session: session.page(folder))
    key = f"{page.uidvalidity}-{page.envelopes[0].ref.uid}"
    answer = box.client.get(f"/messagerie/message/{key}/modifier/", {"dossier": folder})
    assert answer["Location"] == f"/messagerie/envois/{only_letter(box).pk}/"


def test_the_draft_of_another_program_is_continued_then_removed(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    folder = box.folder("drafts")
    (key,) = box.receive(raw_letter(other.agent.login, subject="Commencé ailleurs"), folder=folder)
    read = box.client.get(f"/messagerie/message/{key}/", {"dossier": folder}).content.decode()
    assert 'id="reprendre"' in read and 'id="repondre"' not in read
    page = box.client.get(f"/messagerie/message/{key}/modifier/", {"dossier": folder}).content.decode()
    assert "Commencé ailleurs" in page
    box.client.post(f"/messagerie/message/{key}/modifier/?dossier={folder}", letter_form(other.agent.login))
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]
    assert box.subjects(folder) == []


def test_with_imap_down_drafts_are_kept_and_letters_are_not_held_back(
    box: Box, make_box: MakeBox, settings: SettingsWrapper
) -> None:
    other = make_box()
    form = letter_form(other.agent.login, revision="0")
    working = settings.NOMADE
    settings.NOMADE = replace(working, imap_url="imap://127.0.0.1:9")
    kept(box, form)
    with pytest.raises(Unavailable):
        run_jobs(later=timedelta(minutes=1))
    assert only_letter(box).written().text == "Bonjour,\n\nà lundi."
    settings.NOMADE = working


# --- Files ----------------------------------------------------------------------------------------------------------


def test_a_file_is_taken_alone_shown_and_left_out(box: Box) -> None:
    form = letter_form("")
    piece = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")
    answer = box.client.post("/messagerie/brouillon/joindre/", {"form_token": form["form_token"], "piece": piece})
    assert "plan.pdf" in answer.json()["files"]
    letter = only_letter(box)
    file = letter.attachments.get()
    box.client.post(f"/messagerie/envois/{letter.pk}/piece/{file.pk}/retirer/")
    assert not letter.attachments.exists()


def test_a_file_too_heavy_says_the_limit(box: Box, settings: SettingsWrapper) -> None:
    settings.NOMADE = replace(settings.NOMADE, mail_largest_megabytes=0)
    piece = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")
    sent = {"form_token": str(uuid.uuid4()), "piece": piece}
    answer = box.client.post("/messagerie/brouillon/joindre/", sent)
    assert answer.status_code == 422
    assert "0 Mo" in answer.json()["message"]


def test_formatted_text_travels_clean_with_its_text_and_its_picture(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    form = letter_form(other.agent.login, format="rich", revision="0")
    picture = {
        "form_token": form["form_token"],
        "dans_le_texte": "1",
        "piece": SimpleUploadedFile("a.png", PNG, "image/png"),
    }
    taken = box.client.post("/messagerie/brouillon/joindre/", picture).json()
    form["html"] = (
        f'<p>Voir <b>ici</b> <img src="cid:{taken["cid"]}"><img src="https://x.fr/p.gif"></p>'
        "<blockquote><p>Avant</p></blockquote><script>alert(1)</script>"
    )
    form["revision"] = str(taken["revision"])
    box.client.post("/messagerie/nouveau/", form)
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert "<b>ici</b>" in view.html
    assert "script" not in view.html
    assert "x.fr" not in view.html
    assert list(view.inline) == [taken["cid"]]
    assert "> Avant" in view.text


def test_a_picture_of_a_draft_is_served_only_by_its_signed_address(box: Box) -> None:
    from nomade.accounts.testing import client_on

    picture = {
        "form_token": str(uuid.uuid4()),
        "dans_le_texte": "1",
        "piece": SimpleUploadedFile("a.png", PNG, "image/png"),
    }
    taken = box.client.post("/messagerie/brouillon/joindre/", picture).json()
    path = "/" + taken["src"].split("/", 3)[3]
    shown = client_on("content").get(path)
    assert shown.content == PNG
    assert shown["Content-Security-Policy"].startswith("sandbox")
    assert client_on("content").get(path[:-4] + "AAAA").status_code == 404
    OutgoingMessage.objects.of(box.agent).delete()
    assert client_on("content").get(path).status_code == 404


# --- Other ways -----------------------------------------------------------------------------------------------------


def test_a_message_forwarded_as_a_file_arrives_byte_for_byte(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    raw = b"From: a@b.fr\r\nSubject: sign\xc3\xa9\r\nDKIM-Signature: v=1;\r\n\tb=x\r\n\r\nH\xc3\xa9\r\n"
    (key,) = box.receive(raw)
    page = box.client.get(f"/messagerie/message/{key}/transferer/?comme=piece").content.decode()
    assert ".eml" in page
    form = letter_form(other.agent.login, reprendre=["message"])
    box.client.post(f"/messagerie/message/{key}/transferer/?comme=piece", form)
    run_jobs()
    arrived(other)
    whole = other.run(lambda session: session.source(session.page("INBOX").envelopes[0].ref))
    # pymap keeps its files with plain line ends, and gives them so.
    assert raw.rstrip().replace(b"\r\n", b"\n") in whole.replace(b"\r\n", b"\n")


def test_a_message_redirected_keeps_its_author_and_says_who_redirected(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    (key,) = box.receive(raw_letter(box.agent.login, subject="À suivre"))
    assert box.client.get(f"/messagerie/message/{key}/rediriger/").status_code == 200
    token = str(uuid.uuid4())
    wrong = box.client.post(f"/messagerie/message/{key}/rediriger/", {"to": "personne", "form_token": token})
    assert wrong.status_code == 422
    sent = {"to": other.agent.login, "form_token": token}
    assert box.client.post(f"/messagerie/message/{key}/rediriger/", sent).status_code == 303
    run_jobs()
    assert arrived(other) == ["À suivre"]
    source = last_of(other)
    assert f"Resent-To: {other.agent.login}" in source
    assert "From: Mehdi Benali <mehdi.benali@paris.fr>" in source
    assert box.subjects(box.folder("sent")) == ["À suivre"]


def test_an_answer_carries_the_pictures_of_what_it_quotes(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    (key,) = box.receive(raw_html('<p>Logo <img src="cid:logo@x"></p>', picture=PNG))
    page = box.client.get(f"/messagerie/message/{key}/repondre/").content.decode()
    assert 'src="cid:logo@x"' in unescape(page)
    form = letter_form(
        other.agent.login, format="rich", html='<p>Vu</p><blockquote><img src="cid:logo@x"></blockquote>'
    )
    box.client.post(f"/messagerie/message/{key}/repondre/", form)
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert list(view.inline) == ["logo@x"]


def test_hidden_copies_are_hidden_from_the_others_and_kept_in_ones_own_copy(box: Box, make_box: MakeBox) -> None:
    shown, hidden = make_box(), make_box()
    box.client.post("/messagerie/nouveau/", letter_form(shown.agent.login, bcc=hidden.agent.login))
    run_jobs()
    arrived(shown)
    arrived(hidden)
    assert hidden.agent.login not in last_of(shown).lower().replace("delivered-to", "")
    folder = box.folder("sent")
    mine = box.run(lambda session: session.source(session.page(folder).envelopes[0].ref).decode())
    assert hidden.agent.login in mine


def test_importance_and_receipt_are_asked_for(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login, importance="high", receipt="on"))
    run_jobs()
    arrived(other)
    source = last_of(other)
    assert "Importance: high" in source
    assert f"Disposition-Notification-To: {box.agent.login}" in source


# --- Before sending -------------------------------------------------------------------------------------------------


def test_a_forgotten_file_is_asked_about_once(box: Box) -> None:
    form = letter_form("a@paris.fr", text="Bonjour,\nvous trouverez ci-joint le plan.")
    asked = box.client.post("/messagerie/nouveau/", form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "parle d’une pièce jointe" in page
    assert 'name="accord" value="attachment"' in page
    assert only_letter(box).state == OutgoingState.DRAFT
    revision = str(only_letter(box).revision)
    again = box.client.post("/messagerie/nouveau/", form | {"accord": "attachment", "revision": revision})
    assert again.status_code == 303


def test_a_reply_to_many_is_called_out(box: Box, settings: SettingsWrapper) -> None:
    settings.NOMADE = replace(settings.NOMADE, mail_many_recipients=2)
    people = ", ".join(f"p{number}@paris.fr" for number in range(3))
    page = box.client.post("/messagerie/nouveau/", letter_form(people)).content.decode()
    assert "3 personnes" in page


def test_who_was_written_to_is_proposed_next_time(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form("Zoé Übel <zoe@ailleurs.example>"))
    box.client.post("/messagerie/nouveau/", letter_form("zoe@ailleurs.example"))
    with count_queries(at_most=12):
        found = box.client.get("/messagerie/destinataires/", {"q": "ubel"}).json()["people"]
    assert found[0]["value"] == "Zoé Übel <zoe@ailleurs.example>"
    assert found[0]["outside"]
    assert Correspondent.objects.get(agent=box.agent).times == 2
    assert other.client.get("/messagerie/destinataires/", {"q": "ubel"}).json()["people"] == []


@pytest.mark.parametrize("address", ["/messagerie/nouveau/", "/messagerie/envois/"])
def test_pages_of_writing_ask_few_queries(box: Box, address: str) -> None:
    kept(box, letter_form("", revision="0"))
    with count_queries(at_most=12):
        assert box.client.get(address).status_code == 200
