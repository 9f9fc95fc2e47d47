"""What an HR officer may see and change of leave: the people of their perimeter, never themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse

from nomade.kernel.clock import today
from nomade.leave.models import (
    AccountChoice,
    Correction,
    CorrectionState,
    Counter,
    LeaveRequest,
    LeaveRequestQuerySet,
    Operation,
    SavingRequest,
)
from nomade.leave.rules.validity import CET
from nomade.people.access import agents_in_perimeter, has_role
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, OrgUnit, RoleGrant
from nomade.people.roles import Role

View = Callable[..., HttpResponse]


def hr_only(view: View) -> View:
    """404 for whoever is no HR officer today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_hr(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def rules_only(view: View) -> View:
    """404 for whoever does not keep the rules of the whole organisation."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not keeps_the_rules(request.agent):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def hr_or_pay(view: View) -> View:
    """404 for whoever is neither an HR officer nor a pay officer today."""

    @wraps(view)
    def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (is_hr(request.agent) or has_role(request.agent, Role.PAY_OFFICER)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def is_hr(agent: Agent) -> bool:
    return has_role(agent, Role.HR_OFFICER)


def keeps_the_rules(agent: Agent) -> bool:
    """Whether somebody may change the types of absence: HR over the whole organisation, since they are everybody's."""
    grants = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.HR_OFFICER, perimeter__isnull=True)
    return bool(grants.exists())


def agents_managed(by: Agent) -> QuerySet[Agent]:
    """The people whose counters an HR officer keeps; never oneself."""
    return agents_in_perimeter(by, Role.HR_OFFICER).exclude(pk=by.pk)


def agent_managed(by: Agent, agent_id: int) -> Agent:
    """One of them. Raises Http404 whether absent or outside the perimeter."""
    found = agents_managed(by).filter(pk=agent_id).first()
    if found is None:
        raise Http404
    return found


def agents_paid(by: Agent) -> QuerySet[Agent]:
    """Those whose absences somebody exports for pay: the perimeter of a pay officer, or of an HR officer."""
    if has_role(by, Role.PAY_OFFICER):
        return agents_in_perimeter(by, Role.PAY_OFFICER)
    return agents_managed(by)


def requests_managed(by: Agent) -> LeaveRequestQuerySet:
    """The absences of the perimeter."""
    return LeaveRequest.objects.filter(owner__in=agents_managed(by).values("pk")).with_type().select_related("owner")


def units_managed(by: Agent) -> QuerySet[OrgUnit]:
    """The units of the perimeter, and all below them."""
    grants = list(RoleGrant.objects.on(today()).filter(agent=by, role=Role.HR_OFFICER).select_related("perimeter"))
    if any(grant.perimeter is None for grant in grants):
        return OrgUnit.objects.existing(today()).order_by("path")
    inside = Q(pk__in=[])
    for grant in grants:
        inside |= Q(path=grant.perimeter.path) | Q(path__startswith=f"{grant.perimeter.path}/")
    return OrgUnit.objects.existing(today()).filter(inside).order_by("path")


def corrections_waiting(by: Agent) -> QuerySet[Correction]:
    """Those that wait for a second reading by somebody of the perimeter; one's own are shown, and cannot be read."""
    waiting = Correction.objects.filter(state=CorrectionState.WAITING, agent__in=agents_managed(by).values("pk"))
    return waiting.select_related("agent", "author").order_by("created_at")


def correction_for(by: Agent, correction_id: int) -> Correction:
    """A correction to read. Raises Http404 outside the perimeter."""
    found = corrections_waiting(by).filter(pk=correction_id).first()
    if found is None:
        raise Http404
    return found


def operations_visible_to(by: Agent) -> QuerySet[Operation]:
    """One's own, those of the units of the perimeter, and for HR of the whole organisation all of them."""
    found = Operation.objects.select_related("author", "unit", "undone_by").order_by("-created_at", "-pk")
    if keeps_the_rules(by):
        return found
    return found.filter(Q(author=by) | Q(unit__in=units_managed(by).values("pk")))


def operation_for(by: Agent, operation_id: int) -> Operation:
    """One of them. Raises Http404 otherwise."""
    found = operations_visible_to(by).filter(pk=operation_id).first()
    if found is None:
        raise Http404
    return found


def savings_managed(by: Agent) -> QuerySet[SavingRequest]:
    """What the agents of the perimeter ask to save on their CET; never one's own."""
    managed = SavingRequest.objects.filter(owner__in=agents_managed(by).values("pk"))
    return managed.select_related("owner", "decided_by")


def saving_managed(by: Agent, saving_id: uuid.UUID) -> SavingRequest:
    """One of them. Raises Http404 otherwise."""
    found = savings_managed(by).filter(pk=saving_id).first()
    if found is None:
        raise Http404
    return found


def accounts_above(by: Agent, threshold: int, year: int) -> QuerySet[Counter]:
    """The accounts of the perimeter above a number of half-days, with the choice made for a year, the largest first."""
    chosen = AccountChoice.objects.filter(agent=OuterRef("agent"), year=year)
    held = Counter.objects.filter(code=CET, half_days__gt=threshold, agent__in=agents_managed(by).values("pk"))
    return (
        held.select_related("agent")
        .annotate(option=Subquery(chosen.values("option")[:1]))
        .order_by("-half_days", "agent__sort_name")
    )
