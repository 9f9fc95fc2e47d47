"""Arguments that both commands read."""

from __future__ import annotations

import argparse
import re
from datetime import date


def month(text: str) -> date:
    """`2026-10` as the first of October. Raises argparse's error with a French sentence."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un mois : écrivez par exemple 2026-10")
    return date(int(match[1]), int(match[2]), 1)


def month_or_auto(text: str) -> date | None:
    """The same, or None for `auto`: each page tells its month."""
    return None if text == "auto" else month(text)
