"""Lists, searches, conversations, bulk actions: one contract on a rich and on a poor server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit.errors import MailError
from mailkit.imap import Criteria, Listing, Pool, Session, acting, criteria
from mailkit.imap.listing import conversation, every, overview
from mailkit.tests.test_servers import account_of, new_login

T = TypeVar("T")
Box = Callable[[Callable[[Session], T]], T]


def letter(subject: str, number: int, *, parent: int = 0, body: str = "") -> bytes:
    answers = f"In-Reply-To: <m{parent}@x>\r\nReferences: <m{parent}@x>\r\n" if parent else ""
    return (
        f"From: Zoé Martin <zoe@x.fr>\r\nTo: Léa Petit <lea@x.fr>\r\nSubject: {subject}\r\n{answers}"
        f"Message-ID: <m{number}@x>\r\nDate: {number:02} Nov 2026 08:00:00 +0000\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body or subject}\r\n"
    ).encode()


@pytest.fixture
def box(mail_server: object) -> Iterator[Callable[[Callable[[Session], T]], T]]:
    pool = Pool()
    account = account_of(mail_server, new_login())
    yield lambda work: pool.run(account, work)
    pool.close()


def subjects(session: Session, asked: Listing) -> list[str]:
    return [each.subject for each in overview(session, asked).page.envelopes]


def fill(session: Session) -> None:
    for number, subject in enumerate(("Réunion budget", "Congés d’été", "reunion travaux", "Paie"), start=1):
        session.append("INBOX", letter(subject, number), flags=("\\Seen",) if number == 4 else ())


def test_a_list_that_did_not_change_is_given_back_and_one_that_did_is_new(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        asked = Listing("INBOX")
        first = overview(session, asked)
        assert first.page.envelopes[0].subject == "Paie"
        again = overview(session, asked)
        assert again.page == first.page
        session.flag([first.page.envelopes[1].ref], add=("\\Flagged",))
        assert overview(session, asked).page.envelopes[1].flagged
        session.append("INBOX", letter("Nouveau", 9), flags=())
        assert subjects(session, asked)[0] == "Nouveau"
        acting.erase(session, [first.page.envelopes[0].ref])
        assert "Paie" not in subjects(session, asked)
        assert overview(session, asked).page.total == 4

    box(work)


def test_what_another_program_changes_shows_at_the_next_look(mail_server: object) -> None:
    one, other = Pool(), Pool()
    account = account_of(mail_server, new_login())
    try:
        one.run(account, fill)
        page = one.run(account, lambda session: overview(session, Listing("INBOX")).page)
        other.run(account, lambda session: session.flag([page.envelopes[0].ref], add=("\\Flagged",)))
        other.run(account, lambda session: session.append("INBOX", letter("D’ailleurs", 8), flags=()))
        seen = one.run(account, lambda session: overview(session, Listing("INBOX")))
        assert [each.subject for each in seen.page.envelopes][:2] == ["D’ailleurs", "Paie"]
        assert seen.page.envelopes[1].flagged
        assert next(each for each in seen.folders if each.role == "inbox").unread == 4
    finally:
        one.close()
        other.close()


@pytest.mark.parametrize(
    ("order", "ascending", "first"),
    [
        ("date", False, "Paie"),
        ("date", True, "Réunion budget"),
        ("arrival", True, "Réunion budget"),
        ("size", False, "Réunion budget"),
    ],
)
def test_a_list_is_sorted_whatever_the_server_can(box: Box, order: str, ascending: bool, first: str) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        if order == "size":
            session.append("INBOX", letter("Réunion budget", 7, body="long " * 500), flags=())
        assert subjects(session, Listing("INBOX", order=order, ascending=ascending))[0] == first  # type: ignore[arg-type]

    box(work)


def test_words_are_found_without_their_accents_and_with_them(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        for word in ("reunion", "RÉUNION", "réunion"):
            found = subjects(session, Listing("INBOX", criteria=Criteria(subject=(word,))))
            assert found == ["reunion travaux", "Réunion budget"], word
        assert subjects(session, Listing("INBOX", criteria=Criteria(words=("zoe", "ete")))) == ["Congés d’été"]
        assert subjects(session, Listing("INBOX", criteria=Criteria(recipients=("léa",)))) != []
        assert subjects(session, Listing("INBOX", criteria=Criteria(unread=True, subject=("paie",)))) == []
        assert subjects(session, Listing("INBOX", criteria=Criteria(body=("reunion",)))) == [
            "reunion travaux",
            "Réunion budget",
        ]

    box(work)


def test_a_page_begins_after_the_last_line_of_the_one_before(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        for number in range(1, 8):
            session.append("INBOX", letter(f"n{number}", number), flags=())
        for asked in (Listing("INBOX", size=3), Listing("INBOX", size=3, order="date")):
            first = overview(session, asked).page
            session.append("INBOX", letter("arrivé entre-temps", 9), flags=())
            anchor = first.envelopes[-1].ref.uid
            second = overview(session, replace(asked, number=2, anchor=anchor)).page
            previous = [each.subject for each in first.envelopes]
            assert previous[-1] not in [each.subject for each in second.envelopes]
            assert second.envelopes[0].ref.uid < anchor
            last = overview(session, replace(asked, number=99)).page
            assert last.envelopes
            acting.erase(session, every(session, Listing("INBOX", criteria=Criteria(subject=("arrivé",)))))

    box(work)


def test_conversations_hold_ones_own_answers_and_count_their_messages(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        session.append("INBOX", letter("Re: Réunion budget", 5, parent=1), flags=())
        sent = session.folder_of("sent").name
        session.append(sent, letter("Re: Réunion budget", 6, parent=5), flags=("\\Seen",))
        page = overview(session, Listing("INBOX", threaded=True)).page
        assert page.total == 4
        assert page.threads[0] == 2
        ref = page.envelopes[0].ref
        view = session.message(ref)
        found = conversation(session, ref, view.message_id, view.references)
        assert [each.message_id for each in found] == ["<m1@x>", "<m5@x>", "<m6@x>"]

    box(work)


def test_messages_move_and_come_back(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        refs = every(session, Listing("INBOX", criteria=Criteria(subject=("réunion",))))
        trash = session.folder_of("trash").name
        moved = acting.move(session, refs, trash)
        assert (moved.count, len(moved.arrived)) == (2, 2)
        assert len(subjects(session, Listing("INBOX"))) == 2
        acting.move(session, list(moved.arrived), "INBOX")
        assert len(subjects(session, Listing("INBOX"))) == 4

    box(work)


def test_a_flag_tells_what_it_changed(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        fill(session)
        refs = every(session, Listing("INBOX"))
        assert len(acting.flag(session, refs, add=("\\Seen",))) == 3
        assert acting.flag(session, refs, add=("\\Seen",)) == []

    box(work)


def test_folders_are_made_renamed_hidden_and_deleted(box: Box) -> None:  # type: ignore[type-arg]
    def work(session: Session) -> None:
        acting.create(session, "Projets été")
        acting.rename(session, "Projets été", "Projets 2026")
        names = {folder.name: folder for folder in session.folders()}
        assert "Projets été" not in names
        assert names["Projets 2026"].subscribed
        acting.subscribe(session, "Projets 2026", wanted=False)
        assert not next(each for each in session.folders() if each.name == "Projets 2026").subscribed
        session.select("Projets 2026")
        acting.drop(session, "Projets 2026")
        assert "Projets 2026" not in {folder.name for folder in session.folders()}
        for name in ("a\r\nb", "", "x" * 2000):
            with pytest.raises(MailError, match="bad_argument"):
                acting.create(session, name)

    box(work)


def test_a_folder_too_large_to_index_is_searched_by_the_server(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[type-arg]
    monkeypatch.setattr("mailkit.imap.index.LARGEST", 2)
    monkeypatch.setattr("mailkit.imap.words.LARGEST", 2)

    def work(session: Session) -> None:
        fill(session)
        assert subjects(session, Listing("INBOX", criteria=Criteria(subject=("reunion",)))) == [
            "reunion travaux",
            "Réunion budget",
        ]
        if session.wire.has("SORT"):
            assert subjects(session, Listing("INBOX", order="date"))[0] == "Paie"
        else:
            with pytest.raises(MailError, match="too_large"):
                overview(session, Listing("INBOX", order="date"))

    box(work)


@given(st.text(max_size=60))
def test_no_word_becomes_a_command(word: str) -> None:
    asked = Criteria(words=(word,), sender=(word,), body=(word,))
    if any(each in word for each in "\r\n\0"):
        with pytest.raises(MailError, match="bad_argument"):
            criteria.header_pieces(asked)
        return
    pieces = [*criteria.header_pieces(asked), *criteria.body_pieces(asked)]
    for piece in pieces:
        if isinstance(piece, str):
            assert piece in ("OR", "SUBJECT", "FROM", "TO", "CC", "BODY")
    # `OR` is followed by two keys, always.
    waiting = 0
    for piece in pieces:
        waiting += (piece == "OR") - isinstance(piece, bytes)
    assert waiting == -len([True for words in (asked.words, asked.sender, asked.body) for _ in words])


@given(st.sets(st.integers(1, 5000), max_size=200))
def test_a_set_of_numbers_is_written_short_and_read_back(uids: set[int]) -> None:
    written = acting.compact(uids)
    assert (set(acting.expand(written)) if written else set()) == uids
