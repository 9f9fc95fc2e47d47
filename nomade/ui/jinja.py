"""The Jinja2 environment of every page."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """An environment where an unknown variable is an error."""
    return Environment(**{**options, "undefined": StrictUndefined, "autoescape": True})
