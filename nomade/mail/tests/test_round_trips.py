"""How often each page waits for the mail server: 5 ms away, each time is what a person feels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from mailkit.imap import acting
from mailkit.tests.exchange_level import exchange_level
from mailkit.tests.relay import Trips, relay
from nomade.mail.factories import raw_letter
from nomade.mail.reading import ahead, snapshot
from nomade.mail.testing import Box

ALTERNATIVES = (
    b"From: Zoe <zoe@x.fr>\r\nTo: lea@x.fr\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>\r\n--b--\r\n"
)
LIST = {"HX-Request": "true", "HX-Target": "mail"}
MESSAGE = {"HX-Request": "true", "HX-Target": "mail-message"}


@pytest.fixture(scope="session")
def trips() -> Trips:
    return Trips()


@pytest.fixture(scope="session", params=["dovecot", "exchange"])
def mail_server(request: pytest.FixtureRequest, dovecot: Any, trips: Trips) -> Iterator[Any]:
    """A rich server and a poor one, behind what counts."""
    with _level(request.param, dovecot.imap_port) as behind, relay(behind, trips.link) as made:
        yield replace(dovecot, imap_port=made.port)


@contextmanager
def _level(name: str, port: int) -> Iterator[int]:
    if name == "dovecot":
        yield port
        return
    with exchange_level(port) as poorer:
        yield poorer


def letter(subject: str, *, text: str = "Bonjour") -> bytes:
    return raw_letter("lea@paris.fr", subject=subject, text=text)


def read(box: Box, address: str, headers: dict[str, str] = LIST) -> str:
    """What a click shows, nothing being fetched any more for the next one."""
    answer = box.client.get(address, headers=headers)
    assert answer.status_code == 200
    ahead.settle()
    return str(answer.content.decode())


def click(box: Box, key: str, following: str = "") -> str:
    return read(box, f"/messagerie/message/{key}/", MESSAGE | {"X-Next-Message": following})


def test_a_list_waits_once_for_the_server_whatever_was_done_meanwhile(box: Box, trips: Trips) -> None:
    keys = box.receive(*(letter(f"Lettre {number}") for number in range(6)))
    read(box, "/messagerie/")
    with trips.none_but(1):
        assert "Lettre 5" in read(box, "/messagerie/")
    click(box, keys[2])
    with trips.none_but(1):
        assert read(box, "/messagerie/").count("mail-line--unread") == 5
    box.run(lambda session: acting.flag(session, [box_ref(session, keys[4])], add=("\\Flagged",)))
    with trips.none_but(1):
        assert read(box, "/messagerie/").count("mail-line--unread") == 5


def box_ref(session: Any, key: str) -> Any:
    page = session.page("INBOX")
    return next(each.ref for each in page.envelopes if str(each.ref.uid) == key.partition("-")[2])


def test_a_folder_that_is_opened_for_the_first_time_takes_one(box: Box, trips: Trips) -> None:
    archive = box.folder("archive")
    box.receive(letter("Rangée"), folder=archive)
    box.receive(letter("Reçue"))
    read(box, "/messagerie/")
    with trips.none_but(1):
        assert "Rangée" in read(box, f"/messagerie/?dossier={archive}")


def test_what_has_just_arrived_takes_one_more_on_a_server_that_tells_late(box: Box, trips: Trips) -> None:
    box.receive(letter("Première"))
    read(box, "/messagerie/")
    box.receive(letter("Deuxième"))
    trips.count = 0
    page = read(box, "/messagerie/")
    assert "Deuxième" in page and "Première" in page
    assert trips.count <= 3


def test_a_message_of_one_part_takes_one_and_one_of_several_parts_two(box: Box, trips: Trips) -> None:
    keys = box.receive(letter("Simple", text="Le texte même"), ALTERNATIVES % b"Double")
    read(box, "/messagerie/")
    with trips.none_but(2):
        assert "Double" in click(box, keys[0])
    with trips.none_but(1):
        assert "Le texte même" in click(box, keys[1])
    read(box, "/messagerie/")
    with trips.none_but(1):
        assert "Le texte même" in click(box, keys[1])


def test_the_messages_below_the_one_that_is_read_are_there_already(box: Box, trips: Trips) -> None:
    keys = box.receive(*(ALTERNATIVES % f"Suite {number}".encode() for number in range(7)))
    read(box, "/messagerie/")
    click(box, keys[0], keys[1])
    for at in (1, 2, 3, 4):
        with trips.none_but(1):
            page = click(box, keys[at])
        assert f"Suite {6 - at}" in page
        assert "data-unread" not in page


def test_a_search_takes_one_once_the_headers_are_known(box: Box, trips: Trips) -> None:
    box.receive(*(letter(f"Réunion numéro {number}") for number in range(5)), letter("Congés"))
    read(box, "/messagerie/?q=objet:conges")
    for typed, count in (("reunion", 5), ("objet:congés", 1), ("absent", 0)):
        with trips.none_but(1):
            assert read(box, f"/messagerie/?q={typed}").count('data-key="') == count
    with trips.none_but(1):
        assert read(box, "/messagerie/?q=reunion").count('data-key="') == 5


def test_the_card_of_the_home_page_takes_one(box: Box, trips: Trips) -> None:
    box.receive(letter("Pour l’accueil"))
    for expected in (None, 1):
        snapshot.forget(box.agent)
        trips.count = 0
        found = snapshot.of(box.agent, patience=20)
        assert found is not None and [each.subject for each in found.latest] == ["Pour l’accueil"]
        assert expected is None or trips.count == expected


def test_a_conversation_leaves_open_the_folder_that_one_reads_in(box: Box, trips: Trips) -> None:
    question = raw_letter("lea@paris.fr", subject="Question", message_id="<question@paris.fr>")
    answer = raw_letter(
        "mehdi.benali@paris.fr",
        subject="Réponse",
        in_reply_to="<question@paris.fr>",
        references=("<question@paris.fr>",),
    )
    box.receive(answer, folder=box.folder("sent"))
    keys = box.receive(letter("Autre"), question)
    read(box, "/messagerie/")
    click(box, keys[0])
    trips.count = 0
    thread = read(box, f"/messagerie/message/{keys[0]}/conversation/", {"HX-Request": "true"})
    assert "Réponse" in thread
    assert trips.count <= 6
    with trips.none_but(1):
        click(box, keys[1])
