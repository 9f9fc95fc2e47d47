"""French typography of dates, amounts and sizes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nomade.ui import filters

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("2107.14"), f"2{THIN}107,14{NBSP}€"),
        (Decimal(0), f"0,00{NBSP}€"),
        (Decimal("-12.5"), f"\N{MINUS SIGN}12,50{NBSP}€"),
        (1234567, f"1{THIN}234{THIN}567,00{NBSP}€"),
        (Decimal("0.005"), f"0,01{NBSP}€"),
    ],
)
def test_an_amount_is_written_to_the_cent(value: Decimal | int, written: str) -> None:
    assert filters.money(value) == written


@pytest.mark.parametrize("value", [2107.14, "2107.14", None])
def test_an_inexact_amount_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        filters.money(value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_can_be_read_back(value: Decimal) -> None:
    text = filters.money(value).replace(THIN, "").replace(NBSP, "").replace("€", "")
    assert Decimal(text.replace(",", ".").replace("\N{MINUS SIGN}", "-")) == value


def test_dates_are_written_in_french() -> None:
    day = date(2026, 11, 23)
    assert filters.long_date(day) == "lundi 23 novembre 2026"
    assert filters.short_date(day) == "23/11/2026"
    assert filters.day_month(day) == "23 novembre"
    assert filters.month_year(day) == "novembre 2026"


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert filters.long_date(date(2026, 5, 1)) == "vendredi 1er mai 2026"
    assert filters.day_month(date(2026, 5, 1)) == "1er mai"


def test_an_instant_is_shown_at_the_hour_of_paris() -> None:
    assert filters.date_time(datetime(2026, 11, 23, 23, 5, tzinfo=UTC)) == f"24 novembre 2026 à 0{NBSP}h{NBSP}05"
    assert filters.short_date(datetime(2026, 11, 23, 23, 5, tzinfo=UTC)) == "24/11/2026"


@pytest.mark.parametrize(
    ("half_days", "written"),
    [
        (0, "0 jour"),
        (1, "0,5 jour"),
        (2, "1 jour"),
        (3, "1,5 jour"),
        (4, "2 jours"),
        (5, "2,5 jours"),
        (50, "25 jours"),
    ],
)
def test_half_days_are_shown_as_days_and_plural_starts_at_two(half_days: int, written: str) -> None:
    assert filters.days(half_days).replace(NBSP, " ") == written


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (999, "999 octets"),
        (12_400, "12 Ko"),
        (1_400_000, "1,4 Mo"),
        (3_000_000_000, "3,0 Go"),
    ],
)
def test_sizes_use_french_units(size: int, written: str) -> None:
    assert filters.file_size(size).replace(NBSP, " ") == written
