"""Comparing names whatever their accents: done here, because the database need not have an extension for it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, apostrophes or doubled spaces: « Éloïse  D’Arc » becomes `eloise d arc`."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
    return re.sub(r"[^a-z0-9@.]+", " ", plain).strip()
