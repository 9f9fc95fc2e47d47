"""What stands in the way of a session, said before one asks; nothing here forbids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from nomade.people import ports
from nomade.people.models import Agent
from nomade.training.models import Course, Habilitation, Modality, Slot, TrainingSession
from nomade.ui.filters import medium_date


def warnings_for(agent: Agent, session: TrainingSession, slots: list[Slot]) -> list[str]:
    """Sentences about absences, telework, other trainings and prerequisites of an agent on the days of a session."""
    return warnings_of_many([agent], session, slots).get(agent.pk, [])


def warnings_of_many(agents: Sequence[Agent], session: TrainingSession, slots: list[Slot]) -> dict[int, list[str]]:
    """The same for a team, by agent; as many statements as for one."""
    found: dict[int, list[str]] = defaultdict(list)
    if not slots or not agents:
        return found
    ids = [agent.pk for agent in agents]
    days = sorted({slot.day for slot in slots})
    remote = session.course.modality == Modality.DISTANCE
    for absence in ports.absences(ids, days[0], days[-1]) or []:
        hit = [day for day in days if absence.first_day <= day <= absence.last_day]
        if hit and not absence.telework:
            found[absence.agent].append(_("Une absence est posée le %(day)s.") % {"day": medium_date(hit[0])})
        elif hit and not remote:
            said = _("Du télétravail est prévu le %(day)s : cette formation se suit sur place.")
            found[absence.agent].append(said % {"day": medium_date(hit[0])})
    told: set[tuple[int, str]] = set()
    for held in ports.commitments(ids, days[0], days[-1]):
        hit = [day for day in days if held.first_day <= day <= held.last_day]
        if hit and str(session.pk) not in held.url and (held.agent, held.url) not in told:
            told.add((held.agent, held.url))
            said = _("« %(label)s » a déjà lieu le %(day)s.")
            found[held.agent].append(said % {"label": held.label, "day": medium_date(hit[0])})
    _add_prerequisites(found, ids, session.course, days[0])
    return found


def _add_prerequisites(found: dict[int, list[str]], ids: list[int], course: Course, day: date) -> None:
    if course.requires is None:
        return
    valid = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
    held = Habilitation.objects.filter(valid, agent__in=ids, course=course.requires, obtained_on__lte=day)
    holders = set(held.values_list("agent_id", flat=True))
    said = _("Cette formation demande d’avoir suivi « %(title)s ».") % {"title": course.requires.title}
    for one in ids:
        if one not in holders:
            found[one].append(said)
