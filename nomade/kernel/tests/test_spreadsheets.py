"""Lists for a spreadsheet carry no formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from nomade.kernel.spreadsheets import csv_text, harmless


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_ordinary_cells_and_numbers_stay_as_they_are() -> None:
    text = csv_text(["nom", "jours"], [("Zoé; « Lefèvre »", -3), ("=1+1", 2.5)])
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert rows == [["nom", "jours"], ["Zoé; « Lefèvre »", "-3"], ["'=1+1", "2.5"]]
