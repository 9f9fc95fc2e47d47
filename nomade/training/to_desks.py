"""What training tells a desk that spans services."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, ExpirySource
from nomade.training.models import Habilitation


def _expiries(agents: Agents, first: date, last: date) -> QuerySet[Habilitation]:
    return Habilitation.objects.filter(expires_on__range=(first, last), agent__in=agents.values("pk"))


EXPIRY = ExpirySource("training", _("Habilitation"), "course__title", _expiries)
