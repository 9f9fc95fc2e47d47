"""Recalling to who decides the requests whose promised answer comes near."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import ngettext

from nomade.notifications.actions import notify
from nomade.people.access import agents_in_perimeter, deciders_for, holders_of
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.training.models import Enrolment, EnrolmentState, OutsideRequest, OutsideState
from nomade.ui.filters import medium_date

#: Days before the promised answer on which it is recalled; the same days of the law for the personal account.
BEFORE = (7, 1)
WAITING = (EnrolmentState.SUBMITTED, EnrolmentState.ENDORSED)


def recall_promises(day: date) -> int:
    """Tells each decider, once a day named by `BEFORE`, how many requests they must answer; how many were told."""
    told = 0
    for left in BEFORE:
        promised = day + timedelta(days=left)
        waiting: dict[Agent, int] = defaultdict(int)
        for owner, state in _requests(promised):
            for decider in _deciders(owner, state):
                waiting[decider] += 1
        for decider, count in waiting.items():
            said = ngettext(
                "%(count)s demande de formation attend votre réponse avant le %(day)s",
                "%(count)s demandes de formation attendent votre réponse avant le %(day)s",
                count,
            )
            title = said % {"count": count, "day": medium_date(promised)}
            notify(decider, kind="training.promised", title=title, url=reverse("training:to-decide"))
            told += 1
    return told


def _requests(promised: date) -> list[tuple[Agent, str]]:
    inside = Enrolment.objects.filter(state__in=WAITING, promised_on=promised).select_related("owner")
    beyond = OutsideRequest.objects.filter(state__in=WAITING, promised_on=promised).select_related("owner")
    return [(one.owner, one.state) for one in (*inside, *beyond)]


def _deciders(owner: Agent, state: str) -> list[Agent]:
    if state == OutsideState.SUBMITTED:
        return deciders_for(owner)
    officers = holders_of(Role.TRAINING_OFFICER).exclude(pk=owner.pk)
    return [one for one in officers if agents_in_perimeter(one, Role.TRAINING_OFFICER).filter(pk=owner.pk).exists()]
