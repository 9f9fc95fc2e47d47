"""From which counters a request takes its days, and what it does to other absences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.actions import approve_leave, submit_leave
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.facts import assess, timetables
from nomade.leave.models import Closure, Counter, DayException, EntryKind, LeaveRequest, LedgerEntry
from nomade.leave.rules.allocation import Pot, allocate
from nomade.leave.rules.periods import Half, Period
from nomade.people.factories import make_agent, make_cycle, make_supervised_pair, make_unit
from nomade.people.models import Agent

JANUARY = date(2027, 1, 4)


def pot(key: int, left: int, first: date, last: date | None, place: int = 0) -> Pot:
    return Pot(key, "CA", 2026, left, first, last, place)


def test_what_expires_first_is_taken_first_and_the_rest_elsewhere() -> None:
    carried = pot(1, 3, date(2026, 1, 1), date(2027, 3, 31))
    annual = pot(2, 50, date(2027, 1, 1), date(2027, 12, 31))
    account = pot(3, 20, date(1900, 1, 1), None)
    found = allocate({JANUARY: 2, JANUARY + timedelta(days=1): 2}, [account, annual, carried])
    assert {share.pot.key: share.half_days for share in found.shares} == {1: 3, 2: 1}
    assert not found.missing


def test_a_day_is_never_taken_from_a_right_that_is_not_good_that_day() -> None:
    old = pot(1, 10, date(2026, 1, 1), date(2026, 12, 31))
    found = allocate({date(2026, 12, 31): 2, JANUARY: 2}, [old])
    assert [share.half_days for share in found.shares] == [2]
    assert found.missing == {JANUARY: 2}


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 20), st.integers(0, 20)), max_size=4),
    st.sets(st.integers(0, 20), max_size=12),
)
def test_shares_never_pass_a_counter_and_miss_only_what_nobody_could_give(
    pots: list[tuple[int, int, int]], offsets: set[int]
) -> None:
    known = [
        pot(key, left, JANUARY + timedelta(days=min(a, b)), JANUARY + timedelta(days=max(a, b)))
        for key, (left, a, b) in enumerate(pots)
    ]
    days = {JANUARY + timedelta(days=offset): 2 for offset in offsets}
    found = allocate(days, known)
    given_by_day = dict.fromkeys(days, 0)
    for share in found.shares:
        assert share.half_days <= share.pot.left
        for day, halves in share.days.items():
            assert share.pot.covers(day)
            given_by_day[day] += halves
    assert {day: given_by_day[day] + found.missing.get(day, 0) for day in days} == days
    for day in found.missing:
        covering = [one for one in known if one.covers(day)]
        spent = {share.pot.key: share.half_days for share in found.shares}
        assert all(spent.get(one.key, 0) == one.left for one in covering)


@pytest.fixture
def pair(db: None) -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    return agent, supervisor


def give(agent: Agent, code: str, half_days: int, *, year: int, until: date | None) -> Counter:
    counter = Counter.objects.create(agent=agent, code=code, year=year, expires_on=until)
    LedgerEntry.objects.create(
        counter=counter, kind=EntryKind.RIGHT, half_days=half_days, date=today(), author=None, reason="Essai"
    )
    return counter


def test_annual_leave_takes_a_carry_over_before_the_year(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(2)
    carried = give(agent, "REPORT_SANTE", 3, year=monday.year - 1, until=monday + timedelta(days=2))
    shown = assess(agent, leave_type(), week_of(monday)).balances
    assert [(change.code, change.used, change.label) for change in shown] == [
        ("REPORT_SANTE", 3, "Report santé"),
        ("CA", 7, "Congés annuels"),
    ]
    leave = ask_leave(agent, week_of(monday))
    carried.refresh_from_db()
    assert carried.half_days == 0
    assert sorted(leave.entries.values_list("half_days", flat=True)) == [-7, -3]


def test_the_account_is_not_open_to_who_has_none_and_goes_by_whole_days(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(2)
    with pytest.raises(Refusal, match="pas de compteur ouvert"):
        ask_leave(agent, week_of(monday, 1), code="CET")
    give(agent, "CET", 20, year=0, until=None)
    with pytest.raises(Refusal, match="jours entiers"):
        ask_leave(agent, Period(monday, monday, Half.MORNING, Half.MORNING), code="CET")
    assert ask_leave(agent, week_of(monday, 1), code="CET").half_days == 2


def test_leave_cancels_the_telework_it_covers_and_keeps_the_rest(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(2)
    telework = ask_leave(agent, week_of(monday, 2), code="TELETRAVAIL")
    ask_leave(agent, week_of(monday, 1))
    telework.refresh_from_db()
    assert telework.state == CaseState.CANCELLED
    kept = LeaveRequest.objects.living().get(leave_type__code="TELETRAVAIL")
    assert (kept.first_day, kept.half_days, kept.replaces) == (monday + timedelta(days=1), 2, telework)


def test_a_fourth_day_of_telework_in_a_week_is_refused(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(2)
    ask_leave(agent, week_of(monday, 2), code="TELETRAVAIL")
    with pytest.raises(Refusal, match="3 jours au plus"):
        ask_leave(agent, week_of(monday + timedelta(days=2), 2), code="TELETRAVAIL")
    assert ask_leave(agent, week_of(monday + timedelta(days=2), 1), code="TELETRAVAIL").half_days == 2


def test_an_illness_within_a_leave_gives_its_days_back(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    monday = next_monday(2)
    before = sum(Counter.objects.filter(agent=agent, code="CA").values_list("half_days", flat=True))
    approve_leave(ask_leave(agent, week_of(monday)), by=supervisor)
    illness = Period(monday + timedelta(days=2), monday + timedelta(days=11))
    sick = submit_leave(agent, leave_type("MALADIE"), illness)
    assert sick.half_days == 20
    kept = LeaveRequest.objects.living().get(leave_type__code="CA")
    assert (kept.half_days, kept.state, kept.decided_by) == (4, CaseState.APPROVED, supervisor)
    after = sum(Counter.objects.filter(agent=agent, code="CA").values_list("half_days", flat=True))
    assert before - after == 4


def test_a_special_absence_has_its_number_of_days(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(4)
    with pytest.raises(Refusal, match="6 jours par demande"):
        ask_leave(agent, Period(monday, monday + timedelta(days=11)), code="ASA_MARIAGE")
    assert ask_leave(agent, week_of(monday), code="ASA_MARIAGE").half_days > 0


def test_a_part_time_day_moved_once_moves_the_count(pair: tuple[Agent, Agent]) -> None:
    _agent, supervisor = pair
    agent = make_agent(cycle=make_cycle("LM-JV", ("1101100",)), quotite=80)
    open_rights(agent)
    monday = next_monday(2)
    for offset, sign in ((2, "1"), (3, "0")):
        DayException.objects.create(
            agent=agent, day=monday + timedelta(days=offset), sign=sign, reason="Réunion", author=supervisor
        )
    wednesday, thursday = monday + timedelta(days=2), monday + timedelta(days=3)
    assert assess(agent, leave_type(), Period(wednesday, wednesday)).judgement.count.half_days == 2
    assert assess(agent, leave_type(), Period(thursday, thursday)).judgement.count.half_days == 0
    assert assess(agent, leave_type(), week_of(monday)).judgement.count.half_days == 8


def test_a_closure_costs_nothing_to_those_of_the_unit_and_below(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    elsewhere = make_agent(unit=make_unit("DSIN"))
    open_rights(elsewhere)
    monday = next_monday(2)
    Closure.objects.create(unit=make_unit("DEVE"), label="Inventaire", first_day=monday, last_day=monday)
    halves = assess(agent, leave_type(), week_of(monday)).judgement.count.halves
    assert [half.name for half in halves if not half.counted] == ["Inventaire", "Inventaire"]
    assert assess(elsewhere, leave_type(), week_of(monday)).judgement.count.half_days == 10
    assert timetables([agent.pk], monday, monday)[agent.pk].halves_worked(monday) == frozenset()


def test_a_cycle_that_works_holidays_counts_them(db: None) -> None:
    cycle = make_cycle("7J7", ("1111111",))
    cycle.works_holidays = True
    cycle.save()
    agent = make_agent(cycle=cycle)
    christmas = date(today().year, 12, 25)
    table = timetables([agent.pk], christmas, christmas)[agent.pk]
    assert table.works_on_holidays(christmas)
