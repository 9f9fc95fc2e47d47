"""What leave tells a desk that spans services."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, WaitingSource, of
from nomade.cases.models import CaseState
from nomade.leave.models import LeaveRequest, SavingRequest


def _rows(agents: Agents | None) -> QuerySet[LeaveRequest]:
    return LeaveRequest.objects.filter(of(agents), state=CaseState.SUBMITTED)


def _savings(agents: Agents | None) -> QuerySet[SavingRequest]:
    return SavingRequest.objects.filter(of(agents), state=CaseState.SUBMITTED)


WAITING = (
    WaitingSource(
        service="leave",
        key="leave",
        label=_("Congé"),
        icon="calendar-days",
        rows=_rows,
        address=lambda pk: reverse("leave:request", args=[pk]),
    ),
    WaitingSource(
        service="leave",
        key="saving",
        label=_("Versement au CET"),
        icon="calendar-clock",
        rows=_savings,
        # They are answered on one page, each by its own form.
        address=lambda pk: reverse("leave:hr-accounts") + f"#motif-{pk}",
    ),
)
