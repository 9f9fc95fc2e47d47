"""The timeline of a request: who did what, when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseEvent
from nomade.people.models import Agent

# The steps that every request may have, whatever its service; a service may say them in its own words.
SHARED: Mapping[str, Any] = {
    "message": _("Message"),
    "recalled": _("Relance de l’agent"),
    "reminded": _("Rappel envoyé à qui doit répondre"),
    "escalated": _("En retard : le service et son responsable sont prévenus"),
}


@dataclass(frozen=True)
class Step:
    """One line of a timeline, as the component `timeline` shows it."""

    at: datetime
    title: str
    who: str
    detail: str
    event: str = ""


def note(kind: str, case_id: uuid.UUID, event: str, *, actor: Agent | None, detail: str = "") -> None:
    """Adds a step to the life of a request; to be called in the transaction of what it tells."""
    CaseEvent.objects.create(kind=kind, case_id=case_id, event=event, actor=actor, detail=detail)


def steps_of(kind: str, case_id: uuid.UUID, titles: Mapping[str, str]) -> list[Step]:
    """The steps of a request in order; `titles` gives the words of each event, in one query."""
    events = CaseEvent.objects.filter(kind=kind, case_id=case_id).select_related("actor").order_by("id")
    return [
        titled(titles, event.at, event.event, event.actor.full_name if event.actor else "", event.detail)
        for event in events
    ]


def titled(titles: Mapping[str, str], at: datetime, event: str, who: str, detail: str) -> Step:
    """A step in the words of a service, else in those of all."""
    return Step(at, titles.get(event) or str(SHARED[event]), who, detail, event)
