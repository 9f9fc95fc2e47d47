"""People for tests, made by the same models as real ones."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from nomade.people.models import Agent, Assignment, OrgUnit, RoleGrant, Situation, Status, WorkCycle
from nomade.people.roles import Role

_numbers = itertools.count(1)
ENTRY = date(2015, 9, 1)


def make_unit(path: str = "DEVE", label: str = "", head: Agent | None = None) -> OrgUnit:
    """The unit of a path of codes, made with its parents when they do not exist yet."""
    parent_path, _, code = path.rpartition("/")
    parent = make_unit(parent_path) if parent_path else None
    unit, _created = OrgUnit.objects.get_or_create(
        path=path, defaults={"code": code, "label": label or code, "parent": parent}
    )
    if head:
        unit.head = head
        unit.save()
    return unit


def make_cycle(code: str = "LMMJV", weeks: tuple[str, ...] = ("1111100",)) -> WorkCycle:
    """A work cycle, by default Monday to Friday."""
    cycle, _created = WorkCycle.objects.get_or_create(code=code, defaults={"weeks": list(weeks)})
    return cycle


def make_agent(
    first_name: str = "Camille",
    last_name: str = "Durand",
    *,
    unit: OrgUnit | None = None,
    supervisor: Agent | None = None,
    cycle: WorkCycle | None = None,
    quotite: int = 100,
    status: Status = Status.TITULAIRE,
    post: str = "Jardinière",
    **fields: Any,
) -> Agent:
    """An agent with a situation and a main assignment since the day of entry."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "matricule": f"{9_000_000 + number:08d}",
        "login": f"agent{number}@paris.fr",
        "entry_date": ENTRY,
        "birth_date": date(1985, 5, 12),
    } | fields
    agent = Agent.objects.create(first_name=first_name, last_name=last_name, **values)
    Situation.objects.create(
        agent=agent,
        valid_from=agent.entry_date,
        status=status,
        category="C",
        grade="Adjoint technique",
        indice_majore=385,
        quotite=quotite,
        cycle=cycle or make_cycle(),
        weekly_minutes=39 * 60,
    )
    Assignment.objects.create(
        agent=agent, unit=unit or make_unit(), supervisor=supervisor, post=post, valid_from=agent.entry_date
    )
    return agent


def make_supervised_pair() -> tuple[Agent, Agent]:
    """An agent and their supervisor."""
    unit = make_unit("DEVE/J15")
    supervisor = make_agent("Mehdi", "Benali", unit=unit, post="Chef d’équipe")
    return make_agent(unit=unit, supervisor=supervisor), supervisor


def grant(agent: Agent, role: Role, perimeter: OrgUnit | None = None) -> RoleGrant:
    """Gives a role, over the whole organisation unless a unit is named."""
    return RoleGrant.objects.create(agent=agent, role=role, perimeter=perimeter, valid_from=ENTRY, granted_by=None)
