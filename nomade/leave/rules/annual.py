"""Annualised hours: a year is a sum of hours to work, planned week by week, and each hour done is counted once.

Leave itself stays counted in days (CAA Paris 29-01-2008): only the account of hours speaks of hours. The hours due are
those of work alone (1 607 h at full time, décret 2001-623 art. 1: leave and holidays are already out of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import slot_of

MONTHS = 12


@dataclass(frozen=True)
class Hours:
    """What an engagement says of hours: those due in a year at full time, those of each week of its cycle."""

    annual_minutes: int
    weekly_minutes: int
    quotite: Fraction
    # Minutes planned in each week of the cycle; empty: the weekly duration of the agent, whatever the week.
    week_minutes: tuple[int, ...] = ()


@dataclass(frozen=True)
class MonthOfHours:
    """A month of the account, in minutes: what the plan says, what absences leave out, what counts as done."""

    first: date
    planned: int
    # Planned hours of absences that count as work (illness, training, strike already withheld from pay).
    credited: int
    # Planned hours of leave: the plan is above the hours due by as much, so they are not done and not owed either.
    left_out: int
    # Of `planned`, what is still to come.
    to_come: int

    @property
    def counted(self) -> int:
        """What the month brings to the account, once it is over."""
        return self.planned - self.left_out


@dataclass(frozen=True)
class HoursAccount:
    """The hours of an agent in a year, in minutes."""

    year: int
    due: int
    months: tuple[MonthOfHours, ...]
    # Hours done beyond the plan, or missed, as a supervisor or HR wrote them.
    adjusted: int
    done: int
    to_come: int

    @property
    def forecast(self) -> int:
        """What the year ends with, if the plan is followed: hours beyond those due, below zero hours owed."""
        return self.done + self.to_come - self.due


def minutes_planned(engagement: Engagement, hours: Hours, day: date, halves: int) -> Fraction:
    """The minutes of some halves of a day: the week's hours, spread evenly over the halves worked in that week."""
    monday = day - timedelta(days=day.weekday())
    cycle = engagement.cycle
    in_week = sum(len(cycle.halves_worked(monday + timedelta(days=offset))) for offset in range(7))
    if hours.week_minutes:
        week = Fraction(hours.week_minutes[_place(cycle, monday) % len(hours.week_minutes)])
    else:
        week = Fraction(hours.weekly_minutes) * hours.quotite
    if not in_week:
        # A day moved into a week of rest is worth a day of an average week.
        average = cycle.weekly_half_days
        return Fraction(hours.weekly_minutes) * hours.quotite * halves / average if average else Fraction(0)
    return week * halves / in_week


def _place(cycle: Cycle, monday: date) -> int:
    start = cycle.anchor - timedelta(days=cycle.anchor.weekday())
    return (monday - start).days // 7 % len(cycle.weeks)


def minutes_due(engagements: Iterable[Engagement], year: int) -> int:
    """The hours due in a year: each stretch for its days, at its quotité."""
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    due = Fraction(0)
    for engagement in engagements:
        if engagement.hours is None:
            continue
        first = max(engagement.first, date(year, 1, 1))
        last = min(engagement.last or date.max, date(year, 12, 31))
        if first <= last:
            share = Fraction((last - first).days + 1, length)
            due += engagement.hours.annual_minutes * engagement.hours.quotite * share
    return round(due)


def counts_as_work(group: str, on: date, law: Law) -> bool:
    """Whether planned hours of an absence of a group are held as done (local rule, by parity with the circular on RTT).

    Annual leave, RTT and days to recover are not: the hours due leave them out already, or the extra hours were
    counted when they were done. Illness, family, training, special absences and a strike (already withheld) are.
    """
    return law.says_yes("annual.counts", on, group)


def account_of_hours(
    timetable: Timetable,
    holidays: Mapping[date, str],
    absent: Mapping[int, str],
    *,
    year: int,
    on: date,
    adjusted: int,
    law: Law,
) -> HoursAccount | None:
    """The account of a year on a day; None for who has no annualised hours in it.

    `absent`: the group of the absence that holds each half-day. `on` is the first day that is still to come.
    """
    engagements = [one for one in timetable.engagements if one.hours is not None]
    if not engagements:
        return None
    months = [_month(date(year, number, 1), timetable, holidays, absent, on, law) for number in range(1, MONTHS + 1)]
    to_come = sum(month.to_come for month in months)
    counted = sum(month.counted for month in months)
    return HoursAccount(
        year=year,
        due=minutes_due(engagements, year),
        months=tuple(months),
        adjusted=adjusted,
        done=counted - to_come + adjusted,
        to_come=to_come,
    )


def _month(
    first: date, timetable: Timetable, holidays: Mapping[date, str], absent: Mapping[int, str], on: date, law: Law
) -> MonthOfHours:
    planned = credited = left_out = to_come = Fraction(0)
    day = first
    while day.month == first.month:
        engagement = next((one for one in timetable.engagements if one.hours and one.covers(day)), None)
        worked = timetable.halves_worked(day) or frozenset()
        if engagement and engagement.hours and worked and (day not in holidays or engagement.cycle.works_holidays):
            each = minutes_planned(engagement, engagement.hours, day, 1)
            for half in worked:
                group = absent.get(slot_of(day, half))
                planned += each
                if group is not None and not counts_as_work(group, first, law):
                    left_out += each
                    continue
                credited += each if group is not None else 0
                to_come += each if day >= on else 0
        day += timedelta(days=1)
    return MonthOfHours(first, round(planned), round(credited), round(left_out), round(to_come))
