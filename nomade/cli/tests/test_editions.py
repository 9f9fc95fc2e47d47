from __future__ import annotations

import pytest

from nomade.cli.prepare import refuse_a_half_edition
from nomade.runtime.errors import StartRefused

EDITIONS = {("leave", "0001_first_edition"): {("leave", "0001_initial"), ("leave", "0002_more")}}
ALL = set(EDITIONS["leave", "0001_first_edition"])


@pytest.mark.parametrize("applied", [set(), ALL, ALL | set(EDITIONS), set(EDITIONS)])
def test_a_base_with_all_of_an_edition_or_nothing_goes_on(applied: set[tuple[str, str]]) -> None:
    refuse_a_half_edition(EDITIONS, applied)


def test_a_base_with_a_part_of_an_edition_is_refused_and_told_what_to_do() -> None:
    with pytest.raises(StartRefused, match="il lui manque leave 0002_more"):
        refuse_a_half_edition(EDITIONS, {("leave", "0001_initial")})
