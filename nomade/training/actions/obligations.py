"""Obligations and habilitations: writing them, and recalling those that come to an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.notifications.actions import notify
from nomade.people.access import supervisor_of
from nomade.people.models import Agent
from nomade.training.dashboard import nearing_first
from nomade.training.models import Course, Exposure, FirstRecall, Habilitation, Obligation, Risk
from nomade.training.rules.obligations import RECALLS, recall_for
from nomade.ui.filters import medium_date


@transaction.atomic
def write_obligation(obligation: Obligation, *, by: Agent, request: HttpRequest | None = None) -> None:
    """An obligation, new or changed; its history is kept."""
    obligation.save()
    audit.record("training.obligation_written", actor=by.pk, subject=None, request=request, obligation=obligation.pk)


@transaction.atomic
def note_habilitation(
    agent: Agent,
    course: Course,
    *,
    obtained_on: date,
    expires_on: date | None,
    files: list[CheckedFile],
    by: Agent,
    request: HttpRequest | None = None,
) -> Habilitation:
    """What an agent holds from elsewhere, with its proof. Raises `Refusal` for a day to come or a second same line."""
    if obtained_on > today():
        raise Refusal(_("Cette date est à venir."), field="obtained_on")
    if expires_on is None and course.valid_months:
        expires_on = add_months(obtained_on, course.valid_months)
    if Habilitation.objects.filter(agent=agent, course=course, obtained_on=obtained_on).exists():
        raise Refusal(_("Cette habilitation est déjà notée à cette date."), field="obtained_on")
    noted = Habilitation.objects.create(
        agent=agent,
        course=course,
        obtained_on=obtained_on,
        expires_on=expires_on,
        proof=next(iter(keep_all(files, owner=agent, kind="training-proof")), None),
        noted_by=by,
    )
    audit.record("training.habilitation_noted", actor=by.pk, subject=agent.pk, request=request, course=course.code)
    return noted


@transaction.atomic
def write_risk(risk: Risk, *, by: Agent, request: HttpRequest | None = None) -> None:
    """A risk, new or renamed."""
    risk.save()
    audit.record("training.risk_written", actor=by.pk, subject=None, request=request, risk=risk.pk)


@transaction.atomic
def expose(risk: Risk, agents: Sequence[Agent], *, by: Agent, request: HttpRequest | None = None) -> int:
    """Agents work under a risk from today; returns how many did not yet."""
    known = set(Exposure.objects.filter(risk=risk, until=None, agent__in=agents).values_list("agent_id", flat=True))
    made = [agent for agent in agents if agent.pk not in known]
    Exposure.objects.bulk_create([Exposure(risk=risk, agent=agent, since=today(), noted_by=by) for agent in made])
    for agent in made:
        audit.record("training.exposed", actor=by.pk, subject=agent.pk, request=request, risk=risk.pk)
    return len(made)


@transaction.atomic
def end_exposure(exposure: Exposure, *, by: Agent, request: HttpRequest | None = None) -> None:
    """An agent works under a risk no more. Raises `Refusal` when it was already said."""
    found = Exposure.objects.select_for_update().get(pk=exposure.pk)
    if found.until is not None:
        raise Refusal(_("Cette exposition est déjà terminée."))
    found.until = today()
    found.save(update_fields=["until"])
    audit.record("training.exposure_ended", actor=by.pk, subject=found.agent_id, request=request, risk=found.risk_id)


@transaction.atomic
def recall_first(day: date) -> int:
    """Tells who never followed an obligation that the time left ends in 90, 30 or 7 days; once each. How many."""
    nearing = nearing_first(day, RECALLS[0])
    known = {
        (one.agent_id, one.obligation_id): one.step
        for one in FirstRecall.objects.filter(agent__in=[owed.agent for owed in nearing])
    }
    steps = {one: recall_for(day, one.until, known.get((one.agent, one.obligation))) for one in nearing}
    told = [one for one in nearing if steps[one] is not None]
    people = Agent.objects.in_bulk([one.agent for one in told])
    obligations = Obligation.objects.select_related("course").in_bulk([one.obligation for one in told])
    for one in told:
        FirstRecall.objects.update_or_create(
            agent_id=one.agent, obligation_id=one.obligation, defaults={"step": steps[one]}
        )
        _tell_first(people[one.agent], obligations[one.obligation], one.until)
    return len(told)


def _tell_first(agent: Agent, obligation: Obligation, until: date) -> None:
    facts = {"title": obligation.label, "day": medium_date(until), "name": agent.full_name}
    notify(
        agent,
        kind="training.due",
        title=_("À suivre avant le %(day)s : %(title)s") % facts,
        url=reverse("training:course", args=[obligation.course_id]),
    )
    supervisor = supervisor_of(agent)
    if supervisor is not None:
        notify(
            supervisor,
            kind="training.due",
            title=_("%(name)s doit suivre « %(title)s » avant le %(day)s") % facts,
            url=reverse("training:team"),
        )


@transaction.atomic
def recall(day: date) -> int:
    """Tells the agents, and who supervises them, of what ends in 90, 30 or 7 days; once each. Returns how many."""
    ending = Habilitation.objects.select_for_update(of=("self",)).filter(
        expires_on__gte=day, expires_on__lte=date.fromordinal(day.toordinal() + RECALLS[0])
    )
    count = 0
    for held in ending.select_related("agent", "course"):
        if held.agent.exit_date and held.agent.exit_date < day:
            continue
        if Habilitation.objects.filter(agent=held.agent, course=held.course, obtained_on__gt=held.obtained_on).exists():
            continue
        assert held.expires_on is not None  # the filter above
        step = recall_for(day, held.expires_on, held.recalled)
        if step is None:
            continue
        held.recalled = step
        held.save(update_fields=["recalled"])
        _tell(held, held.expires_on)
        count += 1
    return count


def _tell(held: Habilitation, until: date) -> None:
    facts = {"title": held.course.title, "day": medium_date(until), "name": held.agent.full_name}
    notify(
        held.agent,
        kind="training.expiring",
        title=_("À renouveler avant le %(day)s : %(title)s") % facts,
        url=reverse("training:course", args=[held.course_id]),
    )
    supervisor = supervisor_of(held.agent)
    if supervisor is not None:
        notify(
            supervisor,
            kind="training.expiring",
            title=_("%(name)s doit renouveler « %(title)s » avant le %(day)s") % facts,
            url=reverse("training:team"),
        )
