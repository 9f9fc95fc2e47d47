"""The days of a session as iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from nomade.cases.calendars import escaped, instant, written
from nomade.kernel.clock import PARIS, now
from nomade.kernel.hosts import absolute_url
from nomade.training.models import Enrolment
from nomade.training.papers import place_of


def calendar_of(enrolment: Enrolment) -> bytes:
    """One event a half-day; the same event again, with a later stamp, when the dates change."""
    session = enrolment.session
    slots = list(session.slots.select_related("room"))
    place = place_of(session, slots)
    page = absolute_url("portal", "training:enrolment", enrolment.pk)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nomade//Formations//FR", "METHOD:PUBLISH"]
    for number, slot in enumerate(slots, start=1):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.pk}-{number}@{settings.NOMADE.mail_domain}",
            f"DTSTAMP:{instant(now())}",
            f"DTSTART:{instant(datetime.combine(slot.day, slot.starts, PARIS))}",
            f"DTEND:{instant(datetime.combine(slot.day, slot.ends, PARIS))}",
            f"SUMMARY:{escaped(session.course.title)}",
            f"LOCATION:{escaped(place)}",
            f"URL:{page}",
            "END:VEVENT",
        ]
    return written([*lines, "END:VCALENDAR"]).encode()
