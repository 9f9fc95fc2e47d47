"""Retentions, owners of files, reminders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from nomade.documents.rules import end_of_retention, is_reminder_due, owner_of
from nomade.kernel.clock import PARIS

DAY = date(2020, 2, 29)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [("deposit", 5, date(2025, 3, 1)), ("exit", 5, date(2029, 6, 30)), ("birth", 80, date(2065, 5, 12))],
)
def test_a_retention_is_counted_from_its_own_start(start: str, years: int, end: date) -> None:
    assert end_of_retention(start, years, deposited=DAY, left=date(2024, 6, 30), born=date(1985, 5, 12)) == end


def test_a_document_of_somebody_still_in_service_has_no_end() -> None:
    assert end_of_retention("exit", 5, deposited=DAY, left=None, born=None) is None
    assert end_of_retention("birth", 80, deposited=DAY, left=None, born=None) is None


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("00001234_arrete.pdf", 1),
        ("lot/arrete-00001234-2026.pdf", 1),
        ("arrete.pdf", None),
        ("00001234_00005678.pdf", None),
        ("durand.pdf", None),
    ],
)
def test_a_file_goes_to_the_one_matricule_in_its_name_and_never_by_name(name: str, owner: int | None) -> None:
    found, problem = owner_of(name, {"00001234": 1, "00005678": 2})
    assert (found, bool(problem)) == (owner, owner is None)


def test_a_reminder_comes_once_in_so_many_days() -> None:
    asked = datetime(2026, 11, 1, 9, tzinfo=PARIS)
    assert not is_reminder_due(asked, None, asked + timedelta(days=6), every_days=7)
    assert is_reminder_due(asked, None, asked + timedelta(days=7), every_days=7)
    assert not is_reminder_due(asked, asked + timedelta(days=7), asked + timedelta(days=8), every_days=7)
