"""docs/operations.md names every setting that is read, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nomade.config.environment import read_environment

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
#: Given by the supervisor to its children, for one start.
NOT_FOR_OPERATORS = {"NOMADE_SETUP_CODE", "NOMADE_WEB_THREADS"}


class Asked(Mapping[str, str]):
    """No setting at all, and the memory of each that was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_setting_is_in_the_operators_page_and_every_one_there_exists() -> None:
    asked = Asked()
    read_environment(asked)
    documented = set(re.findall(r"NOMADE_[A-Z0-9_]*[A-Z0-9]", OPERATIONS.read_text(encoding="utf-8")))
    assert len(asked.names) > 100, "the settings are no longer read by the mapping that was given"
    assert asked.names - documented == NOT_FOR_OPERATORS, "describe them in docs/operations.md"
    assert documented - asked.names == set(), "no such setting: docs/operations.md is out of date"
