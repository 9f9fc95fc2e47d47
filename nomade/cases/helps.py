"""What the helps of the services say, to be searched: their words, and the passages that may answer a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from nomade.kernel.registry import services
from nomade.people.folding import fold

SHORTEST = 4
# As French stems a word well enough for a few hundred lines: « congés » finds « congé ».
STEM = 6
LONGEST = 180
COMMON = frozenset(
    [
        "pour",
        "avec",
        "dans",
        "mais",
        "sans",
        "plus",
        "cette",
        "votre",
        "notre",
        "leur",
        "elle",
        "nous",
        "vous",
        "quoi",
        "quand",
        "comment",
        "pourquoi",
        "est-ce",
        "avoir",
        "etre",
        "fait",
        "faire",
        "merci",
        "bonjour",
        "savoir",
        "puis",
        "peux",
        "peut",
        "comme",
        "tout",
        "tous",
        "toute",
        "aussi",
        "encore",
        "depuis",
        "mois",
    ]
)
_TITLE = re.compile(r"<h3[^>]*>(.*?)</h3>", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A part of a help: its title, its text, where it is."""

    title: str
    text: str
    service: str
    label: Any
    title_words: frozenset[str]
    words: frozenset[str]

    @property
    def url(self) -> str:
        return reverse("ui:help", urlconf="nomade.config.urls.portal") + f"#aide-{self.service}"

    @property
    def beginning(self) -> str:
        """Its first words."""
        return self.text if len(self.text) <= LONGEST else self.text[:LONGEST].rsplit(" ", 1)[0] + "…"


@lru_cache(maxsize=64)
def words_of(template: str) -> str:
    """The words of a help, without accents; it does not change while the program runs."""
    return fold(strip_tags(render_to_string(template, using="jinja2")))


def passages_like(typed: str, most: int = 4) -> list[Passage]:
    """The passages of the helps that hold most of the words typed, the best first; none for words that say little."""
    wanted = stems(typed)
    if not wanted:
        return []
    scored = [
        (2 * len(wanted & passage.title_words) + len(wanted & passage.words), passage)
        for service in services()
        if service.help
        for passage in _passages(service.key, service.help, str(service.label))
    ]
    # One word of a long question that is somewhere in a text says nothing.
    least = 2 if len(wanted) > 1 else 1
    found = [(score, passage) for score, passage in scored if score >= least]
    return [passage for _score, passage in sorted(found, key=lambda pair: -pair[0])[:most]]


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that mean something."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return frozenset(word[:STEM] for word in words if len(word) >= SHORTEST and word not in COMMON)


@lru_cache(maxsize=64)
def _passages(service: str, template: str, label: str) -> tuple[Passage, ...]:
    cut = _TITLE.split(render_to_string(template, using="jinja2"))
    pairs = zip(cut[1::2], cut[2::2], strict=True)
    return tuple(_passage(service, label, strip_tags(title), strip_tags(text)) for title, text in pairs)


def _passage(service: str, label: str, title: str, text: str) -> Passage:
    told = " ".join(text.split())
    return Passage(" ".join(title.split()), told, service, label, stems(title), stems(told))
