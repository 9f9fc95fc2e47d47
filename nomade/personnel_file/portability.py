"""All that the portal holds of an agent, as JSON and as an accessible PDF (RGPD art. 15 and 20)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from nomade.accounts.models import Account, Session
from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.kernel.registry import services
from nomade.notifications.models import Notification
from nomade.people.models import Agent, Assignment, Delegation, RoleGrant, Situation
from nomade.personnel_file.nirs import shown_nir
from nomade.personnel_file.reading import consultations_of
from nomade.ui.filters import long_date

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_SOURCE = Path(__file__).parent / "data" / "export.typ"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
# The journal is long; its last year is what its own retention keeps.
MOST_EVENTS = 5000


def everything(agent: Agent) -> dict[str, Any]:
    """What is common to the whole portal, then each service by its key; a service that holds nothing says why."""
    found: dict[str, Any] = {
        "about": {
            "agent": agent.matricule,
            "made_on": today().isoformat(),
            "by": settings.NOMADE.organisation,
        },
        "identity": _identity(agent),
        "career": _career(agent),
        "account": _account(agent),
        "roles_and_delegations": _roles(agent),
        "notifications": [
            {"at": one.created_at.isoformat(), "title": one.title, "text": one.body}
            for one in Notification.objects.filter(agent=agent).order_by("-created_at")[:MOST_EVENTS]
        ],
        "who_opened_your_file": [
            {
                "at": one.at.isoformat(),
                "by": one.reader.full_name,
                "role": one.role,
                "parts": one.sections,
                "emergency": one.emergency.reason if one.emergency else "",
            }
            for one in consultations_of(agent)
        ],
        "journal": [
            {"at": one.at.isoformat(), "event": one.event, "address": one.address}
            for one in AuditEvent.objects.filter(subject_id=agent.pk).order_by("-id")[:MOST_EVENTS]
        ],
    }
    for service in services():
        found[service.key] = service.export(agent) if service.export else {"nothing": str(service.no_export)}
    return found


def _identity(agent: Agent) -> dict[str, Any]:
    names = ("matricule", "login", "civility", "first_name", "last_name", "usage_name", "phone", "mobile", "address")
    kept: dict[str, Any] = {name: getattr(agent, name) for name in names}
    return kept | {
        "birth_date": agent.birth_date.isoformat() if agent.birth_date else None,
        "personal_email": agent.personal_email,
        "entry_date": agent.entry_date.isoformat(),
        "exit_date": agent.exit_date.isoformat() if agent.exit_date else None,
        "social_security_number": shown_nir(agent),
    }


def _career(agent: Agent) -> dict[str, Any]:
    def period(row: Any) -> dict[str, Any]:
        return {"from": row.valid_from.isoformat(), "to": row.valid_to.isoformat() if row.valid_to else None}

    return {
        "situations": [
            period(one)
            | {
                "status": one.status,
                "category": one.category,
                "corps": one.corps,
                "grade": one.grade,
                "echelon": one.echelon,
                "index": one.indice_majore,
                "share_of_time": str(one.quotite),
                "cycle": str(one.cycle),
            }
            for one in Situation.objects.filter(agent=agent).select_related("cycle").order_by("valid_from")
        ],
        "assignments": [
            period(one) | {"unit": one.unit.path, "post": one.post, "place": one.place, "main": one.is_main}
            for one in Assignment.objects.filter(agent=agent).select_related("unit").order_by("valid_from")
        ],
    }


def _account(agent: Agent) -> dict[str, Any]:
    account = Account.objects.filter(agent=agent).first()
    if account is None:
        return {}
    sessions = Session.objects.filter(account=account).order_by("-started_at")
    return {
        "login": account.login,
        "notice_channel": account.notice_channel,
        "sessions": [{"started_at": one.started_at.isoformat(), "zone": one.zone} for one in sessions],
    }


def _roles(agent: Agent) -> dict[str, Any]:
    return {
        "roles": [
            {"role": one.role, "from": one.valid_from.isoformat()} for one in RoleGrant.objects.filter(agent=agent)
        ],
        "delegations": [
            {"to": one.receiver.full_name, "from": one.valid_from.isoformat(), "until": one.valid_to.isoformat()}
            for one in Delegation.objects.filter(giver=agent).select_related("receiver")
        ],
    }


def as_zip(agent: Agent) -> bytes:
    """Both files, in one."""
    data = everything(agent)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("donnees.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        packed.writestr("donnees.pdf", as_pdf(agent, data))
    return out.getvalue()


def as_pdf(agent: Agent, data: Mapping[str, Any]) -> bytes:
    """The same as PDF/UA-1, for who does not read JSON."""
    day = today()
    labels = {service.key: str(service.label) for service in services()}
    reasons = {service.key: str(service.no_export) for service in services() if service.export is None}
    content = {
        "employer": settings.NOMADE.organisation,
        "agent": f"{agent.full_name}, {agent.matricule}",
        "title": _("Mes données"),
        "subtitle": _("%(name)s, matricule %(matricule)s. Établi le %(day)s.")
        % {"name": agent.full_name, "matricule": agent.matricule, "day": long_date(day)},
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "sections": [
            {
                "title": labels.get(key) or str(COMMON[key]),
                "note": reasons.get(key, ""),
                "rows": [] if key in reasons else list(_rows(value)),
            }
            for key, value in data.items()
        ],
    }
    source: Any = _SOURCE.read_bytes()
    result: bytes = typst.compile(
        source, sys_inputs={"data": json.dumps(content)}, font_paths=[str(_FONTS)], pdf_standards=STANDARDS
    )
    return result


COMMON = {
    "about": "Cet export",
    "identity": "Identité",
    "career": "Carrière",
    "account": "Compte",
    "roles_and_delegations": "Rôles et délégations",
    "notifications": "Notifications",
    "who_opened_your_file": "Consultations du dossier",
    "journal": "Journal de sécurité",
}


def _rows(value: Any, path: str = "") -> Iterator[list[str]]:
    """A tree as lines: the way to each value, then the value."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _rows(below, f"{path} › {key}" if path else str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, below in enumerate(value, 1):
            yield from _rows(below, f"{path} {number}".strip())
    else:
        yield [path, "" if value is None else str(value)]
