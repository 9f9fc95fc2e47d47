"""Whatever people do, in whatever order: the balance is the sum of the ledger, and never below zero."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nomade.cases.models import CaseState
from nomade.kernel.errors import Refusal
from nomade.leave.actions import approve_leave, cancel_leave, refuse_leave
from nomade.leave.factories import ask_leave, next_monday, open_rights
from nomade.leave.models import LIVING_STATES, Counter, LeaveRequest
from nomade.leave.rules.periods import Half, Period
from nomade.people.factories import make_supervised_pair

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "approve", "refuse", "cancel", "withdraw"]),
        st.integers(0, 60),
        st.integers(0, 9),
        st.sampled_from(["CA", "RTT"]),
        st.sampled_from(Half),
    ),
    max_size=12,
)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_balance_is_the_sum_of_the_ledger_and_of_what_is_not_taken(
    steps: list[tuple[str, int, int, str, Half]],
) -> None:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    rights = {(c.code, c.year): c.half_days for c in Counter.objects.filter(agent=agent)}
    for what, offset, length, code, half in steps:
        first = next_monday(2) + timedelta(days=offset)
        waiting = list(LeaveRequest.objects.filter(owner=agent).order_by("submitted_at", "reference"))
        chosen = waiting[offset % len(waiting)] if waiting else None
        try:
            if what == "ask":
                ask_leave(agent, Period(first, first + timedelta(days=length), first_half=half), code=code)
            elif chosen is None:
                continue
            elif what == "approve":
                approve_leave(chosen, by=supervisor)
            elif what == "refuse":
                refuse_leave(chosen, by=supervisor, reason="Effectif trop bas.")
            elif what == "cancel":
                cancel_leave(chosen, by=supervisor, reason="À sa demande.")
            else:
                cancel_leave(chosen, by=agent)
        except Refusal:
            continue  # a rule said no: nothing may have moved, which the sums below check
    living = LeaveRequest.objects.filter(owner=agent, state__in=LIVING_STATES)
    taken = sum(leave.half_days for leave in living)
    counters = list(Counter.objects.filter(agent=agent).prefetch_related("entries"))
    for counter in counters:
        assert counter.half_days == sum(entry.half_days for entry in counter.entries.all()) >= 0
    assert sum(counter.half_days for counter in counters) == sum(rights.values()) - taken
    slots = [slot for leave in living for slot in range(leave.first_slot, leave.last_slot + 1)]
    assert len(slots) == len(set(slots))
    for leave in LeaveRequest.objects.filter(owner=agent).exclude(state__in=LIVING_STATES):
        assert sum(leave.entries.values_list("half_days", flat=True)) == 0
        assert leave.state in (CaseState.REFUSED, CaseState.CANCELLED)
