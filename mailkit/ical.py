"""Invitations (iTIP in mail, RFC 5546 and 6047): what they ask, and the answer. No HTML, no formula, only text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mailkit.errors import MailError
from mailkit.mime import headers

Answer = Literal["ACCEPTED", "TENTATIVE", "DECLINED"]
MAX_TEXT = 200_000
MAX_LINES = 5_000
# What Exchange and Outlook call the zones we meet (Unicode CLDR, windowsZones).
_WINDOWS = {
    "romance standard time": "Europe/Paris",
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "utc": "UTC",
    "eastern standard time": "America/New_York",
    "sa western standard time": "America/Martinique",
    "sa eastern standard time": "America/Cayenne",
    "arabian standard time": "Asia/Dubai",
    "mauritius standard time": "Indian/Reunion",
}
_LINE = re.compile(r"([A-Za-z0-9-]{1,60})((?:;[^:;=]{1,60}=(?:\"[^\"]*\"|[^:;\"]*))*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([^:;=]{1,60})=(?:\"([^\"]*)\"|([^:;\"]*))")
_MAIL = re.compile(r"mailto:([^\s<>\"]{3,254})", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """An organiser or a guest."""

    email: str
    name: str = ""
    status: str = ""


@dataclass(frozen=True)
class Invitation:
    """One event. `certain_zone` is False when nobody knows the zone of its hours: shown as Paris time, and said."""

    method: str
    uid: str
    sequence: int
    summary: str
    location: str
    description: str
    starts: datetime | date | None
    ends: datetime | date | None
    organizer: Person | None
    guests: tuple[Person, ...]
    certain_zone: bool = True
    repeats: bool = False
    recurrence: str = ""

    @property
    def asks(self) -> bool:
        """Whether an answer is expected."""
        return self.method == "REQUEST" and self.organizer is not None and bool(self.uid)


def read(text: str, *, home: str = "Europe/Paris") -> Invitation:
    """The first event of a calendar. Raises MailError("protocol") when there is none."""
    lines = _unfolded(text[:MAX_TEXT])[:MAX_LINES]
    method, inside, depth = "", False, 0
    found: dict[str, tuple[dict[str, str], str]] = {}
    guests: list[Person | None] = []
    for line in lines:
        parsed = _LINE.fullmatch(line)
        if parsed is None:
            continue
        name, parameters, value = parsed[1].upper(), _parameters(parsed[2]), parsed[3]
        if name == "BEGIN":
            depth += inside
            inside = inside or (value.strip().upper() == "VEVENT" and not found)
        elif name == "END":
            if inside and depth == 0:
                break
            depth -= inside
        elif name == "METHOD" and not inside:
            method = value.strip().upper()
        elif inside and depth == 0:
            if name == "ATTENDEE":
                guests.append(_person(parameters, value))
            else:
                found.setdefault(name, (parameters, value))
    if not inside:
        raise MailError("protocol", "no event")
    return _made(method, found, guests, ZoneInfo(home))


def _made(
    method: str, found: dict[str, tuple[dict[str, str], str]], guests: list[Person | None], home: ZoneInfo
) -> Invitation:
    def text(name: str, most: int) -> str:
        return headers.clean(_unescaped(found.get(name, ({}, ""))[1]))[:most]

    starts, certain = _moment(found.get("DTSTART"), home)
    ends, _ = _moment(found.get("DTEND"), home)
    sequence = found.get("SEQUENCE", ({}, "0"))[1].strip()
    description = _unescaped(found.get("DESCRIPTION", ({}, ""))[1])[:4000]
    return Invitation(
        method=method if method in ("REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH") else "PUBLISH",
        uid=text("UID", 300),
        sequence=int(sequence) if sequence.isascii() and sequence.isdecimal() and len(sequence) < 9 else 0,
        summary=text("SUMMARY", 300),
        location=text("LOCATION", 300),
        description="\n".join(headers.clean(line) for line in description.split("\n")),
        starts=starts,
        ends=ends,
        organizer=_person(*found["ORGANIZER"]) if "ORGANIZER" in found else None,
        guests=tuple(guest for guest in guests if guest is not None)[:200],
        certain_zone=certain,
        repeats="RRULE" in found,
        recurrence=text("RECURRENCE-ID", 40),
    )


def _unfolded(text: str) -> list[str]:
    return re.sub(r"\r?\n[ \t]", "", text.replace("\r\n", "\n")).replace("\r", "\n").split("\n")


def _parameters(raw: str) -> dict[str, str]:
    return {name.upper(): quoted or plain for name, quoted, plain in _PARAMETER.findall(raw)}


def _unescaped(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def _person(parameters: dict[str, str], value: str) -> Person | None:
    found = _MAIL.search(value)
    if found is None:
        return None
    return Person(
        headers.clean(found[1]),
        headers.clean(parameters.get("CN", ""))[:100],
        parameters.get("PARTSTAT", "").upper()[:20],
    )


def _moment(found: tuple[dict[str, str], str] | None, home: ZoneInfo) -> tuple[datetime | date | None, bool]:
    if found is None:
        return None, True
    parameters, raw = found
    digits = re.fullmatch(r"\s*(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?\s*", raw)
    if digits is None:
        return None, True
    try:
        day = date(int(digits[1]), int(digits[2]), int(digits[3]))
        if digits[4] is None:
            return day, True
        moment = datetime(day.year, day.month, day.day, int(digits[4]), int(digits[5]), int(digits[6] or 0), tzinfo=UTC)
    except ValueError:
        return None, True
    if digits[7]:
        return moment, True
    zone = _zone(parameters.get("TZID", ""))
    return moment.replace(tzinfo=zone or home), zone is not None or "TZID" not in parameters


def _zone(name: str) -> ZoneInfo | None:
    known = _WINDOWS.get(name.strip().lower(), name.strip())
    if not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", known):
        return None
    try:
        return ZoneInfo(known)
    except (KeyError, ValueError, OSError):
        return None


def reply(invitation: Invitation, *, email: str, name: str, answer: Answer, at: datetime) -> str:
    """The calendar that says yes, maybe or no to the organiser (RFC 5546 § 3.2.3)."""
    organizer = invitation.organizer
    if organizer is None:
        raise MailError("bad_argument", "nobody to answer to")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nomade//FR",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{_written(invitation.uid)}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"ORGANIZER:mailto:{_written(organizer.email)}",
        f'ATTENDEE;CN="{_quoted(name)}";PARTSTAT={answer}:mailto:{_written(email)}',
        f"SUMMARY:{_written(invitation.summary)}",
    ]
    if isinstance(invitation.starts, datetime):
        lines.append(f"DTSTART:{invitation.starts.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    elif invitation.starts is not None:
        lines.append(f"DTSTART;VALUE=DATE:{invitation.starts:%Y%m%d}")
    if re.fullmatch(r"\d{8}(?:T\d{6}Z?)?", invitation.recurrence):
        lines.append(f"RECURRENCE-ID:{invitation.recurrence}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VEVENT", "END:VCALENDAR"])


def _written(value: str) -> str:
    value = headers.clean(value)
    return re.sub(r"([\\;,])", r"\\\1", value)


def _quoted(value: str) -> str:
    return headers.clean(value).replace('"', "'")


def _folded(line: str) -> str:
    """Lines of 75 bytes at most (RFC 5545 § 3.1), never cut inside a character."""
    pieces, current = [], ""
    for character in line:
        if len((current + character).encode()) > 73:
            pieces.append(current)
            current = ""
        current += character
    return "\r\n ".join([*pieces, current])


def last_day(invitation: Invitation) -> date | None:
    """The last day of an event of whole days: DTEND is the day after."""
    if isinstance(invitation.ends, datetime) or invitation.ends is None:
        return None
    return invitation.ends - timedelta(days=1)
