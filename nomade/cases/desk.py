"""What services tell a desk that spans them: what waits for it, what agents still owe, what comes to its end.

Each service declares it from its `apps.py`; whoever shows it loops over what is declared and knows no service by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from nomade.people.access import agents_in_perimeter, has_role
from nomade.people.models import Agent
from nomade.people.roles import Role

Agents = QuerySet[Agent]


def of(agents: Agents | None, field: str = "owner") -> Q:
    """The condition that rows are of some agents; none when whoever asks narrows them by other means."""
    return Q() if agents is None else Q(**{f"{field}__in": agents.values("pk")})


@dataclass(frozen=True)
class WaitingSource:
    """The requests of a service that wait for an answer, which who holds `role` over their owner may open.

    `rows` narrows them to some agents: rows of a `CaseIdentity` with a `promised_on`. `address` opens one.
    """

    service: str
    key: str
    label: Any
    icon: str
    rows: Callable[[Agents | None], QuerySet[Any]]
    address: Callable[[UUID], str]
    role: Role = Role.HR_OFFICER


@dataclass(frozen=True)
class MissingSource:
    """The requests for a document that agents have not given yet; `field` names the agent in a row."""

    service: str
    label: Any
    field: str
    rows: Callable[[Agents | None], QuerySet[Any]]


@dataclass(frozen=True)
class ExpirySource:
    """What agents hold until a day between two: rows with `agent` and `expires_on`; `named` is what it is called."""

    service: str
    label: Any
    named: str
    rows: Callable[[Agents | None, date, date], QuerySet[Any]]


_waiting: list[WaitingSource] = []
_missing: list[MissingSource] = []
_expiries: list[ExpirySource] = []


def declare(
    *, waiting: WaitingSource | None = None, missing: MissingSource | None = None, expiry: ExpirySource | None = None
) -> None:
    """Declares what a service has to tell; called once a source, from its `apps.py`."""
    if waiting:
        _waiting.append(waiting)
    if missing:
        _missing.append(missing)
    if expiry:
        _expiries.append(expiry)


def waiting_sources(officer: Agent) -> list[WaitingSource]:
    """Those of the enabled services that an HR officer may open: what another role answers, inside its perimeter."""
    return [
        source if source.role == Role.HR_OFFICER else _inside(source, officer)
        for source in _waiting
        if source.service in settings.NOMADE.services
        and (source.role == Role.HR_OFFICER or has_role(officer, source.role))
    ]


def _inside(source: WaitingSource, officer: Agent) -> WaitingSource:
    mine = agents_in_perimeter(officer, source.role)
    return replace(source, rows=lambda agents: source.rows(agents).filter(of(mine)))


def missing_sources() -> list[MissingSource]:
    """Those of the enabled services."""
    return [source for source in _missing if source.service in settings.NOMADE.services]


def expiry_sources() -> list[ExpirySource]:
    """Those of the enabled services."""
    return [source for source in _expiries if source.service in settings.NOMADE.services]
