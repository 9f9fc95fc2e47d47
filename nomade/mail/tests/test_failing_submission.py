"""A submission server that cuts the connection at each step."""

from __future__ import annotations

import re
import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BufferedRWPair
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mailkit.errors import MailError
from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import run_jobs
from nomade.mail.factories import letter_form, raw_letter
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.testing import Box
from nomade.mail.tests.test_writing import arrived, only_letter

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

MakeBox = Callable[[], Box]

#: What the server says before it cuts, and what becomes of the letter.
STEPS = {
    "connection": OutgoingState.WAITING,
    "EHLO": OutgoingState.WAITING,
    "AUTH": OutgoingState.WAITING,
    "MAIL": OutgoingState.WAITING,
    "RCPT": OutgoingState.WAITING,
    "DATA": OutgoingState.WAITING,
    "content": OutgoingState.UNCERTAIN,
    "refused 550": OutgoingState.REFUSED,
    "refused 451": OutgoingState.WAITING,
}


ANSWERS = {"EHLO": b"250-test\r\n250 AUTH PLAIN", "AUTH": b"235 ok", "DATA": b"354 go"}


def cut_at(step: str, stream: BufferedRWPair) -> None:
    """Speaks SMTP until one step, then leaves."""

    def say(words: bytes) -> None:
        stream.write(words + b"\r\n")
        stream.flush()

    say(b"220 test")
    while line := stream.readline():
        verb = line[:4].upper().decode()
        if verb == step:
            return
        say(ANSWERS.get(verb, b"250 ok"))
        if verb == "DATA":
            while stream.readline() != b".\r\n":
                pass
            if step == "content":
                return
            say(b"550 no" if step == "refused 550" else b"451 later")


def cutting_server(step: str) -> socket.socket:
    """A submission server that cuts every connection at one step."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
                with connection, connection.makefile("rwb") as stream:
                    if step != "connection":
                        cut_at(step, stream)
            except OSError:
                if listener.fileno() < 0:
                    return

    threading.Thread(target=serve, daemon=True).start()
    return listener


def no_room(*_: object, **__: object) -> None:
    raise MailError("over_quota", "[OVERQUOTA] Quota exceeded")


def leaves_a_full_mailbox() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mailkit.imap.Session.append", no_room)
        with pytest.raises(Unavailable):
            run_jobs()


def test_a_letter_that_left_a_full_mailbox_is_told_as_sent_and_its_copy_waits_for_room(
    box: Box, make_box: MakeBox
) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    leaves_a_full_mailbox()
    letter = only_letter(box)
    assert (letter.state, letter.written().text) == (OutgoingState.ACCEPTED, "Bonjour,\n\nà lundi.")
    page = unescape(box.client.get("/messagerie/envois/").content.decode())
    assert "Le message est parti. Votre boîte est pleine" in page
    assert "Ranger la copie maintenant" in page
    assert "Corriger et renvoyer" not in page
    assert other.client.post(f"/messagerie/envois/{letter.pk}/parti/").status_code == 404
    assert box.client.post(f"/messagerie/envois/{letter.pk}/parti/").status_code == 303
    run_jobs()
    letter = only_letter(box)
    assert (letter.state, letter.problem) == (OutgoingState.SENT, "")
    assert arrived(other) == ["Réunion de lundi"]
    assert len(box.run(lambda session: session.page(session.folder_of("sent").name).envelopes)) == 1


def test_a_copy_that_finds_no_room_may_be_given_up_but_a_letter_that_leaves_may_not(
    box: Box, make_box: MakeBox
) -> None:
    box.client.post("/messagerie/nouveau/", letter_form(make_box().agent.login))
    leaves_a_full_mailbox()
    letter = only_letter(box)
    assert box.client.post(f"/messagerie/envois/{letter.pk}/supprimer/").status_code == 303
    assert run_jobs(later=timedelta(hours=2)) >= 0
    assert not OutgoingMessage.objects.filter(pk=letter.pk).exists()


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["refused"], "Un message n’est pas parti"),
        (["refused", "refused"], "2 messages ne sont pas partis"),
        (["uncertain"], "Un message est peut-être parti"),
        (["refused", "uncertain"], "2 messages ne sont pas partis, ou pas sûrement"),
    ],
)
def test_the_home_page_tells_a_refused_letter_from_a_doubtful_one(box: Box, states: list[str], said: str) -> None:
    for state in states:
        OutgoingMessage.objects.create(
            agent=box.agent, token=uuid.uuid4(), state=state, message_id=f"<{state}@paris.fr>"
        )
    page = unescape(box.client.get("/").content.decode())
    assert re.search(rf"{said}\s*<", page)


def test_a_message_that_finds_no_room_is_refused_with_what_to_do(box: Box) -> None:
    upload = SimpleUploadedFile("a.eml", raw_letter(box.agent.login), "message/rfc822")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mailkit.imap.Session.append", no_room)
        answer = box.client.post("/messagerie/dossiers/importer/?dossier=INBOX", {"messages": upload})
    assert answer.status_code == 422
    assert "Votre boîte est pleine" in unescape(answer.content.decode())


@pytest.mark.parametrize("step", STEPS)
def test_wherever_the_server_cuts_the_letter_is_neither_lost_nor_sent_twice(
    box: Box, make_box: MakeBox, settings: SettingsWrapper, step: str
) -> None:
    other = make_box()
    working = settings.NOMADE
    listener = cutting_server(step)
    settings.NOMADE = replace(working, smtp_url=f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    if STEPS[step] == OutgoingState.WAITING:
        with pytest.raises(Unavailable):
            run_jobs()
    else:
        run_jobs()
    listener.close()
    letter = only_letter(box)
    assert letter.state == STEPS[step]
    assert letter.written().text == "Bonjour,\n\nà lundi."
    settings.NOMADE = working
    run_jobs()
    if STEPS[step] == OutgoingState.WAITING:
        assert arrived(other) == ["Réunion de lundi"]
        assert only_letter(box).state == OutgoingState.SENT
    else:
        assert only_letter(box).state == STEPS[step]
