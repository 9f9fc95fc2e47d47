"""Absences as a calendar program reads them (RFC 5545): dates and the word « Absence », nothing else (domain § 7.1)."""

from __future__ import annotations

import hashlib
import logging
import smtplib
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from nomade.cases.calendars import instant, written
from nomade.cases.models import CaseState
from nomade.kernel.clock import PARIS, today
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import origin
from nomade.leave.models import CalendarFeed, Group, LeaveRequest
from nomade.leave.rules.periods import Half
from nomade.notifications.email import address_of
from nomade.people.models import Agent

log = logging.getLogger(__name__)

BEHIND, AHEAD = timedelta(days=90), timedelta(days=540)
NOON = time(12)


def digest_of(secret: str) -> str:
    """The fingerprint of a feed's secret: all that the base keeps of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def agent_of_feed(secret: str) -> Agent | None:
    """Whose feed a secret opens, while that person is present; None for anything else."""
    feed = CalendarFeed.objects.select_related("agent").filter(digest=digest_of(secret)).first()
    if feed is None or (feed.agent.exit_date is not None and feed.agent.exit_date < today()):
        return None
    return feed.agent


def feed_of(agent: Agent) -> str:
    """The validated absences of an agent, from three months ago on. Telework is no absence."""
    day = today()
    leaves = LeaveRequest.objects.approved().filter(owner=agent).touching(day - BEHIND, day + AHEAD)
    return calendar_of(leaves.exclude(leave_type__group=Group.TELEWORK).order_by("first_day"))


def calendar_of(leaves: Iterable[LeaveRequest]) -> str:
    """A calendar that holds some absences."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nomade//Absences//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for leave in leaves:
        lines += _event(leave)
    return written([*lines, "END:VCALENDAR"])


def _event(leave: LeaveRequest) -> list[str]:
    cancelled = leave.state != CaseState.APPROVED
    changed = leave.decided_at or leave.submitted_at
    return [
        "BEGIN:VEVENT",
        f"UID:{leave.pk}@{settings.NOMADE.mail_domain}",
        f"DTSTAMP:{instant(changed)}",
        f"SEQUENCE:{leave.version}",
        *_when(leave),
        f"SUMMARY:{_('Absence')}",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _when(leave: LeaveRequest) -> list[str]:
    """Whole days as dates; otherwise instants, from or until noon, or the very hours of the request."""
    if leave.starts_at is not None and leave.ends_at is not None:
        return [
            f"DTSTART:{instant(_at(leave.first_day, leave.starts_at))}",
            f"DTEND:{instant(_at(leave.last_day, leave.ends_at))}",
        ]
    if leave.first_half == Half.MORNING and leave.last_half == Half.AFTERNOON:
        after = leave.last_day + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{leave.first_day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    start = _at(leave.first_day, NOON if leave.first_half == Half.AFTERNOON else time(0))
    noon = leave.last_half == Half.MORNING
    end = _at(leave.last_day, NOON) if noon else _at(leave.last_day + timedelta(days=1), time(0))
    return [f"DTSTART:{instant(start)}", f"DTEND:{instant(end)}"]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=PARIS)


def send_invitation(request_id: uuid.UUID) -> None:
    """Sends the e-mail of a validated absence, with its calendar file; nothing when it is no longer validated.

    Raises Unavailable when the mail server does not take it now. Its Message-ID is that of the decision, so that a
    second run is recognised.
    """
    leave = LeaveRequest.objects.approved().select_related("owner", "leave_type").filter(pk=request_id).first()
    address = address_of(leave.owner) if leave else ""
    if leave is None or not address:
        return
    message = EmailMessage(
        subject=_("Du nouveau sur votre portail Nomade"),
        body=_(
            "Bonjour %(first_name)s,\n\n"
            "Votre absence %(period)s est validée. Le fichier joint l’ajoute à votre agenda.\n\n"
            "Pour en savoir plus, ouvrez votre portail : %(address)s/\n\n"
            "Ce message est envoyé automatiquement. Le portail ne vous demande jamais votre mot de passe par "
            "courriel.\n"
        )
        % {"first_name": leave.owner.first_name, "period": leave.when, "address": origin("portal")},
        to=[address],
        headers={
            "Message-ID": f"<absence-{leave.pk}-{leave.version}@{settings.NOMADE.mail_domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach("absence.ics", calendar_of([leave]), "text/calendar")
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if all(code >= 500 for code in codes):
            log.warning("calendar file of request %s refused for good: %s", leave.pk, codes)
            return
        raise Unavailable("smtp", _("Le serveur de courrier ne prend pas ce message pour l’instant.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne répond pas.")) from error
