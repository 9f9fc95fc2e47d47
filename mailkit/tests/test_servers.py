"""The same contract on real servers: Dovecot, which offers everything, and pymap, which offers little."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import pytest

from mailkit import smtp
from mailkit.endpoints import Account, Credentials, Endpoint
from mailkit.errors import MailError
from mailkit.imap import MessageRef, Pool, Session
from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment, Letter, compose, new_message_id

T = TypeVar("T")
Box = Callable[[Callable[[Session], T]], T]
PLAIN = b"From: a@b.fr\r\nTo: c@d.fr\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\n\r\nBonjour\r\n"


def new_login() -> str:
    return f"essai-{secrets.token_hex(6)}@paris.fr"


def account_of(server: object, login: str, *, url: str = "imap_url", secret: str | None = None) -> Account:
    password = secret if secret is not None else server.master_password  # type: ignore[attr-defined]
    credentials = Credentials("master", login, password, server.master_user)  # type: ignore[attr-defined]
    return Account(Endpoint.parse(getattr(server, url)), credentials)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def box(pool: Pool, mail_server: object) -> Callable[[Callable[[Session], T]], T]:
    account = account_of(mail_server, new_login())
    return lambda work: pool.run(account, work)


def fill(session: Session, count: int, folder: str = "INBOX") -> None:
    for number in range(1, count + 1):
        session.append(folder, PLAIN % (b"Message %d" % number, b"m%d" % number), flags=())


def test_folders_come_with_roles_and_counts(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session, 3)
        session.append("INBOX", PLAIN % (b"lu", b"lu"))
        found = {folder.role: folder for folder in session.folders()}
        assert {"inbox", "sent", "drafts", "trash", "junk", "archive"} <= set(found)
        assert (found["inbox"].total, found["inbox"].unread) == (4, 3)
        assert session.folders()[0].role == "inbox"
        assert session.state("INBOX").unread == 3

    box(work)


def test_a_page_is_newest_first_and_a_number_past_the_end_is_the_last_page(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session, 7)
        first = session.page("INBOX", number=1, size=3)
        assert [envelope.subject for envelope in first.envelopes] == ["Message 7", "Message 6", "Message 5"]
        assert (first.total, first.pages) == (7, 3)
        last = session.page("INBOX", number=99, size=3)
        assert [envelope.subject for envelope in last.envelopes] == ["Message 1"]
        assert last.number == 3
        empty = session.page(session.folder_of("archive").name)
        assert (empty.envelopes, empty.total, empty.pages) == ((), 0, 1)

    box(work)


def test_a_message_is_read_with_its_parts_and_stays_unread(box: Box) -> None:  # type: ignore[type-arg]
    letter = Letter(
        new_message_id("paris.fr"),
        Address("Élodie Œuf", "elodie@paris.fr"),
        (Address("Roy, Thomas", "t@paris.fr"),),
        "Réunion d’équipe « été »",
        "Bonjour,\n\nà lundi — merci.",
        datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        cc=(Address("", "x@y.fr"),),
        in_reply_to="<avant@x>",
        references=("<a@x>", "<avant@x>"),
        attachments=(Attachment("été 2026.pdf", "application/pdf", bytes(range(256)) * 8),),
    )

    def work(session: Session) -> None:
        session.append("INBOX", compose(letter), flags=())
        envelope = session.page("INBOX").envelopes[0]
        assert (envelope.subject, envelope.seen, envelope.has_attachments) == (letter.subject, False, True)
        assert envelope.sender == letter.sender
        view = session.message(envelope.ref)
        assert (view.message_id, view.in_reply_to, view.references) == (
            letter.message_id, "<avant@x>", letter.references,
        )  # fmt: skip
        assert view.to == letter.to
        assert view.cc == letter.cc
        assert view.sent_at == letter.sent_at
        assert (view.text or "").rstrip("\n") == letter.text
        part = view.attachments[0]
        assert (part.name, part.content_type) == ("été 2026.pdf", "application/pdf")
        from mailkit.mime import bodies

        encoded = session.encoded_chunk(view.ref, part.section, 0)
        assert bodies.undo_encoding(encoded, part.encoding) == letter.attachments[0].content
        assert session.encoded_chunk(view.ref, part.section, 1) == b""
        assert session.find_part(view.ref, part.section) == part
        assert not session.page("INBOX").envelopes[0].seen
        assert session.source(view.ref, limit=5) == b"From:"

    box(work)


def test_flags_are_set_and_removed(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session, 2)
        refs = [envelope.ref for envelope in session.page("INBOX").envelopes]
        session.flag(refs[:1], add=("\\Seen", "\\Flagged"))
        found = session.page("INBOX").envelopes
        assert [(envelope.seen, envelope.flagged) for envelope in found] == [(True, True), (False, False)]
        session.flag(refs[:1], remove=("\\Flagged",))
        assert not session.page("INBOX").envelopes[0].flagged

    box(work)


def test_delete_goes_to_the_trash_then_for_good_and_touches_nothing_else(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session, 3)
        refs = [envelope.ref for envelope in session.page("INBOX").envelopes]
        session.flag([refs[2]], add=("\\Deleted",))
        assert session.delete([refs[1]]) is False
        assert [envelope.subject for envelope in session.page("INBOX").envelopes] == ["Message 3", "Message 1"]
        trash = session.folder_of("trash").name
        inside = session.page(trash).envelopes
        assert [envelope.subject for envelope in inside] == ["Message 2"]
        assert session.delete([inside[0].ref]) is True
        assert session.page(trash).total == 0

    box(work)


def test_without_move_nor_uidplus_delete_still_works(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        session.wire.capabilities -= {"MOVE", "UIDPLUS", "LIST-STATUS", "SPECIAL-USE", "NAMESPACE"}
        fill(session, 2)
        refs = [envelope.ref for envelope in session.page("INBOX").envelopes]
        session.delete([refs[0]])
        assert [envelope.subject for envelope in session.page("INBOX").envelopes] == ["Message 1"]
        assert session.page(session.folder_of("trash").name).total == 1
        inbox = next(folder for folder in session.folders() if folder.role == "inbox")
        assert (inbox.total, inbox.unread) == (1, 1)

    box(work)


def test_the_copy_in_sent_is_found_again_by_its_message_id(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        sent = session.folder_of("sent").name
        assert session.find_message_id(sent, "<m1@x>") == []
        fill(session, 2, sent)
        found = session.find_message_id(sent, "<m1@x>")
        assert len(found) == 1
        with pytest.raises(MailError):
            session.find_message_id(sent, "<m1@x>\r\nA1 DELETE INBOX")

    box(work)


def test_a_folder_with_a_difficult_name_is_read_like_any_other(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        from mailkit.imap import arguments

        name = "Équipe & « projets »"
        session.wire.command("CREATE", arguments.folder(name), answers="CREATE")
        fill(session, 1, name)
        assert session.page(name).total == 1
        assert name in {folder.name for folder in session.folders()}

    box(work)


@pytest.mark.parametrize("folder", ["Absent", "INBOX\r\nA1 LOGOUT"])
def test_an_absent_or_impossible_folder_is_an_error_and_the_connection_survives(box: Box, folder: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(MailError) as caught:
        box(lambda session: session.page(folder))
    assert caught.value.key in ("no_such_folder", "bad_argument")
    assert not caught.value.broken
    assert box(lambda session: session.page("INBOX").total) == 0


def test_an_absent_message_or_one_of_another_time_is_no_message(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> MessageRef:
        fill(session, 1)
        return session.page("INBOX").envelopes[0].ref

    ref = box(work)
    for uidvalidity, uid in ((ref.uidvalidity, ref.uid + 1000), (ref.uidvalidity + 1, ref.uid)):
        wrong = MessageRef("INBOX", uidvalidity, uid)
        with pytest.raises(MailError) as caught:
            box(partial(Session.message, ref=wrong))
        assert caught.value.key == "no_such_message"


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n",
        b"Subject: \xff\xfe\xe9\r\nFrom: <<>>,,\"\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=absent\r\n\r\nrien",
        b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ntexte\r\n",
        b"Content-Type: text/html; charset=idna\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n",
        b"Content-Type: text/plain; charset=\"utf-8\r\n\r\nbonjour\r\n",
        b"Content-Type: a/b/c; name=\r\nContent-Disposition: ;;=\r\n\r\nx\r\n",
        b"Date: Le 32 juin\r\nMessage-ID: pas un identifiant\r\nSubject:" + b" x" * 30 + b"\r\n\r\nx\r\n",
        b"From: " + b"a@b.fr, " * 100 + b"\r\n\r\nx\r\n",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nSubject: dedans\r\n\r\nx\r\n",
    ],
    ids=["empty", "bytes", "boundary", "parts", "charset", "quotes", "type", "date", "crowd", "nested"],
)  # fmt: skip
def test_a_malformed_message_is_listed_and_read(box: Box, raw: bytes) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        session.append("INBOX", raw, flags=())
        envelope = session.page("INBOX").envelopes[0]
        view = session.message(envelope.ref)
        assert view.ref == envelope.ref
        assert isinstance(view.subject, str)

    box(work)


def test_a_kept_connection_that_the_server_closed_is_replaced_unseen(pool: Pool, mail_server: object) -> None:
    account = account_of(mail_server, new_login())
    pool.run(account, lambda session: fill(session, 1))
    pool.run(account, lambda session: session.wire._imap.sock.shutdown(socket.SHUT_RDWR))
    assert pool.run(account, lambda session: session.page("INBOX").total) == 1
    assert len(pool) == 1


def test_work_that_must_not_happen_twice_is_not_done_again(pool: Pool, mail_server: object) -> None:
    account = account_of(mail_server, new_login())
    pool.run(account, lambda session: session.folders())
    tries = 0

    def work(session: Session) -> None:
        nonlocal tries
        tries += 1
        raise MailError("unreachable", broken=True)

    with pytest.raises(MailError):
        pool.run(account, work, again=False)
    assert tries == 1


def test_one_connection_serves_many_threads_and_idle_ones_are_closed(mail_server: object) -> None:
    pool = Pool(size=2, idle_seconds=0.2)
    accounts = [account_of(mail_server, new_login()) for _ in range(3)]
    faults: list[Exception] = []

    def visit(account: Account) -> None:
        try:
            for _ in range(5):
                assert pool.run(account, lambda session: session.page("INBOX").total) == 0
        except Exception as error:  # noqa: BLE001  told to the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=visit, args=(account,)) for account in accounts[:2] for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []
    assert pool.run(accounts[2], lambda session: session.state("INBOX").unread) == 0
    assert len(pool) <= 2
    deadline = time.monotonic() + 10
    while len(pool) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert len(pool) == 0
    pool.close()


def test_a_wrong_secret_is_refused_and_says_so(pool: Pool, mail_server: object) -> None:
    with pytest.raises(MailError) as caught:
        pool.run(account_of(mail_server, new_login(), secret="faux"), lambda session: session.folders())
    assert (caught.value.key, caught.value.retry) == ("login_refused", False)


def test_a_server_that_is_not_there_is_known_at_once(pool: Pool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    account = Account(Endpoint.parse(f"imap://127.0.0.1:{port}"), Credentials("password", "a@b.fr", "x"))
    started = time.monotonic()
    with pytest.raises(MailError) as caught:
        pool.run(account, lambda session: session.folders())
    assert (caught.value.key, caught.value.retry) == ("unreachable", True)
    assert time.monotonic() - started < 1


# --- Submission ----------------------------------------------------------------------------------------------------


def send(server: object, sender: str, recipient: str, message_id: str = "") -> smtp.Receipt:
    letter = Letter(
        message_id or new_message_id("paris.fr"),
        Address("Camille", sender),
        (Address("", recipient),),
        "Réunion",
        "Bonjour,\n.\n..\nfin",
        datetime.now(UTC),
    )
    account = account_of(server, sender, url="smtp_url")
    return smtp.submit(account, sender=sender, recipients=[recipient], message=compose(letter))


def test_a_message_is_handed_over_and_arrives_whole(pool: Pool, mail_server: object) -> None:
    sender, recipient = new_login(), new_login()
    for login in (sender, recipient):
        pool.run(account_of(mail_server, login), lambda session: session.folders())
    assert send(mail_server, sender, recipient).accepted == (recipient,)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        page = pool.run(account_of(mail_server, recipient), lambda session: session.page("INBOX"))
        if page.total:
            break
        threading.Event().wait(0.05)
    view = pool.run(account_of(mail_server, recipient), lambda session: session.message(page.envelopes[0].ref))
    assert (view.text or "").rstrip("\n") == "Bonjour,\n.\n..\nfin"


def test_an_unknown_recipient_is_refused_for_good_with_the_reason(pool: Pool, mail_server: object) -> None:
    sender = new_login()
    pool.run(account_of(mail_server, sender), lambda session: session.folders())
    with pytest.raises(MailError) as caught:
        send(mail_server, sender, "personne-du-tout@paris.fr")
    assert (caught.value.key, caught.value.retry) == ("recipients_refused", False)
    assert "personne-du-tout" in caught.value.detail


@pytest.mark.parametrize("recipient", ["a@b.fr>\r\nDATA", "a@b.fr\nRSET", "", "a b@c.fr"])
def test_a_recipient_cannot_carry_a_command(mail_server: object, recipient: str) -> None:
    account = account_of(mail_server, new_login(), url="smtp_url")
    with pytest.raises(MailError) as caught:
        smtp.submit(account, sender="a@b.fr", recipients=[recipient], message=b"x")
    assert caught.value.key == "bad_argument"
