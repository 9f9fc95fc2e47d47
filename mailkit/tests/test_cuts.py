"""The connection falls while a message is being added or moved: none is lost, and one too many at most (F8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from mailkit.errors import MailError
from mailkit.imap import Pool, Session, acting
from mailkit.imap.types import MessageRef
from mailkit.tests.relay import SIZE, Faults, Link, When, relay
from mailkit.tests.test_servers import PLAIN, account_of, new_login

if TYPE_CHECKING:
    from nomade.runtime.mailserver import MailSettings

#: As large as needs several packets, so that half of it is a real half.
LETTER = PLAIN % (b"Coupure", b"coupure") + b"une ligne\r\n" * 4000
NAME = "<coupure@x>"


@dataclass
class Cutting:
    """A mailbox seen by two ways: through the relay, where the connection is cut, and without it."""

    faults: Faults
    through: Callable[[Callable[[Session], Any]], Any]
    aside: Callable[[Callable[[Session], Any]], Any]

    def count(self, folder: str) -> int:
        """How many times the letter lies in a folder."""
        return len(self.aside(lambda session: session.find_message_id(folder, NAME)))

    def marked(self) -> list[int]:
        """The messages of the inbox that are marked as deleted."""
        return self.aside(lambda session: [session.select("INBOX"), session.search(["DELETED"])][1])  # type: ignore[no-any-return]


@pytest.fixture
def cutting(mail_server: MailSettings) -> Iterator[Cutting]:
    faults, login = Faults(), new_login()
    pools = Pool(), Pool()
    with relay(mail_server.imap_port, faults.link) as made:
        near = account_of(mail_server, login)
        far = account_of(replace(mail_server, imap_port=made.port), login)
        pools[1].run(near, lambda session: session.folders())
        yield Cutting(
            faults,
            lambda work: pools[0].run(far, work, again=False),
            lambda work: pools[1].run(near, work),
        )
        for pool in pools:
            pool.close()


def add_once(session: Session) -> None:
    """As a job does: the letter is looked for before it is added."""
    if not session.find_message_id("INBOX", NAME):
        session.append("INBOX", LETTER)


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("during", 0), ("after", 1)])
def test_a_cut_while_a_letter_is_added_loses_nothing_and_the_next_try_adds_it_once(
    cutting: Cutting, when: When, there: int
) -> None:
    cutting.faults.cut_at(b" APPEND ", when)
    with pytest.raises(MailError) as caught:
        cutting.through(add_once)
    assert caught.value.broken
    assert cutting.faults.done == 1
    assert cutting.count("INBOX") == there
    cutting.through(add_once)
    assert cutting.count("INBOX") == 1


def moving(session: Session, *, by_copy: bool) -> None:
    """Moves every letter of the inbox to the archive."""
    if by_copy:
        session.wire.capabilities = session.wire.capabilities - {"MOVE"}
    archive = session.folder_of("archive").name
    state = session.select("INBOX")
    refs = [MessageRef("INBOX", state.uidvalidity, uid) for uid in session.search(["ALL"])]
    if refs:
        acting.move(session, refs, archive)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_while_a_letter_moves_leaves_it_in_one_folder(cutting: Cutting, when: When) -> None:
    cutting.aside(lambda session: session.append("INBOX", LETTER))
    cutting.faults.cut_at(b" UID MOVE ", when)
    with pytest.raises(MailError):
        cutting.through(lambda session: moving(session, by_copy=False))
    assert cutting.faults.done == 1
    archive = cutting.aside(lambda session: session.folder_of("archive").name)
    assert (cutting.count("INBOX"), cutting.count(archive)) == ((1, 0) if when == "before" else (0, 1))
    cutting.through(lambda session: moving(session, by_copy=False))
    assert (cutting.count("INBOX"), cutting.count(archive)) == (0, 1)


@pytest.mark.parametrize("mail_server", ["dovecot"], indirect=True)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", [b" UID COPY ", b" UID STORE ", b" UID EXPUNGE "])
def test_on_a_server_without_move_a_cut_leaves_one_too_many_at_most_and_marked(
    cutting: Cutting, command: bytes, when: When
) -> None:
    cutting.aside(lambda session: session.append("INBOX", LETTER))
    archive = cutting.aside(lambda session: session.folder_of("archive").name)
    cutting.faults.cut_at(command, when)
    with pytest.raises(MailError) as caught:
        cutting.through(lambda session: moving(session, by_copy=True))
    assert caught.value.broken, "who asked is told that it was cut"
    assert cutting.faults.done == 1
    here, there = cutting.count("INBOX"), cutting.count(archive)
    assert here + there in (1, 2)
    copied = command != b" UID COPY " or when == "after"
    erased = command == b" UID EXPUNGE " and when == "after"
    assert (here, there) == (0 if erased else 1, 1 if copied else 0)
    # From the moment it is marked as deleted, every mail program shows which of the two is the one too many.
    marked = command == b" UID EXPUNGE " or (command == b" UID STORE " and when == "after")
    assert bool(cutting.marked()) == (marked and not erased)


class _Liar(Link):
    """A server that says it copied and does not tell what."""

    def down(self) -> None:
        while data := self.server.recv(SIZE):
            self.client.sendall(re.sub(rb"\[COPYUID [^\]]*\] ", b"", data))


@pytest.mark.parametrize("mail_server", ["dovecot"], indirect=True)
def test_what_a_server_does_not_tell_it_copied_stays_where_it_is(mail_server: MailSettings) -> None:
    pool = Pool()
    with relay(mail_server.imap_port, _Liar) as made:
        account = account_of(replace(mail_server, imap_port=made.port), new_login())
        pool.run(account, lambda session: session.append("INBOX", LETTER))
        with pytest.raises(MailError) as caught:
            pool.run(account, lambda session: moving(session, by_copy=True))
        assert caught.value.key == "refused"
        assert pool.run(account, lambda session: session.find_message_id("INBOX", NAME))
        pool.close()
