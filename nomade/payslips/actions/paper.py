"""An agent's choice of paper: a dated right that costs nothing and hides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.payslips.models import PaperChoice, Payslip, month_of
from nomade.people.models import Agent
from nomade.people.roles import Role


@transaction.atomic
def choose_paper(agent: Agent, *, wanted: bool, request: HttpRequest | None = None) -> bool:
    """From this month on, paper or not; returns whether something changed."""
    Agent.objects.select_for_update().only("pk").get(pk=agent.pk)
    month = month_of(today())
    current = PaperChoice.objects.filter(agent=agent, valid_to__isnull=True).first()
    if bool(current) == wanted:
        return False
    if current is None:
        PaperChoice.objects.create(agent=agent, valid_from=month, created_at=now())
    elif current.valid_from >= month:
        current.delete()
    else:
        # This month's slip is no longer printed; those of the months before were.
        current.valid_to = month_of(month - timedelta(days=1))
        current.save(update_fields=["valid_to"])
    audit.record("payslip.paper_chosen", actor=agent.pk, subject=agent.pk, request=request, wanted=wanted)
    return True


@transaction.atomic
def note_printed(slips: Iterable[Payslip], *, by: Agent, request: HttpRequest | None = None) -> None:
    """Each slip that goes to the printer is told to its owner, in « Qui a consulté »."""
    for slip in slips:
        audit.record(
            "payslip.printed",
            actor=by.pk,
            subject=slip.agent_id,
            request=request,
            payslip=str(slip.pk),
            period=f"{slip.period:%Y-%m}",
            role=str(Role.PAY_OFFICER.label),
        )
