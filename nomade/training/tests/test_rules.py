"""The rules of training, with nothing around them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from nomade.kernel.months import add_months
from nomade.training.rules.attendance import HalfDay, credited, has_followed, in_words
from nomade.training.rules.circuits import CircuitRow, circuit_of, needs_opinion
from nomade.training.rules.obligations import Due, Facts, Target, concerns, counts_from, due_on, recall_for

DAY = date(2026, 11, 27)


def _row(kind: str = "", cost: int = 0, hours: int = 0, days: int = 15) -> CircuitRow:
    return CircuitRow(kind, Decimal(cost), Decimal(hours), asks_supervisor=True, asks_office=True, promised_days=days)


def test_the_row_of_the_kind_then_the_highest_thresholds_decide() -> None:
    rows = [_row(), _row(cost=1000, days=30), _row("securite", days=7), _row(hours=35, days=20)]
    assert circuit_of("langues", Decimal(0), Decimal(7), rows) == rows[0]
    assert circuit_of("langues", Decimal(1000), Decimal(7), rows) == rows[1]
    assert circuit_of("securite", Decimal(5000), Decimal(70), rows) == rows[2]
    assert circuit_of("langues", Decimal(999), Decimal(35), rows) == rows[3]
    assert circuit_of("langues", Decimal(0), Decimal(7), rows[2:3]) is None


@pytest.mark.parametrize(
    ("earlier", "account", "expected"),
    [
        ([], "plan", False),
        (["refused"], "plan", True),
        (["refused", "approved"], "plan", False),
        (["refused"], "cpf", False),
        (["refused", "refused"], "cpf", True),
        (["refused", "approved", "refused"], "cpf", False),
    ],
)
def test_repeated_refusals_need_the_cap_first(earlier: list[str], account: str, expected: bool) -> None:
    assert needs_opinion(earlier, account=account) is expected  # type: ignore[arg-type]


def test_two_months_end_on_a_day_that_exists() -> None:
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2027, 12, 30), 2) == date(2028, 2, 29)
    assert add_months(date(2026, 11, 27), 2) == date(2027, 1, 27)


def test_hours_followed_never_exceed_those_given() -> None:
    halves = [HalfDay(210, 210), HalfDay(210, 999)]
    assert credited(halves) == 420
    assert has_followed(halves)
    assert not has_followed([HalfDay(210, 210), HalfDay(210, 0)])
    assert has_followed([HalfDay(210, 210), HalfDay(210, 126)])
    assert not has_followed([])
    assert in_words(420) == "7\N{NO-BREAK SPACE}h"
    assert in_words(210) == "3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"


def test_an_obligation_designates_by_all_its_filled_fields() -> None:
    who = Facts("Jardinière d’équipe", "titulaire", "C", "DEVE/J15", frozenset({3}))
    assert concerns(Target(), who)
    assert concerns(Target("jardin cuisin", "titulaire", "C", "DEVE", 3), who)
    assert not concerns(Target("cuisin"), who)
    assert not concerns(Target("jardin", "contractuel"), who)
    assert not concerns(Target(category="B"), who)
    assert not concerns(Target(unit="DEV"), who)
    assert not concerns(Target(risk=4), who)


def test_where_one_stands() -> None:
    entry = date(2026, 9, 1)
    assert due_on(DAY, since=entry, within_days=365, held=False, expires_on=None) == Due("due", date(2027, 9, 1))
    assert due_on(DAY, since=date(2020, 1, 1), within_days=365, held=False, expires_on=None).standing == "overdue"
    assert due_on(DAY, since=entry, within_days=365, held=True, expires_on=None) == Due("valid", None)
    assert due_on(DAY, since=entry, within_days=0, held=True, expires_on=date(2027, 1, 10)).standing == "soon"
    assert due_on(DAY, since=entry, within_days=0, held=True, expires_on=date(2026, 11, 26)).standing == "overdue"


def test_each_recall_is_sent_once() -> None:
    end = date(2027, 2, 25)  # 90 days later
    assert recall_for(DAY, end, None) == 90
    assert recall_for(DAY, end, 90) is None
    assert recall_for(date(2027, 1, 26), end, 90) == 30
    assert recall_for(date(2027, 2, 20), end, None) == 7
    assert recall_for(date(2027, 2, 26), end, None) is None
    assert recall_for(date(2026, 11, 1), end, None) is None


def test_the_time_left_counts_from_the_day_an_obligation_concerns_somebody() -> None:
    entry, asked, exposed = date(2013, 9, 3), date(2020, 1, 1), date(2026, 11, 20)
    assert counts_from(entry, date(2000, 1, 1), None) == entry
    assert counts_from(entry, asked, None) == asked
    assert counts_from(entry, asked, exposed) == exposed
    assert counts_from(date(2026, 11, 25), asked, exposed) == date(2026, 11, 25)
