"""What stands in the way of a session, said before one asks; nothing here forbids."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from nomade.people import ports
from nomade.people.models import Agent
from nomade.training.models import Course, Habilitation, Slot, TrainingSession
from nomade.ui.filters import medium_date


def warnings_for(agent: Agent, session: TrainingSession, slots: list[Slot]) -> list[str]:
    """Sentences about absences, telework, other trainings and prerequisites of an agent on the days of a session."""
    if not slots:
        return []
    days = {slot.day for slot in slots}
    first, last = min(days), max(days)
    found = []
    for absence in ports.absences([agent.pk], first, last) or []:
        hit = [day for day in sorted(days) if absence.first_day <= day <= absence.last_day]
        if hit and absence.telework:
            found.append(_("Vous êtes en télétravail le %(day)s : il sera levé.") % {"day": medium_date(hit[0])})
        elif hit:
            found.append(_("Vous avez posé une absence le %(day)s.") % {"day": medium_date(hit[0])})
    for held in ports.commitments([agent.pk], first, last):
        hit = [day for day in sorted(days) if held.first_day <= day <= held.last_day]
        if hit and str(session.pk) not in held.url:
            found.append(
                _("Vous avez déjà « %(label)s » le %(day)s.") % {"label": held.label, "day": medium_date(hit[0])}
            )
    missing = missing_prerequisite(agent, session.course, first)
    if missing is not None:
        found.append(_("Cette formation demande d’avoir suivi « %(title)s ».") % {"title": missing.title})
    return found


def missing_prerequisite(agent: Agent, course: Course, day: date) -> Course | None:
    """The course that must be held first and is not, on a day."""
    if course.requires_id is None:
        return None
    held = Habilitation.objects.filter(agent=agent, course=course.requires_id, obtained_on__lte=day)
    valid = held.filter(expires_on__isnull=True) | held.filter(expires_on__gte=day)
    return None if valid.exists() else course.requires
