"""Steps by type and length, the N+2, HR, days that a unit reserves: who is asked, who may answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.access import may_decide, request_for, requests_to_decide
from nomade.leave.actions import approve_leave, submit_leave
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import ForbiddenPeriod, LeaveRequest, LeaveType, MinimumPresence
from nomade.leave.previews import Wish, preview_of
from nomade.leave.rules.circuits import circuit, escalation_due, reminder_due, step_after
from nomade.leave.rules.periods import Period
from nomade.notifications.models import Notification
from nomade.people.factories import ENTRY, grant, make_agent, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role


def test_a_long_absence_needs_the_second_level_after_the_first() -> None:
    assert circuit(["supervisor"], 20, 19) == ("supervisor",)
    assert circuit(["supervisor"], 20, 20) == ("supervisor", "second")
    assert circuit(["supervisor", "hr"], 20, 40) == ("supervisor", "second", "hr")
    assert circuit(["hr"], 20, 40) == ("hr",)
    assert circuit([], None, 2) == ()
    assert [step_after(("supervisor", "hr"), said) for said in (0, 1, 2)] == ["supervisor", "hr", ""]


def test_a_reminder_goes_the_day_before_the_promise_and_the_escalation_after_it_or_before_silence() -> None:
    promised, silence = date(2026, 3, 9), date(2026, 5, 2)
    assert not reminder_due(promised, date(2026, 3, 8), reminded=False)
    assert reminder_due(promised, date(2026, 3, 9), reminded=False)
    assert not reminder_due(promised, date(2026, 3, 9), reminded=True)
    assert not escalation_due(promised, silence, promised, days_before_silence=15)
    assert escalation_due(promised, silence, date(2026, 3, 10), days_before_silence=15)
    assert escalation_due(date(2026, 6, 1), silence, date(2026, 4, 17), days_before_silence=15)


class Ladder:
    """An agent, the N+1, the N+2 and an HR officer of their department."""

    def __init__(self) -> None:
        self.second = make_agent("Nora", "Chef", unit=make_unit("DEVE"))
        unit = make_unit("DEVE/J15")
        self.first = make_agent("Mehdi", "Benali", unit=unit, supervisor=self.second)
        self.agent = make_agent(unit=unit, supervisor=self.first)
        self.hr = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
        grant(self.hr, Role.HR_OFFICER, make_unit("DEVE"))
        open_rights(self.agent, self.first)

    @property
    def people(self) -> list[Agent]:
        return [self.agent, self.first, self.second, self.hr]

    def deciding(self, leave: LeaveRequest) -> list[bool]:
        return [may_decide(person, leave) for person in self.people]

    def listed(self, leave: LeaveRequest) -> list[bool]:
        return [requests_to_decide(person).filter(pk=leave.pk).exists() for person in self.people]


@pytest.fixture
def ladder(db: None) -> Ladder:
    return Ladder()


def test_each_step_is_answered_by_its_own_people_only_and_the_last_one_validates(ladder: Ladder) -> None:
    LeaveType.objects.filter(code="CA").update(levels=["supervisor", "hr"], second_level_from=4)
    leave = ask_leave(ladder.agent, week_of(next_monday(2), 3))
    expected = {ladder.first: [False, True, False, False], ladder.second: [False, False, True, False]}
    expected[ladder.hr] = [False, False, False, True]
    for person, who in expected.items():
        assert (ladder.deciding(leave), ladder.listed(leave)) == (who, who)
        assert leave.state == CaseState.SUBMITTED
        told = Notification.objects.filter(agent=person, kind="leave.submitted")
        assert told.exists()
        leave = approve_leave(leave, by=person, version=leave.version)
    assert (leave.state, leave.decided_by, leave.waits_for) == (CaseState.APPROVED, ladder.hr, "")


def test_nobody_answers_for_another_step(ladder: Ladder) -> None:
    leave = ask_leave(ladder.agent, week_of(next_monday(2), 1))
    for person in (ladder.agent, ladder.second, ladder.hr):
        with pytest.raises(Refusal):
            approve_leave(leave, by=person)
    assert request_for(ladder.hr, leave.pk) == leave


def test_an_hr_officer_never_decides_their_own_request_even_at_the_hr_step(ladder: Ladder) -> None:
    LeaveType.objects.filter(code="CA").update(levels=["hr"])
    grant(ladder.agent, Role.HR_OFFICER)
    leave = ask_leave(ladder.agent, week_of(next_monday(2), 1))
    assert ladder.deciding(leave) == [False, False, False, True]
    assert ladder.listed(leave) == [False, False, False, True]


def test_a_second_level_that_nobody_holds_is_left_out(db: None) -> None:
    LeaveType.objects.filter(code="CA").update(second_level_from=1)
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    agent = make_agent(unit=unit, supervisor=head)
    open_rights(agent)
    assert approve_leave(ask_leave(agent), by=head).state == CaseState.APPROVED


def test_what_needs_no_agreement_is_recorded_at_once_and_the_supervisor_is_told_without_its_kind(
    ladder: Ladder,
) -> None:
    LeaveType.objects.filter(code="GREVE").update(levels=[])
    leave = submit_leave(ladder.agent, leave_type("GREVE"), week_of(next_monday(2), 1))
    assert (leave.state, leave.promised_on, leave.waits_for) == (CaseState.APPROVED, None, "")
    (told,) = Notification.objects.filter(agent=ladder.first)
    assert told.title.startswith("Absence de Camille Durand le ")
    assert "rève" not in told.title + told.body


def test_reserved_days_stop_a_leave_of_ones_choice_but_neither_a_right_nor_what_the_supervisor_types(
    ladder: Ladder,
) -> None:
    monday = next_monday(2)
    ForbiddenPeriod.objects.create(
        unit=make_unit("DEVE"), first_day=monday, last_day=monday, reason="Fête des jardins", set_by=ladder.second
    )
    with pytest.raises(Refusal, match="Fête des jardins") as said:
        ask_leave(ladder.agent, week_of(monday, 2))
    assert "saisir l’absence pour vous" in said.value.message
    assert said.value.rule
    assert [
        refusal.message for refusal in preview_of(ladder.agent, Wish(leave_type(), week_of(monday, 2))).refusals
    ] == [said.value.message]
    leave = submit_leave(ladder.agent, leave_type(), week_of(monday, 2), by=ladder.first)
    assert (leave.state, leave.entered_by) == (CaseState.SUBMITTED, ladder.first)
    told = Notification.objects.get(agent=ladder.agent)
    assert told.title.startswith("Mehdi Benali a saisi pour vous une absence")


def test_the_preview_warns_of_the_minimum_of_the_team_and_lets_the_request_go(ladder: Ladder) -> None:
    unit = make_unit("DEVE/J15")
    MinimumPresence.objects.create(unit=unit, people=2, valid_from=ENTRY, set_by=ladder.first)
    period = week_of(next_monday(2), 1)
    (warning,) = preview_of(ladder.agent, Wish(leave_type(), period)).warnings
    assert " : 1, minimum 2" in warning
    assert ask_leave(ladder.agent, period).state == CaseState.SUBMITTED


def test_while_the_supervisor_is_away_without_a_delegation_the_second_is_asked_too(ladder: Ladder) -> None:
    first = today()
    away = Period(first, first + timedelta(days=25))
    LeaveRequest.of_period(
        away, owner=ladder.first, leave_type=leave_type(), reference="C-2026-999999", half_days=30, state="approved"
    ).save()
    leave = ask_leave(ladder.agent, week_of(next_monday(6), 1))
    assert ladder.deciding(leave) == [False, True, True, False]
    assert ladder.listed(leave) == [False, True, True, False]
    assert Notification.objects.filter(agent=ladder.second, kind="leave.submitted").count() == 1
    deputy = make_agent("Léa", "Adjointe", unit=make_unit("DEVE/J15"))
    Delegation.objects.create(
        giver=ladder.first,
        receiver=deputy,
        valid_from=first,
        valid_to=first + timedelta(days=30),
        created_by=ladder.first,
    )
    covered = ask_leave(ladder.agent, week_of(next_monday(7), 1))
    assert ladder.deciding(covered) == [False, True, False, False]
    assert may_decide(deputy, covered)
