"""Asking each service what it knows. No service is known by name, and one that is down hides no other."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.helps import words_of
from nomade.kernel.errors import Unavailable
from nomade.kernel.registry import SearchResult, Service, services, services_open_to
from nomade.people.folding import fold
from nomade.people.http import AgentRequest

log = logging.getLogger("nomade.search")
#: Shorter words are in every help.
SHORTEST = 3


@dataclass(frozen=True)
class Section:
    """What one service found."""

    label: Any
    results: list[SearchResult]


@dataclass
class Answer:
    """Everything that was found, and the words of what could not be asked."""

    sections: list[Section] = field(default_factory=list)
    down: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(section.results) for section in self.sections)


def find(request: AgentRequest, text: str, places: Any) -> Answer:
    """The services whose name or words begin with what is typed, then what each service finds for this agent.

    `places` are the lines of this agent's own menu: a service that they cannot open is not proposed.
    """
    answer = Answer()
    named = _named(text, places)
    if named:
        answer.sections.append(Section("", named))
    for service in services_open_to(request):
        if service.search is None:
            continue
        try:
            results = service.search(request, text)
        except Unavailable as error:
            log.warning("search service=%s system=%s", service.key, error.system)
            answer.down.append(error.message)
            continue
        if results:
            answer.sections.append(Section(service.search_label or service.label, results))
    helps = _helps(text)
    if helps:
        answer.sections.append(Section(_("Aide"), helps))
    return answer


def _helps(text: str) -> list[SearchResult]:
    """The helps that hold every word typed."""
    typed = [word for word in fold(text).split() if len(word) >= SHORTEST]
    return [
        SearchResult(
            title=str(service.label),
            detail=_("Aide de ce service"),
            url=reverse("ui:help") + f"#aide-{service.key}",
            icon="circle-help",
        )
        for service in services()
        if typed and service.help and all(word in words_of(service.help) for word in typed)
    ]


def _named(text: str, places: Any) -> list[SearchResult]:
    typed = fold(text).split()
    if not typed:
        return []
    keywords = {reverse(f"{service.key}:index"): service for service in services() if service.menu}
    found = []
    for place in places:
        service = keywords.get(place.url)
        if _matches(typed, f"{place.label} {service.keywords if service else ''}"):
            found.append(SearchResult(title=str(place.label), detail=_detail(service), url=place.url, icon=place.icon))
    return found


def _detail(service: Service | None) -> str:
    return str(service.summary) if service else ""


def _matches(typed: list[str], words: str) -> bool:
    known = fold(words).split()
    return all(any(word.startswith(part) for word in known) for part in typed)
