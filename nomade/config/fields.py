"""Settings declared in one line each.

`password_minimum: int = number(15, low=12, high=64)` reads NOMADE_PASSWORD_MINIMUM.

A family of settings is a frozen, keyword-only dataclass of such fields that `Environment` inherits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields
from typing import Any

from nomade.config.reader import Reader

Read = Callable[[Reader, str], Any]


def _field(read: Read) -> Any:
    return field(metadata={"read": read})


def number(default: int, *, low: int, high: int) -> Any:
    """A whole number between two bounds, both included."""
    return _field(lambda reader, name: reader.number(name, default, low, high))


def yes_or_no(*, default: bool) -> Any:
    """`oui` or `non`."""
    return _field(lambda reader, name: reader.yes_or_no(name, default=default))


def text(default: str = "") -> Any:
    """Any text."""
    return _field(lambda reader, name: reader.text(name, default))


def parsed(default: str, parse: Callable[[str], Any], expected: str) -> Any:
    """What `parse` makes of a text; its ValueError becomes a sentence that says what was `expected`."""
    return _field(lambda reader, name: reader.parsed(name, default, parse, expected))


def words(default: str = "") -> Any:
    """A list separated by commas."""
    return _field(
        lambda reader, name: tuple(word.strip() for word in reader.text(name, default).split(",") if word.strip())
    )


def choice(default: str, *allowed: str) -> Any:
    """One of a few values."""
    return _field(lambda reader, name: reader.choice(name, default, allowed))


def address(*schemes: str) -> Any:
    """An address of one of these schemes, or nothing."""
    return _field(lambda reader, name: reader.url(name, schemes))


def read_fields(family: type, reader: Reader) -> dict[str, Any]:
    """The values of a family of settings, by the name of their field. Raises `SettingError`."""
    return {one.name: one.metadata["read"](reader, one.name.upper()) for one in fields(family)}
