"""Whatever a stranger sends or a server answers, reading it ends soon and in a way that was foreseen."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response, parse_response

from mailkit.errors import MailError
from mailkit.imap.parser import fetched, values
from mailkit.tests.fuzzing import ATTACKS, SEEDS, chunks, read_answer, read_message

ANSWERS = sorted((SEEDS / "answers").iterdir())
MESSAGES = [*sorted((SEEDS / "messages").iterdir()), *sorted(ATTACKS.glob("*.eml"))]
SOON = 5.0


def _read_or_refuse(answer: bytes) -> None:
    try:
        read_answer(answer)
    except MailError as error:
        if error.key != "protocol":
            raise


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_every_answer_kept_as_a_seed_is_read_or_refused_soon(path: Path) -> None:
    started = time.process_time()
    _read_or_refuse(path.read_bytes())
    assert time.process_time() - started < SOON


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_every_message_kept_as_a_seed_is_read_soon(path: Path) -> None:
    started = time.process_time()
    read_message(path.read_bytes())
    assert time.process_time() - started < SOON


# --- Made of pieces that mean something, so that the depths are reached -----------------------------------------------

_WORDS = st.sampled_from([
    b"(", b")", b"NIL", b'"', b"\\", b"{3}\r\n", b"{3}\r\nabc", b"{99999999}\r\n", b" ", b"\r\n", b"UID 1 ", b"FLAGS ",
    b"(\\Seen)", b'INTERNALDATE "01-Nov-2026 08:00:00 +0100" ', b"RFC822.SIZE 12 ", b"BODYSTRUCTURE ", b'"text" ',
    b'"plain" ', b'("charset" "utf-8") ', b'"base64" ', b"BODY[HEADER.FIELDS (FROM)] ", b"1 (UID 1 ", b"* 1 FETCH ",
    b'("name*0*" "utf-8\'\'%C3" "name*1*" "%A9")', b'("attachment" ("filename" "../a"))', b'"message" "rfc822" ',
    b"{30}\r\nFrom: a@b.fr\r\nSubject: =?u?q?", b"<", b"[", b"]", b"\0", b"\xff\xfe",
])  # fmt: skip
_LINES = st.sampled_from([
    b"From: ", b"To: ", b"Subject: =?utf-8?b?", b"?=", b"=?x?q?=FF", b"\r\n", b"\r\n\r\n", b" ", b"<a@b.fr>", b",",
    b'"', b"Content-Type: text/html; charset=", b"utf-16", b"utf-7", b"iso-2022-kr", b"hz", b"punycode", b"zlib",
    b"\xc3\xa9",
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", b"--x--", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"<div style='a:b;color:red;background:url(http://x)'>",
    b"<svg>",
    b"</div>", b"<math><mi>", b"<style>", b"<!--", b"&#x", b"<a href='java&#9;script:x'>",
    b"Content-Type: text/calendar",
    b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\r\n", b"DTSTART;TZID=../../etc:20261101T", b"RRULE:FREQ=SECONDLY",
    b"END:VEVENT",
    b"> > > ", b"http://[", b"Date: Thu, 99 Foo 99999 25:61 +9999\r\n", b"References: ", b"\0", b"=00=", b"\xff",
])  # fmt: skip


def _made_of(pieces: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.lists(st.one_of(pieces, st.binary(max_size=12)), max_size=40).map(b"".join)


@settings(max_examples=400, deadline=timedelta(seconds=2))
@given(_made_of(_WORDS))
def test_any_answer_is_read_or_refused(answer: bytes) -> None:
    _read_or_refuse(answer)


@settings(max_examples=400, deadline=timedelta(seconds=2))
@given(_made_of(_LINES))
def test_any_message_is_read(message: bytes) -> None:
    read_message(message)


# --- Our parser says what IMAPClient's says ---------------------------------------------------------------------------

_ATOM = st.from_regex(rb"[A-Za-z$\\][A-Za-z0-9.$_-]{0,12}", fullmatch=True).filter(lambda word: word.upper() != b"NIL")
_NUMBER = st.integers(0, 2**32 - 1).map(lambda number: b"%d" % number)
_TEXT = st.binary(max_size=24).filter(lambda raw: not set(raw) & set(b"\r\n\0"))
_LEAF = st.one_of(
    _ATOM,
    _NUMBER,
    st.just(b"NIL"),
    _TEXT.map(lambda raw: b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'),
    st.binary(max_size=24).map(lambda raw: b"{%d}\r\n%s" % (len(raw), raw)),
)
_TREE = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=5).map(lambda kids: b"(" + b" ".join(kids) + b")"))


def _plain(found: Any) -> Any:
    """IMAPClient makes numbers of digits, and tuples of lists."""
    if isinstance(found, (tuple, list)):
        return [_plain(each) for each in found]
    return b"%d" % found if isinstance(found, int) else found


@settings(max_examples=300, deadline=None)
@given(st.lists(_TREE, min_size=1, max_size=4))
def test_our_reader_and_imapclient_s_read_the_same_values(trees: list[bytes]) -> None:
    answer = chunks(b" ".join(trees))
    assert values(answer) == _plain(parse_response(list(answer)))


_FLAGS = st.lists(st.sampled_from([b"\\Seen", b"\\Flagged", b"$Junk", b"label1"]), max_size=4)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 2**32 - 1), _FLAGS, st.integers(0, 2**31), st.binary(max_size=60)),
        min_size=1,
        max_size=5,
        unique_by=lambda each: each[0],
    )
)
def test_our_reader_and_imapclient_s_read_the_same_messages(
    messages: list[tuple[int, list[bytes], int, bytes]],
) -> None:
    answer = b"\r\n".join(
        b"%d (UID %d FLAGS (%s) RFC822.SIZE %d BODY[HEADER.FIELDS (FROM TO)] {%d}\r\n%s)"
        % (at, uid, b" ".join(flags), size, len(block), block)
        for at, (uid, flags, size, block) in enumerate(messages, start=1)
    )
    theirs: dict[int, Any] = dict(parse_fetch_response(chunks(answer), uid_is_key=True))
    ours = list(fetched(chunks(answer)))
    assert [int(items[b"UID"]) for items in ours] == list(theirs)  # type: ignore[arg-type]
    for items in ours:
        told = theirs[int(items[b"UID"])]  # type: ignore[arg-type]
        assert tuple(items[b"FLAGS"] or ()) == told[b"FLAGS"]
        assert int(items[b"RFC822.SIZE"]) == told[b"RFC822.SIZE"]  # type: ignore[arg-type]
        assert items[b"BODY[HEADER.FIELDS]"] == told[b"BODY[HEADER.FIELDS (FROM TO)]"]
        assert int(items[b"SEQ"]) == told[b"SEQ"]  # type: ignore[arg-type]
