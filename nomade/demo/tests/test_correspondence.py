"""Camille's mailbox: 200 real messages, in threads, never from the future."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import Message

import pytest

from nomade.demo.correspondence import SIZE, Correspondents, Posted, Writer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def posts() -> list[Posted]:
    parts = ("me", "chief", "team", "hr", "pay", "training", "support", "news", "stranger")
    people = {part: [Address(part.title(), addr_spec=f"{part}@paris.fr")] for part in parts}
    return Writer(Correspondents(people, "paris.fr"), NOW, seed=7).mailbox()


@pytest.fixture(scope="module")
def messages(posts: list[Posted]) -> list[Message]:
    return [message_from_bytes(post.content) for post in posts]


def test_there_are_exactly_two_hundred_in_several_folders(posts: list[Posted]) -> None:
    folders = Counter(post.folder for post in posts)
    assert len(posts) == SIZE == 200
    assert {"INBOX", "Sent", "Équipe", "Formation", "Archive", "Junk", "Trash"} <= folders.keys()
    assert folders["INBOX"] > 50


def test_they_come_in_order_and_none_is_from_the_future(posts: list[Posted]) -> None:
    assert [post.at for post in posts] == sorted(post.at for post in posts)
    assert posts[-1].at < NOW


def test_every_answer_answers_a_message_that_is_there(messages: list[Message]) -> None:
    known = {message["Message-ID"] for message in messages}
    answers = [message["In-Reply-To"] for message in messages if message["In-Reply-To"]]
    assert len(known) == SIZE and len(answers) > 20
    assert set(answers) <= known


def test_some_have_files_of_each_kind_and_some_are_html_with_a_distant_picture(messages: list[Message]) -> None:
    kinds = Counter(part.get_content_type() for message in messages for part in message.walk())
    assert kinds["application/pdf"] > 20 and kinds["image/png"] and kinds["text/calendar"] and kinds["text/html"]
    pdf = next(p for m in messages for p in m.walk() if p.get_content_type() == "application/pdf")
    assert pdf.get_payload(decode=True).startswith(b"%PDF")  # type: ignore[union-attr]


def test_some_are_unread_and_what_camille_wrote_is_read(posts: list[Posted]) -> None:
    assert 3 <= sum(not post.seen for post in posts if post.folder == "INBOX") <= 12
    assert all(post.seen for post in posts if post.folder == "Sent")
