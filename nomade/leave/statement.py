"""The statement of an agent's counters as PDF/UA-1, made by Typst: every movement, with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.leave.balances import Balance, balances
from nomade.people.models import Agent
from nomade.ui.filters import days, hours, long_date, short_date

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_SOURCE = Path(__file__).parent / "data" / "statement.typ"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


def statement_of(agent: Agent, year: int) -> bytes:
    """The PDF of the counters that an agent may use in a year."""
    day = today()
    data = {
        "employer": settings.NOMADE.organisation,
        "agent": f"{agent.full_name}, {agent.matricule}",
        "title": _("Relevé de mes compteurs %(year)s") % {"year": year},
        "subtitle": _("%(name)s, matricule %(matricule)s. Établi le %(day)s.")
        % {"name": agent.full_name, "matricule": agent.matricule, "day": long_date(day)},
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "counters": [_counter(balance) for balance in balances(agent, year)],
        "note": _("Ce relevé est fait à partir des mouvements tenus par le portail. Il ne vaut pas décision."),
    }
    source: Any = _SOURCE.read_bytes()
    result: bytes = typst.compile(
        source,
        sys_inputs={"data": json.dumps(data)},
        font_paths=[str(_FONTS)],
        pdf_standards=STANDARDS,
    )
    return result


def _counter(balance: Balance) -> dict[str, Any]:
    shown = hours if balance.in_minutes else days
    summary = _("Droit : %(right)s. Pris ou validés : %(taken)s. En attente : %(pending)s. Reste : %(left)s.") % {
        "right": shown(balance.right),
        "taken": shown(balance.approved),
        "pending": shown(balance.pending),
        "left": shown(balance.left),
    }
    if balance.expires_on:
        summary += " " + _("À utiliser avant le %(day)s.") % {"day": long_date(balance.expires_on)}
    rows = [
        [short_date(line.date), line.reason, ("+" if line.half_days > 0 else "") + shown(line.half_days)]
        for line in balance.movements
    ]
    return {"title": f"{balance.label} {balance.year or ''}".strip(), "summary": summary, "rows": rows}
