"""Full-text search in French, whatever the accents.

Each text is indexed twice: as it is written, for the stems of French words, and without accents, because people type
« imprimante bloquee ». The words of a search are looked up the same two ways; the last one may be unfinished.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value
from django.db.models.expressions import Combinable

from nomade.people.folding import fold

CONFIG = "french"
MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def vector(*weighted: tuple[str, str]) -> Combinable:
    """What a `SearchVectorField` holds for some texts, each with its weight: `vector((title, "A"), (body, "B"))`."""
    parts = [
        SearchVector(Value(form), config=CONFIG, weight=weight)
        for text, weight in weighted
        for form in dict.fromkeys((_spaced(text), fold(text)))
    ]
    total: Combinable = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def query(typed: str, *, every: bool = True) -> SearchQuery | None:
    """The search for every word typed (or for any of them), the last one as a beginning; None without a word."""
    asked = written(typed, every=every)
    return asked_for(asked) if asked else None


def asked_for(asked: str) -> SearchQuery:
    """What `written` wrote, as the base understands it."""
    return SearchQuery(asked, config=CONFIG, search_type="raw")


def written(typed: str, *, every: bool = True) -> str:
    """The same search in PostgreSQL's own words, for queries compiled once; empty without a word."""
    words = _WORD.findall(_spaced(typed))[:MOST_WORDS]
    parts = []
    for place, word in enumerate(words):
        ending = ":*" if place == len(words) - 1 else ""
        forms = dict.fromkeys((word.lower(), *fold(word).replace(".", " ").split()))
        parts.append("(" + " | ".join(f"{form}{ending}" for form in forms) + ")")
    return (" & " if every else " | ").join(parts)


def _spaced(text: str) -> str:
    """An apostrophe parts two words: « l’écran »."""
    return re.sub(r"[’'@./_-]+", " ", text)
