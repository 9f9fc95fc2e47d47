"""The days of a session as iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import Resolver404, resolve

from nomade.cases.calendars import escaped, instant, written
from nomade.kernel.clock import PARIS, now
from nomade.kernel.hosts import absolute_url
from nomade.kernel.registry import MailFile
from nomade.training.models import Enrolment, EnrolmentState, Seat, SessionState, TrainingSession
from nomade.training.papers import place_of


def calendar_of(session: TrainingSession, page: str, *, status: str = "CONFIRMED") -> bytes:
    """One event a half-day, opening `page`; after a change of dates, the same events with a higher sequence, and those
    of half-days that are no more cancelled, so that a calendar replaces what it holds (RFC 5546). `status` is that of
    the events for one person: TENTATIVE before the answer, CANCELLED for who no longer comes.
    """
    over = session.state == SessionState.CANCELLED or status == "CANCELLED"
    slots = list(session.slots.select_related("room"))
    place = place_of(session, slots)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nomade//Formations//FR", "METHOD:PUBLISH"]
    for number in range(1, max(session.published, len(slots)) + 1):
        slot = slots[min(number, len(slots)) - 1] if slots else None
        if slot is None:
            continue
        kept = number <= len(slots) and not over
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.pk}-{number}@{settings.NOMADE.mail_domain}",
            f"SEQUENCE:{session.turn + over}",
            f"STATUS:{status if kept else 'CANCELLED'}",
            f"DTSTAMP:{instant(now())}",
            f"DTSTART:{instant(datetime.combine(slot.day, slot.starts, PARIS))}",
            f"DTEND:{instant(datetime.combine(slot.day, slot.ends, PARIS))}",
            f"SUMMARY:{escaped(session.course.title)}",
            f"LOCATION:{escaped(place)}",
            f"URL:{page}",
            "END:VEVENT",
        ]
    return written([*lines, "END:VCALENDAR"]).encode()


#: What is told of the days of a session, of which a calendar should know.
TOLD = {"training.moved", "training.session_cancelled", "training.approved", "training.refused", "training.cancelled"}


def mail_files(kind: str, agent: int, url: str) -> list[MailFile]:
    """The calendar that goes with an e-mail about the days of a session: to who asked, and to who teaches it."""
    if kind not in TOLD:
        return []
    try:
        found = resolve(url, urlconf="nomade.config.urls.portal")
    except Resolver404:
        return []
    if found.view_name == "training:enrolment":
        asked = Enrolment.objects.filter(pk=found.kwargs["enrolment_id"], owner=agent).select_related("session__course")
        return [
            _file(one.session, absolute_url("portal", "training:enrolment", one.pk), status_of(one)) for one in asked
        ]
    if found.view_name == "training:taught-session":
        taught = TrainingSession.objects.filter(pk=found.kwargs["session_id"], trainers__agent=agent)
        return [
            _file(one, absolute_url("portal", "training:taught-session", one.pk), "CONFIRMED")
            for one in taught.select_related("course")
        ]
    return []


def status_of(enrolment: Enrolment) -> str:
    """What a calendar should think of the days of a request: sure, not yet, or no more."""
    if enrolment.state == EnrolmentState.APPROVED and enrolment.seat == Seat.HELD:
        return "CONFIRMED"
    over = enrolment.state in {EnrolmentState.REFUSED, EnrolmentState.CANCELLED}
    return "CANCELLED" if over else "TENTATIVE"


def _file(session: TrainingSession, page: str, status: str) -> MailFile:
    content = calendar_of(session, page, status=status)
    return MailFile(f"formation-{session.reference}.ics", content, "text/calendar")
