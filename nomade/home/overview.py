"""What the home page gathers from the registry. It knows no service by name, and one that is down hides no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from nomade.kernel.errors import Unavailable
from nomade.kernel.registry import Service, TodoItem, services_open_to
from nomade.people.http import AgentRequest

log = logging.getLogger("nomade.home")
Answer = TypeVar("Answer")


@dataclass
class Overview:
    """Everything of the home page."""

    headlines: list[str] = field(default_factory=list)
    todo: list[TodoItem] = field(default_factory=list)
    cards: list[SafeString] = field(default_factory=list)
    down: list[str] = field(default_factory=list)


def overview(request: AgentRequest) -> Overview:
    """Asks each service open to this request; one whose outside system does not answer is named in `down`, once."""
    page = Overview()
    cards: list[tuple[int, SafeString]] = []
    for service in services_open_to(request):
        try:
            _gather(service, request, page, cards)
        except Unavailable as error:
            log.warning("home service=%s system=%s", service.key, error.system)
            page.down.append(error.message)
    page.cards = [card for _order, card in sorted(cards, key=lambda pair: pair[0])]
    # Urgent first, then by date; what has no date comes last.
    page.todo.sort(key=lambda item: (not item.urgent, item.due or date.max))
    return page


def _gather(service: Service, request: AgentRequest, page: Overview, cards: list[tuple[int, SafeString]]) -> None:
    page.todo += _ask(service.todo, request) or []
    headline = _ask(service.headline, request)
    if headline:
        page.headlines.append(headline)
    if service.home_card is None:
        return
    context = service.home_card.context(request)
    if context is not None:
        html = render_to_string(service.home_card.template, dict(context), request=request, using="jinja2")
        cards.append((service.home_card.order, mark_safe(html)))  # noqa: S308  # an autoescaped template made it


def _ask(question: Callable[[Any], Answer] | None, request: AgentRequest) -> Answer | None:
    return question(request) if question else None
