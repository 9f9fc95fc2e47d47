"""Routing and promises: facts in, decision out."""

from __future__ import annotations

from datetime import date

import pytest

from nomade.cases.working_days import WorkingDays
from nomade.questions.rules.promises import after_hand_over, after_pause, reminder_due
from nomade.questions.rules.routing import Direction, office_for

OWN, PAY, DEVE, J15, SPECIAL = 1, 2, 3, 4, 5
WAYS = (
    Direction("DEVE", "", DEVE, "hr_officer"),
    Direction("DEVE/J15", "", J15, "hr_officer"),
    Direction("DEVE", "carriere", SPECIAL, "hr_officer"),
)
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("unit", "topic", "role", "default", "expected"),
    [
        ("DEVE/SD", "conges", "hr_officer", OWN, DEVE),
        ("DEVE/J15/EQ1", "conges", "hr_officer", OWN, J15),
        ("DEVE/J15", "carriere", "hr_officer", OWN, SPECIAL),
        ("DEVELOPPEMENT", "conges", "hr_officer", OWN, OWN),
        ("DPE", "conges", "hr_officer", OWN, OWN),
        ("DEVE/J15", "ligne-paie", "pay_officer", PAY, PAY),
        ("", "conges", "hr_officer", OWN, OWN),
    ],
)
def test_the_nearest_way_wins_and_never_leaves_the_role(
    unit: str, topic: str, role: str, default: int, expected: int
) -> None:
    assert office_for(topic=topic, office=default, role=role, unit=unit, directions=WAYS) == expected


def test_a_promise_leaves_out_week_ends_holidays_and_closings() -> None:
    days = WorkingDays(closed=frozenset({date(2026, 12, 1)}))
    assert WorkingDays().after(FRIDAY, 3) == date(2026, 12, 2)
    assert days.after(FRIDAY, 3) == date(2026, 12, 3)


def test_an_office_open_on_saturday_counts_it_and_one_that_never_opens_is_refused() -> None:
    assert WorkingDays("1111110").after(FRIDAY, 1) == date(2026, 11, 28)
    with pytest.raises(ValueError, match="never opens"):
        WorkingDays("0000000").after(FRIDAY, 1)


def test_days_between_are_counted_after_the_first_up_to_the_last() -> None:
    assert WorkingDays().between(FRIDAY, date(2026, 12, 1)) == 2
    assert WorkingDays().between(FRIDAY, FRIDAY) == 0
    assert WorkingDays().between(date(2026, 12, 1), FRIDAY) == 0


def test_the_clock_stands_still_while_the_office_waits_for_the_agent() -> None:
    promised = date(2026, 12, 2)
    assert after_pause(promised, FRIDAY, date(2026, 12, 1), WorkingDays()) == date(2026, 12, 4)
    assert after_pause(promised, FRIDAY, date(2026, 11, 29), WorkingDays()) == promised


def test_a_question_handed_over_keeps_its_promise_but_leaves_some_days() -> None:
    later, near = date(2026, 12, 10), date(2026, 11, 30)
    assert after_hand_over(later, FRIDAY, 2, WorkingDays()) == later
    assert after_hand_over(near, FRIDAY, 2, WorkingDays()) == date(2026, 12, 1)


def test_a_reminder_comes_when_few_working_days_are_left() -> None:
    assert reminder_due(date(2026, 11, 30), FRIDAY, 1, WorkingDays())
    assert not reminder_due(date(2026, 12, 1), FRIDAY, 1, WorkingDays())
    assert not reminder_due(date(2026, 11, 26), FRIDAY, 1, WorkingDays())
