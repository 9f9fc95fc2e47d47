"""The days of a session as iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from nomade.cases.calendars import escaped, instant, written
from nomade.kernel.clock import PARIS, now
from nomade.training.models import SessionState, TrainingSession
from nomade.training.papers import place_of


def calendar_of(session: TrainingSession, page: str) -> bytes:
    """One event a half-day, opening `page`; after a change of dates, the same events with a higher sequence, and those
    of half-days that are no more cancelled, so that a calendar replaces what it holds (RFC 5546).
    """
    slots = list(session.slots.select_related("room"))
    place = place_of(session, slots)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nomade//Formations//FR", "METHOD:PUBLISH"]
    for number in range(1, max(session.published, len(slots)) + 1):
        slot = slots[min(number, len(slots)) - 1] if slots else None
        if slot is None:
            continue
        kept = number <= len(slots) and session.state != SessionState.CANCELLED
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.pk}-{number}@{settings.NOMADE.mail_domain}",
            f"SEQUENCE:{session.turn + (session.state == SessionState.CANCELLED)}",
            f"STATUS:{'CONFIRMED' if kept else 'CANCELLED'}",
            f"DTSTAMP:{instant(now())}",
            f"DTSTART:{instant(datetime.combine(slot.day, slot.starts, PARIS))}",
            f"DTEND:{instant(datetime.combine(slot.day, slot.ends, PARIS))}",
            f"SUMMARY:{escaped(session.course.title)}",
            f"LOCATION:{escaped(place)}",
            f"URL:{page}",
            "END:VEVENT",
        ]
    return written([*lines, "END:VCALENDAR"]).encode()
