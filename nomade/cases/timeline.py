"""The timeline of a request: who did what, when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nomade.cases.models import CaseEvent
from nomade.people.models import Agent


@dataclass(frozen=True)
class Step:
    """One line of a timeline, as the component `timeline` shows it."""

    at: datetime
    title: str
    who: str
    detail: str


def note(kind: str, case_id: uuid.UUID, event: str, *, actor: Agent | None, detail: str = "") -> None:
    """Adds a step to the life of a request; to be called in the transaction of what it tells."""
    CaseEvent.objects.create(kind=kind, case_id=case_id, event=event, actor=actor, detail=detail)


def steps_of(kind: str, case_id: uuid.UUID, titles: Mapping[str, str]) -> list[Step]:
    """The steps of a request in order; `titles` gives the words of each event, in one query."""
    events = CaseEvent.objects.filter(kind=kind, case_id=case_id).select_related("actor").order_by("id")
    return [
        Step(event.at, titles[event.event], event.actor.full_name if event.actor else "", event.detail)
        for event in events
    ]
