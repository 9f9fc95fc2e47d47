"""docs/operations.md names every setting that is read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from nomade.config.environment import known_names

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
#: Given by the supervisor to its children, for one start.
NOT_FOR_OPERATORS = {"NOMADE_SETUP_CODE", "NOMADE_WEB_THREADS"}


def test_every_setting_is_in_the_operators_page_and_every_one_there_exists() -> None:
    asked = known_names()
    documented = set(re.findall(r"NOMADE_[A-Z0-9_]*[A-Z0-9]", OPERATIONS.read_text(encoding="utf-8")))
    assert len(asked) > 100, "the settings are no longer read by the mapping that was given"
    assert asked - documented == NOT_FOR_OPERATORS, "describe them in docs/operations.md"
    assert documented - asked == set(), "no such setting: docs/operations.md is out of date"
