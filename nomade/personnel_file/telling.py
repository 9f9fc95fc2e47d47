"""Everything that the file holds of an agent, for their own export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nomade.people.models import Agent
from nomade.people.photos import photo_of
from nomade.personnel_file.access import contacts_of
from nomade.personnel_file.history import history_of


def everything_about(agent: Agent) -> Mapping[str, Any]:
    """As JSON takes it."""
    photo = photo_of(agent)
    return {
        "photo": {"visible": photo.visible, "changed_at": photo.changed_at.isoformat()} if photo else None,
        "emergency_contacts": [
            {"order": one.rank, "name": one.name, "tie": one.tie, "phone": one.phone, "other_phone": one.other_phone}
            for one in contacts_of(agent)
        ],
        "changes": [
            {
                "field": one.label,
                "before": one.before,
                "after": one.after,
                "at": one.at.isoformat(),
                "by": one.who,
                "origin": one.origin,
            }
            for one in history_of(agent, most=10_000)
        ],
    }
