"""All that was written about a request, and what its reader was typing, in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nomade.cases.drafts import SavedDraft, opened
from nomade.cases.timeline import Step, titled
from nomade.kernel.prepared import prepared_cursor
from nomade.people.models import Agent

# The name is that of `Agent.full_name`.
_WRITTEN = """
SELECT 'step' AS part, event.id, 0::bigint AS file, at, actor_id, agent.first_name || ' '
        || coalesce(nullif(usage_name, ''), last_name), event, detail, false, NULL::uuid, '', 0::bigint, NULL::bytea
FROM cases_caseevent event LEFT JOIN people_agent agent ON agent.id = actor_id
WHERE kind = %(kind)s AND case_id = %(case)s
UNION ALL
SELECT 'message', message.id, coalesce(link.id, 0), at, author_id, agent.first_name || ' '
        || coalesce(nullif(usage_name, ''), last_name), '', text, internal, stored.id, stored.name, stored.size, NULL
FROM cases_casemessage message LEFT JOIN people_agent agent ON agent.id = author_id
LEFT JOIN cases_casefile link ON link.message_id = message.id LEFT JOIN files_storedfile stored ON stored.id = stored_id
WHERE message.kind = %(kind)s AND case_id = %(case)s AND (NOT internal OR %(notes)s::boolean)
UNION ALL
SELECT 'draft', id, 0, updated_at, agent_id, '', '', '', false, NULL, '', 0, sealed
FROM cases_draft WHERE agent_id = %(reader)s AND form = %(form)s
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Attached:
    """A file of a message."""

    stored_id: uuid.UUID
    name: str
    size: int


@dataclass(frozen=True)
class Said:
    """A message, as `said` of `cases/_parts.html` draws it."""

    at: datetime
    author_id: int | None
    author: str
    text: str
    internal: bool
    files: list[Attached] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """What was said, what happened, what this reader was typing."""

    messages: list[Said]
    events: list[tuple[datetime, str, str, str]]
    draft: SavedDraft | None

    def steps(self, titles: Mapping[str, str]) -> list[Step]:
        """What happened, in the words of a service."""
        return [titled(titles, at, event, who, detail) for at, event, who, detail in self.events]

    @property
    def typed(self) -> dict[str, str]:
        """What a form takes as `initial`."""
        return self.draft.first_values() if self.draft else {}


def written_about(kind: str, case_id: uuid.UUID, *, reader: Agent, form: str, notes: bool) -> Written:
    """What a page of a request shows; `form` is the name of the draft, `notes` whether the reader reads those."""
    asked: dict[str, Any] = {"kind": kind, "case": case_id, "reader": reader.pk, "form": form, "notes": notes}
    said: dict[int, Said] = {}
    events, draft = [], None
    with prepared_cursor() as cursor:
        cursor.execute(_WRITTEN, asked)
        rows = cursor.fetchall()
    for part, key, _file, at, who_id, who, event, text, internal, stored, name, size, sealed in rows:
        if part == "step":
            events.append((at, event, who or "", text))
        elif part == "draft":
            draft = opened(reader.pk, form, bytes(sealed), at)
        else:
            message = said.setdefault(key, Said(at, who_id, who or "", text, internal))
            if stored is not None:
                message.files.append(Attached(stored, name, size))
    return Written(list(said.values()), events, draft)
