"""The list of a desk: what to take, what one follows, what is late, what waits for the agent, all."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogues import LIVING, WAITING, DialogueStatus
from nomade.people.models import Agent

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
TABS = (
    ("a-prendre", _("À prendre")),
    ("a-moi", _("Les miennes")),
    ("retard", _("En retard")),
    ("attente", _("Attendent l’agent")),
    ("toutes", _("Toutes")),
)
VIEWS = tuple(key for key, _label in TABS)


def queue(cases: Rows, person: Agent, view: str, *, late: Q) -> Rows:
    """The conversations of one tab; `late` says which of those that wait are past what was promised."""
    match view:
        case "a-moi":
            return cases.filter(status__in=LIVING, assignee=person)
        case "retard":
            return cases.filter(late, status__in=WAITING)
        case "attente":
            return cases.filter(status=DialogueStatus.PENDING)
        case "toutes":
            return cases
        case _:
            return cases.filter(status__in=WAITING, assignee__isnull=True)


def tab_counts(cases: QuerySet[Any, Any], person: Agent, *, late: Q) -> dict[str, int]:
    """How many each tab holds, in one query over those that are not over.

    The person's own ones, if they are among them, are in no tab: « les-miennes » says how many wait for an answer.
    """
    others = ~Q(owner=person)
    waiting = others & Q(status__in=WAITING)
    return cases.filter(status__in=LIVING).aggregate(
        **{
            "a-prendre": Count("pk", filter=waiting & Q(assignee__isnull=True)),
            "a-moi": Count("pk", filter=others & Q(assignee=person)),
            "retard": Count("pk", filter=waiting & late),
            "attente": Count("pk", filter=others & Q(status=DialogueStatus.PENDING)),
            "les-miennes": Count("pk", filter=Q(owner=person, status=DialogueStatus.PENDING)),
        }
    )
