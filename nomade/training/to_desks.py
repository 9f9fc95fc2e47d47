"""What training tells a desk that spans services."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, ExpirySource, WaitingSource, of
from nomade.training.actions.reminders import WAITING as STATES
from nomade.training.models import Enrolment, Habilitation, OutsideRequest


def _expiries(agents: Agents | None, first: date, last: date) -> QuerySet[Habilitation]:
    return Habilitation.objects.filter(of(agents, "agent"), expires_on__range=(first, last))


def _enrolments(agents: Agents | None) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(of(agents), state__in=STATES)


def _outside(agents: Agents | None) -> QuerySet[OutsideRequest]:
    return OutsideRequest.objects.filter(of(agents), state__in=STATES)


WAITING = (
    WaitingSource(
        service="training",
        key="training",
        label=_("Formation"),
        icon="graduation-cap",
        rows=_enrolments,
        address=lambda pk: reverse("training:decide", args=[pk]),
    ),
    WaitingSource(
        service="training",
        key="training-outside",
        label=_("Formation hors catalogue"),
        icon="graduation-cap",
        rows=_outside,
        address=lambda pk: reverse("training:decide-outside", args=[pk]),
    ),
)
EXPIRY = ExpirySource("training", _("Habilitation"), "course__title", _expiries)
