"""The only ways to a pay slip: one's own, once released; batches and imports for pay officers, never their content.

Absent and forbidden look the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse

from nomade.files import store
from nomade.kernel.clock import now, today
from nomade.kernel.compiled import Compiled
from nomade.kernel.encryption import unseal
from nomade.payslips.figures import Figures, figures_in
from nomade.payslips.models import BatchState, LineText, PaperChoice, PayImport, Payslip, PayslipBatch, as_bytes
from nomade.payslips.work import net_context
from nomade.people.access import has_role
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, Assignment, RoleGrant
from nomade.people.roles import Role

View = Callable[..., HttpResponse]


def payslips_of(agent: Agent) -> QuerySet[Payslip]:
    """The released slips of an agent, latest first; sealed amounts are not loaded."""
    return Payslip.objects.of(agent).visible(now()).latest_first().defer("net_sealed")


def every_payslip_of(agent: Agent) -> list[Payslip]:
    """All of them, read."""
    return _ALL.rows(agent=agent.pk, at=now())


_LATEST: Compiled[Payslip] = Compiled(
    lambda agent, at: Payslip.objects.filter(agent_id=agent).visible(at).latest_first().defer("net_sealed")[:1]
)
_ALL: Compiled[Payslip] = Compiled(
    lambda agent, at: Payslip.objects.filter(agent_id=agent).visible(at).latest_first().defer("net_sealed")
)
_ONE: Compiled[Payslip] = Compiled(
    lambda agent, at, pk: Payslip.objects.filter(agent_id=agent, pk=pk).released(at).select_related("file")
)
_BESIDE: Compiled[Payslip] = Compiled(
    lambda agent, at, pk, **same: (
        Payslip.objects.filter(agent_id=agent, **same)
        .released(at)
        .exclude(pk=pk)
        .defer("net_sealed")
        .order_by("-version")
    )
)


def latest_payslip_of(agent: Agent) -> Payslip | None:
    """The first of them."""
    return _LATEST.first(agent=agent.pk, at=now())


def payslip_for(agent: Agent, payslip_id: UUID) -> Payslip:
    """One released slip of this very agent, a replaced one too. Raises Http404: no role opens somebody else's."""
    found = _ONE.first(agent=agent.pk, at=now(), pk=payslip_id)
    if found is None:
        raise Http404
    found.agent = agent
    return found


def versions_beside(payslip: Payslip) -> list[Payslip]:
    """The other released versions of a slip, newest first."""
    same = {"period": payslip.period, "run": payslip.run, "type": payslip.type}
    return _BESIDE.rows(agent=payslip.agent_id, at=now(), pk=payslip.pk, **same)


def net_of(payslip: Payslip) -> Decimal | None:
    """The net paid, or None when the slip does not tell it. Raises `DecryptionFailed`."""
    text = _told(payslip)
    figures = figures_in(text)
    if figures is not None:
        return figures.net
    return Decimal(text) if text else None


def figures_of(payslip: Payslip) -> Figures | None:
    """The lines that the payroll's index gave, or None. Raises `DecryptionFailed`."""
    return figures_in(_told(payslip))


def _told(payslip: Payslip) -> str:
    sealed = as_bytes(payslip.net_sealed)
    return unseal(sealed, context=net_context(payslip.pk, payslip.agent_id)).decode() if sealed else ""


def content_of(payslip: Payslip) -> bytes:
    """The PDF as the payroll made it. Raises `DocumentDamaged` or `DocumentUnavailable`."""
    return store.read(payslip.file)


def is_pay_officer(agent: Agent) -> bool:
    """Whether somebody prepares the slips today."""
    return has_role(agent, Role.PAY_OFFICER)


def pay_officers_only(view: View) -> View:
    """404 for whoever does not hold the role today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_pay_officer(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def writes_explanations(agent: Agent) -> bool:
    """Whether somebody explains the lines of slips: the pay office, or human resources for the whole organisation."""
    whole = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.HR_OFFICER, perimeter__isnull=True)
    return is_pay_officer(agent) or bool(whole.exists())


def explanations_only(view: View) -> View:
    """404 for whoever does not write explanations today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not writes_explanations(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def versions_of_line(start: str) -> QuerySet[LineText]:
    """Every explanation that was written for a line, latest first."""
    return LineText.objects.filter(start=start).select_related("created_by").order_by("-version")


def latest_imports() -> QuerySet[PayImport]:
    """The files sent, latest first; the reports, which may be long, are not loaded."""
    return PayImport.objects.select_related("uploaded_by", "batch").defer("report").order_by("-created_at")


def latest_batches() -> QuerySet[PayslipBatch]:
    """The batches, latest first, with the number of slips still given out."""
    kept = Count("payslips", filter=Q(payslips__recalled_at__isnull=True))
    return (
        PayslipBatch.objects.select_related("imported_by", "released_by", "recalled_by")
        .annotate(kept=kept)
        .order_by("-created_at")
    )


def batches_to_release(officer: Agent) -> QuerySet[PayslipBatch]:
    """Those that wait for somebody other than who imported them."""
    return latest_batches().filter(state=BatchState.READY).exclude(imported_by=officer)


def import_or_404(sent_id: UUID) -> PayImport:
    """One file sent by a pay officer."""
    found = PayImport.objects.select_related("uploaded_by", "batch").filter(pk=sent_id).first()
    if found is None:
        raise Http404
    return found


def batch_or_404(batch_id: UUID) -> PayslipBatch:
    """One batch."""
    found = latest_batches().filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def slips_of_batch(batch: PayslipBatch, matricule: str) -> QuerySet[Payslip]:
    """The slips of one matricule in a batch: what a pay officer recalls one by one. Their content stays closed."""
    found = batch.payslips.filter(matricule=matricule).select_related("agent", "recalled_by")
    return found.defer("net_sealed").order_by("period", "version")


def batch_slip_or_404(batch: PayslipBatch, payslip_id: UUID) -> Payslip:
    """One slip of a batch."""
    found = batch.payslips.select_related("agent").defer("net_sealed").filter(pk=payslip_id).first()
    if found is None:
        raise Http404
    return found


def paper_choice_of(agent: Agent) -> PaperChoice | None:
    """The choice of paper that holds, or None."""
    return PaperChoice.objects.filter(agent=agent, valid_to__isnull=True).first()


def paper_slips(month: date) -> QuerySet[Payslip]:
    """The slips of a month that are also sent on paper, by unit then by name: as they are handed out."""
    placed = Assignment.objects.on(today()).filter(agent=OuterRef("agent"), is_main=True)
    choosing = PaperChoice.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=month), valid_from__lte=month)
    return (
        Payslip.objects.visible(now())
        .filter(period=month, agent__in=choosing.values("agent"))
        .select_related("agent", "file")
        .defer("net_sealed")
        .annotate(unit=Subquery(placed.values("unit__path")[:1]), unit_label=Subquery(placed.values("unit__label")[:1]))
        .order_by(F("unit").asc(nulls_last=True), "agent__sort_name", "type", "run", "version", "pk")
    )
