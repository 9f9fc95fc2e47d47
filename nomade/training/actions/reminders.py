"""Recalling to who decides the requests whose promised answer comes near."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from nomade.cases.chasing import remind_then_escalate
from nomade.notifications.actions import notify
from nomade.people.access import deciders_for, holders_over
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.training.actions import outside
from nomade.training.actions.seats import CASE
from nomade.training.models import Enrolment, EnrolmentState, OutsideRequest, OutsideState
from nomade.ui.filters import medium_date

#: Days before the promised answer on which who decides is told how many requests wait: an opinion takes time. As every
#: request, each is recalled once more just before its day (`chase`).
BEFORE = (7,)
WAITING = (EnrolmentState.SUBMITTED, EnrolmentState.ENDORSED)


def recall_promises(day: date) -> int:
    """Tells each decider, once a day named by `BEFORE`, how many requests they must answer; how many were told."""
    told = 0
    for left in BEFORE:
        promised = day + timedelta(days=left)
        waiting: dict[Agent, int] = defaultdict(int)
        for owner, state in _requests(promised):
            for decider in deciders_of(owner, state):
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


def chase(day: date) -> int:
    """Reminds who decides before the promised day; once it is past, tells them and the officers over the agent."""
    inside = _chase(Enrolment.objects.filter(state__in=WAITING), CASE, "training:decide", day)
    return inside + _chase(
        OutsideRequest.objects.filter(state__in=WAITING), outside.CASE, "training:decide-outside", day
    )


def _chase(rows: QuerySet[Any, Any], kind: str, address: str, day: date) -> int:
    return remind_then_escalate(
        rows.select_related("owner"),
        kind,
        day=day,
        nearest=lambda one: deciders_of(one.owner, one.state),
        everybody=_all_deciders,
        notice="training.",
        url=lambda one: reverse(address, args=[one.pk], urlconf="nomade.config.urls.portal"),
    )


def _all_deciders(one: Enrolment | OutsideRequest) -> list[Agent]:
    told = [*deciders_of(one.owner, one.state), *holders_over(one.owner, Role.TRAINING_OFFICER)]
    return list(dict.fromkeys(told))


def _requests(promised: date) -> list[tuple[Agent, str]]:
    inside = Enrolment.objects.filter(state__in=WAITING, promised_on=promised).select_related("owner")
    beyond = OutsideRequest.objects.filter(state__in=WAITING, promised_on=promised).select_related("owner")
    return [(one.owner, one.state) for one in (*inside, *beyond)]


def deciders_of(owner: Agent, state: str) -> list[Agent]:
    """Who has to answer a request in some state: the supervisor and who stands in, or the training officers."""
    if state == OutsideState.SUBMITTED:
        return deciders_for(owner)
    return holders_over(owner, Role.TRAINING_OFFICER)
