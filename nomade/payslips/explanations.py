"""What a line of a slip means, in plain French; the words are data, which a pay officer can correct."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "payroll" / "explanations.toml"


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[tuple[str, ...], str], ...]:
    with _FILE.open("rb") as file:
        lines = tomllib.load(file)["line"]
    return tuple((tuple(start.casefold() for start in line["starts"]), line["text"]) for line in lines)


def explanation_of(label: str) -> str:
    """The sentence for a line, or nothing when the line is not known."""
    wanted = label.casefold()
    return next((text for starts, text in _entries() if wanted.startswith(starts)), "")
