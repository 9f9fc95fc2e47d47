"""The history of each field: what was, what is, who changed it, where it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.ids import new_id
from nomade.people.models import Agent
from nomade.personnel_file.models import DataChange, Field, Origin


@dataclass(frozen=True)
class PastChange:
    """A line of the history, as its owner reads it."""

    field: str
    label: str
    before: str
    after: str
    at: datetime
    who: str
    origin: str


def keep_change(
    agent: Agent, field: Field, before: str, after: str, *, origin: Origin, actor: Agent | None
) -> DataChange:
    """Adds a line; to be called in the transaction of the change."""
    pk = new_id()
    sealed = seal(json.dumps([before, after]).encode(), context=change_context(pk, agent.pk))
    return DataChange.objects.create(
        id=pk, agent=agent, field=field, sealed=sealed, origin=origin, actor=actor, at=now()
    )


def history_of(agent: Agent, fields: frozenset[str] | None = None, most: int = 50) -> list[PastChange]:
    """The last changes, latest first, of some fields or of all; one query."""
    rows = DataChange.objects.filter(agent=agent).select_related("actor").order_by("-at")
    if fields is not None:
        rows = rows.filter(field__in=fields)
    return [read_change(row) for row in rows[:most]]


def read_change(row: DataChange) -> PastChange:
    """One line, opened. Raises `DecryptionFailed`."""
    before, after = json.loads(unseal(bytes(row.sealed), context=change_context(row.pk, row.agent_id)))
    return PastChange(
        row.field,
        str(row.get_field_display()),
        before,
        after,
        row.at,
        row.actor.full_name if row.actor else "",
        str(row.get_origin_display()),
    )


def change_context(pk: UUID, agent_id: int) -> bytes:
    """What a change is bound to."""
    return f"file-change:{pk}:{agent_id}".encode()
