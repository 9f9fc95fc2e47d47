"""What the home page gathers from the registry. It knows no service by name, and one that is down hides no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.prepared import prepared_cursor
from nomade.kernel.registry import Service, TodoItem, services_open_to
from nomade.notifications.access import UNREAD, know_unread
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

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
    asked = services_open_to(request)
    silent = _with_nothing(asked, request.agent)
    for service in asked:
        try:
            if service.key not in silent:
                page.todo += _ask(service.todo, request) or []
            _gather(service, request, page, cards)
        except Unavailable as error:
            log.warning("home service=%s system=%s", service.key, error.system)
            page.down.append(error.message)
    page.cards = [card for _order, card in sorted(cards, key=lambda pair: pair[0])]
    # Urgent first, then by date; what has no date comes last.
    page.todo.sort(key=lambda item: (not item.urgent, item.due or date.max))
    return page


def _with_nothing(asked: list[Service], agent: Agent) -> set[str]:
    """The services in which nothing waits for an agent, by the condition of each, in one query for all and the bell."""
    conditions = {service.key: service.may_wait for service in asked if service.may_wait}
    with prepared_cursor() as cursor:
        asked_at_once = ", ".join([UNREAD, *conditions.values()])
        cursor.execute(f"SELECT {asked_at_once}", {"agent": agent.pk, "now": now()})  # code of ours
        unread, *told = next(iter(cursor.fetchall()))
    know_unread(agent, unread)
    return {key for key, waits in zip(conditions, told, strict=True) if not waits}


def _gather(service: Service, request: AgentRequest, page: Overview, cards: list[tuple[int, SafeString]]) -> None:
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
