"""Everything that the file holds of an agent, for their own export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from nomade.cases.messages import copies_of
from nomade.people.models import Agent
from nomade.people.photos import photo_of
from nomade.personnel_file.access import CHILDREN, CONTACTS, TITLES, known_child, lists_of, recognition_of
from nomade.personnel_file.access_requests import requests_of
from nomade.personnel_file.actions.changes import CASE
from nomade.personnel_file.bank_facts import changes_of, shown
from nomade.personnel_file.history import history_of
from nomade.personnel_file.models import ChangeRequest, CivilStatus
from nomade.personnel_file.secrets import wanted_by


def everything_about(agent: Agent) -> Mapping[str, Any]:
    """As JSON takes it."""
    photo, civil = photo_of(agent), CivilStatus.objects.filter(pk=agent.pk).first()
    asked = list(requests_of(agent))
    written = copies_of(CASE, [one.pk for one in asked])
    lists = lists_of(agent, CONTACTS, CHILDREN, TITLES)
    return {
        "photo": {"visible": photo.visible, "changed_at": photo.changed_at.isoformat()} if photo else None,
        "emergency_contacts": [
            {"order": one.rank, "name": one.name, "tie": one.tie, "phone": one.phone, "other_phone": one.other_phone}
            for one in lists[CONTACTS]
        ],
        "family": {"situation": civil.family, "since": _day(civil.family_since)} if civil else None,
        "children": [
            {
                "first_name": known.child.first_name,
                "last_name": known.child.last_name,
                "birth_date": _day(known.child.birth_date),
                "custody": known.child.custody,
                "since": _day(known.child.since),
                "opens": [{"right": one.label, "until": _day(one.until)} for one in known.opens],
            }
            for known in map(known_child, lists[CHILDREN])
        ],
        "titles": [
            {
                "kind": one.kind,
                "label": one.label,
                "obtained_on": _day(one.obtained_on),
                "expires_on": _day(one.expires_on),
            }
            for one in lists[TITLES]
        ],
        "disability_recognition": recognition_of(agent),
        "bank_accounts": [
            {
                "reference": one.reference,
                "account": shown(one),
                "holder": one.holder,
                "state": one.stage,
                "asked_at": one.submitted_at.isoformat(),
                "given_to_payroll": str(one.export) if one.export else None,
            }
            for one in changes_of(agent).select_related("export")
        ],
        "requests": [_request(one, written[one.pk]) for one in asked],
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


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _request(one: ChangeRequest, written: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = wanted_by(one)
    return {
        "reference": one.reference,
        "subject": one.subject,
        "state": one.state,
        "submitted_at": one.submitted_at.isoformat(),
        "effective_on": _day(one.effective_on),
        "before": wanted.before,
        "wanted": wanted.after,
        "comment": wanted.comment,
        "answer": one.answer,
        "messages": written,
    }
