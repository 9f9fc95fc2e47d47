"""A small table is read again when it changed, and only then."""

from __future__ import annotations

import pytest

from nomade.kernel.small_tables import Remembered
from nomade.kernel.testing import count_queries
from nomade.leave.models import LegalFigure

pytestmark = pytest.mark.django_db


def test_it_is_read_again_only_when_a_row_changed() -> None:
    readings: list[int] = []

    def read() -> list[str]:
        readings.append(1)
        return sorted(LegalFigure.objects.filter(key="test").values_list("value", flat=True))

    table = Remembered(lambda: LegalFigure, read)
    figure = LegalFigure.objects.create(key="test", value="1", valid_from="2026-01-01")
    assert table.get() == ["1"]
    with count_queries(at_most=1):
        assert table.get() == ["1"]
    LegalFigure.objects.filter(pk=figure.pk).update(value="2")
    assert table.get() == ["2"]
    figure.delete()
    assert table.get() == []
    assert len(readings) == 3
