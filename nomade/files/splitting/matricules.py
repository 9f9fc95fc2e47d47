"""How a matricule is looked for on a page, unless somebody says otherwise."""

from __future__ import annotations

import re

DEFAULT_MATRICULE = r"[Mm]atricule\s*(?:n°|:)?\s*([0-9A-Z][0-9A-Z.\-]{2,19})\b"


def matricules_in(text: str, pattern: re.Pattern[str]) -> set[str]:
    """Those that a page names."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")
    return {match.group(1).rstrip(".-") for match in pattern.finditer(plain)}
