"""Each sample of an attack, cleaned: nothing that runs, nothing that loads. The same are opened in a browser (e2e)."""

from __future__ import annotations

import email
import re
import time
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest

from mailkit import ical
from mailkit.errors import MailError
from mailkit.html import clean as cleaning
from mailkit.html.text import blocks
from mailkit.mime import bodies

SAMPLES = sorted((Path(__file__).parent / "attacks").glob("*.eml"))
FORBIDDEN = re.compile(
    r"<(?:script|svg|math|style|link|meta|base|form|input|iframe|object|embed|video|audio|template|xml)\b"
    r"|\son\w+\s*=|javascript:|vbscript:|data:text|url\(|@import|expression\(|position\s*:|mechant\.test/\w",
    re.IGNORECASE,
)


def parts(path: Path) -> list[tuple[str, str]]:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.compat32)
    found = []
    for part in message.walk():
        payload = part.get_payload(decode=True) if not part.is_multipart() else None
        if isinstance(payload, bytes):
            found.append((part.get_content_type(), bodies.text(payload, "", part.get_content_charset("utf-8"))))
    return found


def test_there_is_a_sample_of_every_class() -> None:
    assert len(SAMPLES) > 20


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_comes_out_harmless_and_quickly(path: Path) -> None:
    started = time.monotonic()
    for kind, text in parts(path):
        if kind == "text/html":
            cleaned = cleaning.clean(text).html
            assert not re.search(FORBIDDEN, re.sub(r'(?:href|title|alt)="[^"]*"', "", cleaned)), cleaned[:500]
            assert not re.search(r'href="(?!https?://|mailto:)', cleaned), cleaned[:500]
        elif kind == "text/plain":
            for block in blocks(text):
                assert all(span.href is None or re.match(r"https?://|mailto:", span.href) for span in block.spans)
        elif kind == "text/calendar":
            invitation = ical.read(text)
            assert "\n" not in invitation.summary
            assert not invitation.certain_zone, "a zone is a name, never a path"
    assert time.monotonic() - started < 5


def test_what_is_no_calendar_is_refused_and_never_an_error() -> None:
    for text in ("", "BEGIN:VCALENDAR", "BEGIN:VEVENT" * 9, "x" * 300_000, "BEGIN:VCALENDAR\nEND:VEVENT\n" * 50):
        with pytest.raises(MailError, match="protocol"):
            ical.read(text)


def test_an_answer_to_an_invitation_cannot_be_made_to_say_more() -> None:
    hostile = ical.Invitation(
        method="REQUEST", uid="a\r\nATTENDEE:mailto:x@y.fr", sequence=1, summary="b\nMETHOD:CANCEL", location="",
        description="", starts=None, ends=None, organizer=ical.Person("chef@x.fr\r\nBCC:z@y.fr"), guests=(),
    )  # fmt: skip
    written = ical.reply(
        hostile, email="moi@x.fr", name='M"\r\nX:1', answer="ACCEPTED", at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    )
    names = [line.partition(":")[0].partition(";")[0] for line in written.replace("\r\n ", "").split("\r\n") if line]
    assert names.count("METHOD") == 1
    assert names.count("ATTENDEE") == 1
    assert "BCC" not in names
    assert "X" not in names
