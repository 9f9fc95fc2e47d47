"""Groups of technicians, and the categories that lead to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.people.models import Agent
from nomade.support.models import Category, Priority, Team


@transaction.atomic
def set_members(team: Team, members: Iterable[Agent], *, by: Agent, http: HttpRequest | None = None) -> None:
    """Says who is of a group; with nobody, everybody of the desk is told of its tickets."""
    members = list(members)
    team.members.set(members)
    audit.record(
        "support.team_changed",
        actor=by.pk,
        subject=None,
        request=http,
        team=team.code,
        members=sorted(member.pk for member in members),
    )


@transaction.atomic
def change_category(
    category: Category,
    *,
    by: Agent,
    label: str,
    hint: str,
    team: Team | None,
    priority: int,
    active: bool,
    http: HttpRequest | None = None,
) -> None:
    """Changes what agents are offered; tickets that are already there keep their group and their promise."""
    category.label, category.hint, category.team = label, hint, team
    category.priority, category.active = Priority(priority), active
    category.save(update_fields=["label", "hint", "team", "priority", "active"])
    audit.record("support.category_changed", actor=by.pk, subject=None, request=http, category=category.code)
