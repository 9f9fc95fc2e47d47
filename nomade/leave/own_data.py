"""An agent's own leave, found by words and copied for them: nothing of anybody else."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.messages import copies_of
from nomade.cases.models import CaseState
from nomade.kernel.registry import SearchResult
from nomade.leave.access import KIND, latest_requests, requests_of, savings_of
from nomade.leave.models import (
    AccountChoice,
    Counter,
    DayException,
    ExpiryNotice,
    ExtraHours,
    Group,
    LeaveDocument,
    LeaveRequest,
)
from nomade.leave.shipped import shipped_types
from nomade.leave.wording import date_format, period_phrase
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.ui.filters import days

PORTAL = "nomade.config.urls.portal"
MOST_RESULTS = 6
# Shorter words find too much.
SHORTEST = 3


def search(request: AgentRequest, typed: str) -> list[SearchResult]:
    """One's own requests, by type, month, year, state or reference; and the page of the savings account."""
    words = _plain(typed).split()
    if not words or max(len(word) for word in words) < SHORTEST:
        return []
    # A name of somebody or the subject of a message costs no query here.
    if not any(word[:1].isdigit() or any(known.startswith(word) for known in _vocabulary()) for word in words):
        return []
    account = _plain(_("compte épargne-temps CET indemnisation RAFP versement"))
    found = [_account()] if _holds(account, words) else []
    for leave in latest_requests(request.agent):
        if _holds(_plain(_text_of(leave)), words):
            found.append(
                SearchResult(
                    title=f"{leave.leave_type.label}, {period_phrase(leave.period)}",
                    detail=f"{days(leave.half_days)}, {leave.get_state_display()}",
                    url=leave.get_absolute_url(),
                    icon="calendar-days",
                )
            )
        if len(found) == MOST_RESULTS:
            break
    return found


@cache
def _vocabulary() -> frozenset[str]:
    """Words that speak of leave: those of the types shipped, of groups, states, months, and of this page's own."""
    months = (date_format(date(2024, month, 1), "F") for month in range(1, 13))
    types = (f"{kind['label']} {kind['short_label']}" for kind in shipped_types())
    told = [*months, *types, *Group.labels, *CaseState.labels, _("absence congé vacances compte épargne-temps CET")]
    return frozenset(word for text in told for word in _plain(str(text)).split() if len(word) >= SHORTEST)


def _account() -> SearchResult:
    return SearchResult(
        title=_("Mon compte épargne-temps"),
        detail=_("Solde, versements, choix au-delà du seuil"),
        url=reverse("leave:account", urlconf=PORTAL),
        icon="wallet",
    )


def _text_of(leave: LeaveRequest) -> str:
    told = (
        leave.leave_type.label,
        leave.leave_type.short_label,
        period_phrase(leave.period),
        leave.get_state_display(),
        leave.reference,
        _("absence congé"),
    )
    return " ".join(told)


def _holds(text: str, words: list[str]) -> bool:
    """Whether each word begins a word of the text."""
    known = text.split()
    return all(any(one.startswith(word) for one in known) for word in words)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Without accents, capitals nor signs."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in bare)


def export(agent: Agent) -> Mapping[str, Any]:
    """An agent's own leave, for their copy of their data.

    The exact kind of a health leave stays in the papers that the agent holds: it is sealed for restricted HR.
    """
    mine = list(requests_of(agent).select_related("replacement").order_by("first_day"))
    written = copies_of(KIND, [leave.pk for leave in mine])
    return {
        "requests": [_request(leave) | {"messages": written[leave.pk]} for leave in mine],
        "documents": [
            {
                "request": document.request.reference,
                "name": document.file.name,
                "added_at": document.added_at.isoformat(),
            }
            for document in LeaveDocument.objects.filter(request__owner=agent).select_related("request", "file")
        ],
        "counters": [_counter(counter) for counter in _counters(agent)],
        "savings": [
            {
                "reference": saving.reference,
                "year": saving.year,
                "days": saving.half_days / 2,
                "state": saving.state,
                "reason": saving.decision_reason,
            }
            for saving in savings_of(agent)
        ],
        "savings_choices": [
            {"year": choice.year, "option": choice.option, "made_on": choice.made_on.isoformat()}
            for choice in AccountChoice.objects.filter(agent=agent).order_by("year")
        ],
        "extra_hours": [
            {
                "reference": extra.reference,
                "day": extra.day.isoformat(),
                "minutes": extra.minutes,
                "given": extra.given,
                "state": extra.state,
                "reason": extra.reason,
                "decision_reason": extra.decision_reason,
            }
            for extra in ExtraHours.objects.filter(owner=agent).order_by("day")
        ],
        "moved_days": [
            {"day": moved.day.isoformat(), "sign": moved.sign, "reason": moved.reason}
            for moved in DayException.objects.filter(agent=agent).order_by("day")
        ],
        "notices_of_expiry": [
            {"sent_at": notice.sent_at.isoformat(), "text": notice.text}
            for notice in ExpiryNotice.objects.filter(counter__agent=agent).order_by("sent_at")
        ],
    }


def _request(leave: LeaveRequest) -> dict[str, Any]:
    return {
        "reference": leave.reference,
        "type": leave.leave_type.label,
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat(),
        "days": leave.half_days / 2,
        "state": leave.state,
        "comment": leave.comment,
        "replacement": leave.replacement.full_name if leave.replacement else "",
        "details": leave.details,
        "decision_reason": leave.decision_reason,
    }


def _counters(agent: Agent) -> list[Counter]:
    return list(Counter.objects.filter(agent=agent).prefetch_related("entries").order_by("year", "code"))


def _counter(counter: Counter) -> dict[str, Any]:
    """In the unit of the counter: half-days, or minutes."""
    return {
        "code": counter.code,
        "year": counter.year,
        "left": counter.half_days,
        "expires_on": counter.expires_on.isoformat() if counter.expires_on else None,
        "movements": [
            {"date": entry.date.isoformat(), "kind": entry.kind, "moved": entry.half_days, "reason": entry.reason}
            for entry in sorted(counter.entries.all(), key=lambda entry: entry.pk)
        ],
    }
