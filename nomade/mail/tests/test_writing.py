"""Writing and sending, through the pages and the queue, on both servers."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mailkit.imap import Session
from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment
from nomade.kernel.errors import Unavailable
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import run_jobs
from nomade.mail import gateway
from nomade.mail.factories import letter_form, raw_html, raw_letter
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.testing import Box
from nomade.mail.writing import delivery
from nomade.notifications.models import Notification

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

MakeBox = Callable[[], Box]


def arrived(box: Box, count: int = 1) -> list[str]:
    """The subjects of the inbox once `count` messages are there: delivery is not ours, so we look until it is done."""
    for _ in range(200):
        found = box.subjects()
        if len(found) >= count:
            return found
        threading.Event().wait(0.05)
    return box.subjects()


def only_letter(box: Box) -> OutgoingMessage:
    return OutgoingMessage.objects.get(agent=box.agent)


def test_a_letter_arrives_and_its_copy_is_in_sent(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    response = box.client.post("/messagerie/nouveau/", letter_form(f"Mehdi <{other.agent.login}>"))
    assert response.status_code == 303
    assert only_letter(box).state == OutgoingState.WAITING
    assert b"lundi" not in bytes(only_letter(box).sealed)
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]
    assert box.subjects(box.folder("sent")) == ["Réunion de lundi"]
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert (view.text or "").rstrip("\n") == "Bonjour,\n\nà lundi."
    assert view.sender == Address(box.agent.full_name, box.agent.login)
    assert view.message_id.endswith("@paris.fr>")
    letter = only_letter(box)
    assert letter.state == OutgoingState.SENT
    left = letter.written()
    assert (left.to, left.subject, left.text) == (f"Mehdi <{other.agent.login}>", "Réunion de lundi", "")
    assert "Partis ces derniers jours" in box.client.get("/messagerie/envois/").content.decode()
    assert AuditEvent.objects.filter(event="mail.sent", actor_id=box.agent.pk).count() == 1


def test_a_form_sent_twice_is_one_letter(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    form = letter_form(other.agent.login)
    for _ in range(3):
        assert box.client.post("/messagerie/nouveau/", form).status_code == 303
    run_jobs()
    assert box.client.post("/messagerie/nouveau/", form).status_code == 303
    run_jobs()
    assert OutgoingMessage.objects.filter(agent=box.agent).count() == 1
    assert arrived(other) == ["Réunion de lundi"]
    assert len(box.subjects(box.folder("sent"))) == 1


def test_the_copy_is_made_once_even_when_the_step_runs_again(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    letter = only_letter(box)
    box.run(lambda session: delivery._copy_once(session, letter))
    run_jobs()
    assert len(box.subjects(box.folder("sent"))) == 1


def test_files_travel_whole(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    content = bytes(range(256)) * 40
    files = [
        SimpleUploadedFile("été.pdf", content, "application/pdf"),
        SimpleUploadedFile("../a.txt", b"b", "text/plain"),
    ]
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login, pieces=files))
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert [part.name for part in view.attachments] == ["été.pdf", "a.txt"]
    assert only_letter(box).attachments.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"to": ""}, {"to": "personne"}, {"to": "a@b.fr\r\nBcc: x@y.fr, @"}, {"cc": "é@@"}],
)
def test_a_form_with_a_fault_keeps_everything_that_was_typed(box: Box, changes: dict[str, str]) -> None:
    form = letter_form("a@paris.fr", pieces=[SimpleUploadedFile("note.txt", b"note", "text/plain")], **changes)
    response = box.client.post("/messagerie/nouveau/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "à lundi." in page
    assert "note.txt" in page
    letter = only_letter(box)
    assert letter.state == OutgoingState.DRAFT
    assert letter.written().text == "Bonjour,\n\nà lundi."
    assert run_jobs() == 0
    assert "à lundi." in box.client.get(f"/messagerie/envois/{letter.pk}/").content.decode()


def test_a_corrected_form_sends_the_draft_with_its_files(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    form = letter_form("faux", pieces=[SimpleUploadedFile("note.txt", b"note", "text/plain")])
    box.client.post("/messagerie/nouveau/", form)
    kept = str(only_letter(box).attachments.get().pk)
    del form["pieces"]
    assert box.client.post("/messagerie/nouveau/", form | {"to": other.agent.login, "garder": kept}).status_code == 303
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert [part.name for part in view.attachments] == ["note.txt"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Bonjour\r\nBcc: espion@paris.fr"),
        ("to", "a@paris.fr\r\nBcc: espion@paris.fr"),
        ("subject", "a\x00b"),
    ],
)
def test_no_header_can_be_smuggled_through_the_form(box: Box, field: str, value: str) -> None:
    box.client.post("/messagerie/nouveau/", letter_form("absent-aussi@paris.fr", **{field: value}))
    letter = only_letter(box)
    if letter.state == OutgoingState.WAITING:
        from mailkit.mime.compose import compose

        block = compose(delivery.letter_of(letter)).partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nbcc:" not in block


def test_too_many_megabytes_are_refused_and_the_text_is_kept(box: Box, settings: SettingsWrapper) -> None:
    settings.NOMADE = replace(settings.NOMADE, mail_largest_megabytes=0)
    form = letter_form("a@paris.fr", pieces=[SimpleUploadedFile("gros.bin", b"x" * 200)])
    response = box.client.post("/messagerie/nouveau/", form)
    assert response.status_code == 422
    assert "Les pièces jointes dépassent" in response.content.decode()
    assert only_letter(box).written().text == "Bonjour,\n\nà lundi."


def test_a_refusal_is_shown_with_its_reason_and_the_letter_can_be_corrected(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form("personne-du-tout@paris.fr"))
    run_jobs()
    letter = only_letter(box)
    assert letter.state == OutgoingState.REFUSED
    page = box.client.get("/messagerie/envois/").content.decode()
    assert "Refusé" in page
    assert "personne-du-tout@paris.fr" in page
    assert Notification.objects.filter(agent=box.agent).count() == 1
    assert box.subjects(box.folder("sent")) == []
    form = box.client.post(f"/messagerie/envois/{letter.pk}/corriger/", follow=True)
    assert "à lundi." in form.content.decode()
    box.client.post(f"/messagerie/envois/{letter.pk}/", letter_form(other.agent.login, form_token=str(letter.token)))
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]


def test_with_the_server_down_a_letter_waits_and_leaves_once_when_it_is_back(
    box: Box, make_box: MakeBox, settings: SettingsWrapper
) -> None:
    other = make_box()
    working = settings.NOMADE
    settings.NOMADE = replace(working, smtp_url="smtp://127.0.0.1:9")
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    for _ in range(2):
        with pytest.raises(Unavailable):
            run_jobs()
    assert only_letter(box).state == OutgoingState.WAITING
    assert "En attente d’envoi" in box.client.get("/messagerie/envois/").content.decode()
    settings.NOMADE = working
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]
    assert only_letter(box).state == OutgoingState.SENT


def test_with_imap_down_the_letter_leaves_and_the_copy_follows(
    box: Box, make_box: MakeBox, settings: SettingsWrapper
) -> None:
    other = make_box()
    working = settings.NOMADE
    settings.NOMADE = replace(working, imap_url="imap://127.0.0.1:9")
    assert box.client.post("/messagerie/nouveau/", letter_form(other.agent.login)).status_code == 303
    with pytest.raises(Unavailable):
        run_jobs()
    assert only_letter(box).state == OutgoingState.ACCEPTED
    settings.NOMADE = working
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]
    assert box.subjects(box.folder("sent")) == ["Réunion de lundi"]


def test_a_connection_lost_after_the_message_makes_it_doubtful_and_nothing_leaves_by_itself(
    box: Box, settings: SettingsWrapper
) -> None:
    """F10: the server takes the whole message and dies before its answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:

            def say(words: bytes) -> None:
                stream.write(words + b"\r\n")
                stream.flush()

            say(b"220 test")
            while line := stream.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    say(b"250-test\r\n250 AUTH PLAIN")
                elif verb == b"AUTH":
                    say(b"235 ok")
                elif verb == b"DATA":
                    say(b"354 go")
                    while stream.readline() != b".\r\n":
                        pass
                    return
                else:
                    say(b"250 ok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.NOMADE = replace(settings.NOMADE, smtp_url=f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    box.client.post("/messagerie/nouveau/", letter_form("a@paris.fr"))
    run_jobs()
    thread.join(timeout=5)
    listener.close()
    letter = only_letter(box)
    assert letter.state == OutgoingState.UNCERTAIN
    page = box.client.get("/messagerie/envois/").content.decode()
    assert "À vérifier" in page
    assert run_jobs() == 0
    box.client.post(f"/messagerie/envois/{letter.pk}/parti/")
    run_jobs()
    assert box.subjects(box.folder("sent")) == ["Réunion de lundi"]


def test_a_letter_found_in_the_hands_of_a_dead_job_is_doubtful(box: Box) -> None:
    box.client.post("/messagerie/nouveau/", letter_form("a@paris.fr"))
    OutgoingMessage.objects.filter(agent=box.agent).update(state=OutgoingState.SENDING)
    run_jobs()
    assert only_letter(box).state == OutgoingState.UNCERTAIN


def test_an_answer_goes_to_the_right_people_with_the_thread_and_the_quotation(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    raw = raw_letter(
        box.agent.login,
        sender=other.agent.login,
        to=(Address("", box.agent.login), Address("Roy, Thomas", "thomas.roy@paris.fr")),
        references=("<a@x>",),
    )
    (key,) = box.receive(raw)
    simple = box.client.get(f"/messagerie/message/{key}/repondre/").content.decode()
    assert f"Mehdi Benali &lt;{other.agent.login}&gt;" in simple
    assert "thomas.roy" not in simple.split("<textarea")[0]
    everybody = box.client.get(f"/messagerie/message/{key}/repondre-a-tous/").content.decode()
    assert "thomas.roy@paris.fr" in everybody.split("<textarea")[0]
    assert box.agent.login not in everybody.split("<textarea")[0].split("<form")[-1]
    assert "&gt; Bonjour," in simple
    assert "Re: Plan de charge" in simple
    box.client.post(f"/messagerie/message/{key}/repondre/", letter_form(other.agent.login))
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    original = box.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert view.in_reply_to == original.message_id
    assert view.references == ("<a@x>", original.message_id)
    assert box.run(lambda session: session.page("INBOX").envelopes[0].answered)


def test_a_forwarded_message_takes_the_files_that_are_ticked(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    files = (Attachment("a.pdf", "application/pdf", b"%PDF a"), Attachment("b.pdf", "application/pdf", b"%PDF b"))
    (key,) = box.receive(raw_letter(box.agent.login, attachments=files))
    page = box.client.get(f"/messagerie/message/{key}/transferer/").content.decode()
    assert "a.pdf" in page
    assert "Tr: Plan de charge" in page
    box.client.post(f"/messagerie/message/{key}/transferer/", letter_form(other.agent.login, reprendre=["3"]))
    run_jobs()
    arrived(other)
    view = other.run(lambda session: session.message(session.page("INBOX").envelopes[0].ref))
    assert [part.name for part in view.attachments] == ["b.pdf"]


def test_an_answer_to_html_quotes_its_words(box: Box) -> None:
    (key,) = box.receive(raw_html("<p>Bonjour <b>à tous</b><script>alert(1)</script></p>"))
    page = box.client.get(f"/messagerie/message/{key}/repondre/").content.decode()
    assert "&gt; Bonjour à tous" in page
    assert "alert(1)" not in page


def test_a_stranger_sees_and_changes_nothing_of_anothers_letters(box: Box, make_box: MakeBox) -> None:
    stranger = make_box()
    box.client.post("/messagerie/nouveau/", letter_form("faux"))
    letter = only_letter(box)
    assert "Réunion" not in stranger.client.get("/messagerie/envois/").content.decode()
    assert stranger.client.get(f"/messagerie/envois/{letter.pk}/").status_code == 404
    for verb in ("supprimer", "parti", "renvoyer", "corriger"):
        assert stranger.client.post(f"/messagerie/envois/{letter.pk}/{verb}/").status_code == 404
    assert only_letter(box).state == OutgoingState.DRAFT
    stranger.client.post("/messagerie/nouveau/", letter_form("faux", form_token=str(letter.token), text="autre"))
    assert only_letter(box).written().text == "Bonjour,\n\nà lundi."


def test_a_draft_can_be_given_up_and_a_letter_on_its_way_cannot(box: Box) -> None:
    box.client.post("/messagerie/nouveau/", letter_form("faux"))
    letter = only_letter(box)
    box.client.post(f"/messagerie/envois/{letter.pk}/supprimer/")
    assert not OutgoingMessage.objects.filter(agent=box.agent).exists()
    box.client.post("/messagerie/nouveau/", letter_form("a@paris.fr"))
    letter = only_letter(box)
    assert box.client.post(f"/messagerie/envois/{letter.pk}/supprimer/").status_code == 422
    assert only_letter(box).state == OutgoingState.WAITING


def test_an_answer_whose_original_cannot_be_fetched_any_more_still_leaves(
    box: Box, make_box: MakeBox, settings: SettingsWrapper
) -> None:
    other = make_box()
    (key,) = box.receive(raw_letter(box.agent.login))
    working = settings.NOMADE
    settings.NOMADE = replace(working, imap_url="imap://127.0.0.1:9")
    response = box.client.post(f"/messagerie/message/{key}/repondre/", letter_form(other.agent.login))
    assert response.status_code == 303
    settings.NOMADE = working
    run_jobs()
    assert arrived(other) == ["Réunion de lundi"]


def test_a_form_without_its_key_is_refused(box: Box) -> None:
    assert box.client.post("/messagerie/nouveau/", letter_form("a@paris.fr", form_token="x")).status_code == 422
    assert not OutgoingMessage.objects.filter(agent=box.agent).exists()


def test_what_has_left_is_forgotten_after_a_week_and_drafts_after_three_months(box: Box) -> None:
    from datetime import timedelta

    from nomade.kernel.clock import now

    for state, age in (
        (OutgoingState.SENT, 8),
        (OutgoingState.SENT, 1),
        (OutgoingState.DRAFT, 100),
        (OutgoingState.REFUSED, 400),
    ):
        OutgoingMessage.objects.create(
            agent=box.agent, token=uuid.uuid4(), state=state, message_id="<a@b>", changed_at=now() - timedelta(days=age)
        )
    delivery.purge()
    left = OutgoingMessage.objects.filter(agent=box.agent).values_list("state", flat=True)
    assert sorted(left) == ["refused", "sent"]


def test_the_mailbox_of_the_sender_is_the_only_one_touched(box: Box, make_box: MakeBox) -> None:
    other = make_box()

    def total(session: Session) -> int:
        return sum(folder.total or 0 for folder in session.folders())

    before = other.run(total)
    box.client.post("/messagerie/nouveau/", letter_form(box.agent.login))
    run_jobs()
    arrived(box)
    assert other.run(total) == before
    gateway.close_connections()
