"""What the support tells a desk that spans services: its tickets, to who is also a technician over these agents."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, WaitingSource, of
from nomade.kernel.clock import PARIS
from nomade.people.roles import Role
from nomade.support.models import Ticket


def _rows(agents: Agents | None) -> QuerySet[Ticket]:
    waiting = Ticket.objects.waiting().filter(of(agents))
    return waiting.annotate(promised_on=TruncDate("due_at", tzinfo=PARIS))


WAITING = WaitingSource(
    service="support",
    key="ticket",
    label=_("Assistance"),
    icon="life-buoy",
    rows=_rows,
    address=lambda pk: reverse("support:ticket", args=[pk], urlconf="nomade.config.urls.portal"),
    role=Role.SUPPORT_TECHNICIAN,
)
