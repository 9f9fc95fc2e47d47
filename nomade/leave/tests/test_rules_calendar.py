"""Holidays, cycles and the reasons given for each half-day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.kernel.months import add_months
from nomade.leave.rules.counting import Why, count
from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.decisions import promised_answer
from nomade.leave.rules.holidays import easter_sunday, holidays_between, public_holidays
from nomade.leave.rules.parameters import Law, MissingParameter, Proration, shipped_parameters
from nomade.leave.rules.periods import Half, Period, half_of
from nomade.leave.rules.rights import share_of_year

LAW = Law(shipped_parameters())
ALSACE = Law(shipped_parameters(), populations=("alsace-moselle",))
DAYS = st.dates(date(2009, 1, 1), date(2100, 12, 31))
WEEKS = st.lists(st.text("1ap0", min_size=7, max_size=7), min_size=1, max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("monday", "ascension", "whit_monday", "good_friday"),
    [
        ("2025-04-21", "2025-05-29", "2025-06-09", "2025-04-18"),
        ("2026-04-06", "2026-05-14", "2026-05-25", "2026-04-03"),
        ("2027-03-29", "2027-05-06", "2027-05-17", "2027-03-26"),
    ],
)
def test_mobile_holidays_are_those_of_the_domain_page(
    monday: str, ascension: str, whit_monday: str, good_friday: str
) -> None:
    year = int(monday[:4])
    names = {name: day.isoformat() for day, name in public_holidays(year, ALSACE).items()}
    assert names["Lundi de Pâques"] == monday
    assert names["Ascension"] == ascension
    assert names["Lundi de Pentecôte"] == whit_monday
    assert names["Vendredi saint"] == good_friday


@pytest.mark.parametrize(("year", "day"), [(1818, (3, 22)), (1943, (4, 25)), (2000, (4, 23)), (2285, (3, 22))])
def test_easter_reaches_its_earliest_and_latest_dates(year: int, day: tuple[int, int]) -> None:
    assert easter_sunday(year) == date(year, *day)


@given(st.integers(2009, 2300))
def test_france_has_eleven_holidays_and_alsace_moselle_thirteen(year: int) -> None:
    common = 1 if easter_sunday(year) + timedelta(days=39) in {date(year, 5, 1), date(year, 5, 8)} else 0
    assert len(public_holidays(year, LAW)) == 11 - common
    assert len(public_holidays(year, ALSACE)) == 13 - common


def test_a_figure_before_every_text_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(MissingParameter):
        public_holidays(1789, LAW)


def test_a_rotation_follows_its_weeks_from_the_anchor_in_both_directions() -> None:
    cycle = Cycle(("1111000", "0011110", "ap00000"), anchor=date(2026, 11, 25))
    monday = date(2026, 11, 23)
    assert cycle.halves_worked(monday) == {Half.MORNING, Half.AFTERNOON}
    assert cycle.halves_worked(monday + timedelta(weeks=1)) == frozenset()
    assert cycle.halves_worked(monday + timedelta(weeks=2)) == {Half.MORNING}
    assert cycle.halves_worked(monday - timedelta(days=6)) == {Half.AFTERNOON}
    assert cycle.weekly_half_days == Fraction(8 + 8 + 2, 3)


@pytest.mark.parametrize("weeks", [(), ("111110",), ("11111x0",)])
def test_a_cycle_that_is_not_seven_signs_a_week_is_refused(weeks: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="week"):
        Cycle(weeks)


def test_each_uncounted_half_day_says_why() -> None:
    table = Timetable([Engagement(date(2026, 1, 1), date(2026, 7, 19), Cycle(("11a1100",)))])
    period = Period(date(2026, 7, 13), date(2026, 7, 20))
    result = count(period, table, holidays_between(period.first_day, period.last_day, LAW))
    why = {(half.day.day, half.half): half.why for half in result.halves}
    assert why[13, Half.MORNING] is Why.WORKED
    assert why[14, Half.MORNING] is Why.HOLIDAY
    assert why[15, Half.MORNING] is Why.WORKED
    assert why[15, Half.AFTERNOON] is Why.OWN_DAY_OFF
    assert why[18, Half.MORNING] is Why.REST
    assert why[20, Half.MORNING] is Why.NOT_IN_SERVICE
    assert [half.name for half in result.halves if half.why is Why.HOLIDAY] == ["Fête nationale"] * 2
    assert result.half_days == 2 + 1 + 2 + 2


def test_a_change_of_cycle_inside_a_leave_is_judged_day_by_day() -> None:
    full, part = Cycle(("1111100",)), Cycle(("1101100",))
    table = Timetable([Engagement(date(2026, 1, 1), date(2026, 6, 9), full), Engagement(date(2026, 6, 10), None, part)])
    result = count(Period(date(2026, 6, 1), date(2026, 6, 12)), table, {})
    assert result.half_days == 10 + 8


@given(WEEKS, DAYS, st.integers(0, 120), st.sampled_from(Half), st.sampled_from(Half))
def test_a_count_split_anywhere_is_the_sum_of_its_parts(
    weeks: tuple[str, ...], first: date, length: int, first_half: Half, last_half: Half
) -> None:
    last = first + timedelta(days=length)
    if (first, first_half) > (last, last_half):
        first_half, last_half = last_half, first_half
    period = Period(first, last, first_half, last_half)
    table = Timetable([Engagement(date.min, None, Cycle(weeks))])
    holidays = holidays_between(first, last, LAW)
    whole = count(period, table, holidays)
    assert whole.half_days == sum(whole.by_year().values()) == sum(whole.days_counted().values())
    assert 0 <= whole.half_days <= len(whole.halves) == period.last_slot - period.first_slot + 1
    middle = (period.first_slot + period.last_slot) // 2
    if middle < period.last_slot:
        left = Period(first, half_of(middle)[0], first_half, half_of(middle)[1])
        right = Period(half_of(middle + 1)[0], last, half_of(middle + 1)[1], last_half)
        assert count(left, table, holidays).half_days + count(right, table, holidays).half_days == whole.half_days
        assert not left.overlaps(right)


@given(DAYS, st.integers(1, 364), st.sampled_from(Proration))
def test_the_parts_of_a_year_make_the_year(first: date, length: int, method: Proration) -> None:
    year = first.year
    before = share_of_year(date(year, 1, 1), first - timedelta(days=1), year, method)
    assert before + share_of_year(first, None, year, method) == 1
    part = share_of_year(first, first + timedelta(days=length), year, method)
    assert 0 < part <= 1


def test_a_morning_and_the_afternoon_of_the_same_day_do_not_overlap() -> None:
    day = date(2026, 6, 11)
    morning = Period(day, day, Half.MORNING, Half.MORNING)
    afternoon = Period(day, day, Half.AFTERNOON, Half.AFTERNOON)
    assert not morning.overlaps(afternoon)
    assert morning.overlaps(Period(day, day))
    with pytest.raises(ValueError, match="ends before"):
        Period(day, day, Half.AFTERNOON, Half.MORNING)


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_the_promised_answer_skips_days_that_nobody_works() -> None:
    holidays = holidays_between(date(2026, 1, 1), date(2026, 12, 31), LAW)
    asked = date(2026, 7, 10)
    assert promised_answer(asked, LAW, lambda day: day.weekday() < 5 and day not in holidays) == date(2026, 7, 20)
