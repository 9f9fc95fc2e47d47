"""Who may see and decide which request: the only ways in. Absent and forbidden look the same."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404

from nomade.leave.models import LeaveRequest, LeaveRequestQuerySet
from nomade.people.access import agents_in_perimeter, deciders_for, supervised_by
from nomade.people.models import Agent
from nomade.people.roles import Role


def requests_of(agent: Agent) -> LeaveRequestQuerySet:
    """An agent's own requests."""
    return LeaveRequest.objects.filter(owner=agent).with_type()


def requests_visible_to(agent: Agent) -> LeaveRequestQuerySet:
    """One's own, those of whom one supervises (or stands in for), and for an HR officer those of the perimeter."""
    return LeaveRequest.objects.filter(
        Q(owner=agent)
        | Q(owner__in=supervised_by(agent).values("pk"))
        | Q(owner__in=agents_in_perimeter(agent, Role.HR_OFFICER).values("pk"))
    ).with_type()


def requests_to_decide(agent: Agent) -> LeaveRequestQuerySet:
    """Those that wait for this person's decision, the oldest first."""
    waiting = LeaveRequest.objects.pending().filter(owner__in=supervised_by(agent).values("pk"))
    return waiting.with_type().select_related("owner").order_by("submitted_at")


def request_for(agent: Agent, request_id: uuid.UUID) -> LeaveRequest:
    """The request, for somebody who may see it. Raises Http404 whether it is absent or not theirs to see."""
    found = requests_visible_to(agent).select_related("owner", "decided_by").filter(pk=request_id).first()
    if found is not None:
        return found
    # A head two units above decides for a unit without a head, which the set of those one supervises does not hold.
    distant = LeaveRequest.objects.with_type().select_related("owner", "decided_by").filter(pk=request_id).first()
    if distant is None or not may_decide(agent, distant):
        raise Http404
    return distant


def may_decide(agent: Agent, leave: LeaveRequest) -> bool:
    """Whether somebody may decide a request: supervisor or delegate, or HR of the perimeter when there is nobody.

    Never one's own, directly, by delegation or as HR (domain § 1.10).
    """
    if leave.owner_id == agent.pk:
        return False
    deciders = deciders_for(leave.owner)
    if deciders:
        return agent in deciders
    return manages(agent, leave)


def manages(agent: Agent, leave: LeaveRequest) -> bool:
    """Whether somebody is an HR officer over the owner of a request, and not that owner."""
    if leave.owner_id == agent.pk:
        return False
    return agents_in_perimeter(agent, Role.HR_OFFICER).filter(pk=leave.owner_id).exists()
