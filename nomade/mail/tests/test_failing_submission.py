"""A submission server that cuts the connection at each step."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from io import BufferedRWPair
from typing import TYPE_CHECKING

import pytest

from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import run_jobs
from nomade.mail.factories import letter_form
from nomade.mail.models import OutgoingState
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
