"""Work cycles that come in as a CSV file: `code;libelle;ancre;feries;heures_annuelles;semaine_1;heures_1;…`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.leave.rules.cycles import Cycle
from nomade.people.models import Agent, WorkCycle

COLUMNS = ("code", "libelle", "ancre", "feries", "heures_annuelles")
WEEK, HOURS = "semaine_", "heures_"
MOST_WEEKS = 53
MOST_HOURS = 2500


@dataclass
class CyclePlan:
    """What a file would do, and every fault, by line."""

    create: list[WorkCycle] = field(default_factory=list)
    update: list[WorkCycle] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_cycles(text: str) -> CyclePlan:
    """Reads a file without writing anything; all faults at once.

    A week is seven signs from Monday: 1 day, a morning, p afternoon, 0 off. `ancre` is a day of a first week; `feries`
    says « oui » when public holidays are worked. `heures_annuelles` makes a cycle annualised; `heures_1` and the others
    give the hours of each of its weeks, for all of them or for none.
    """
    plan = CyclePlan()
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";")
    missing = {"code", f"{WEEK}1"} - set(reader.fieldnames or ())
    if missing:
        plan.faults.append(_("Colonnes manquantes : %(names)s.") % {"names": ", ".join(sorted(missing))})
        return plan
    known = {cycle.code: cycle for cycle in WorkCycle.objects.all()}
    seen: set[str] = set()
    for line, row in enumerate(reader, 2):
        cycle = _read(row, line, plan.faults)
        if cycle is None:
            continue
        if cycle.code in seen:
            plan.faults.append(_("Ligne %(line)s : le cycle « %(code)s » y est deux fois.")
                               % {"line": line, "code": cycle.code})  # fmt: skip
        seen.add(cycle.code)
        if cycle.code in known:
            cycle.pk = known[cycle.code].pk
            plan.update.append(cycle)
        else:
            plan.create.append(cycle)
    return plan


def _read(row: dict[str, str], line: int, faults: list[str]) -> WorkCycle | None:
    given = {name: (value or "").strip() for name, value in row.items() if name}
    weeks = [given[f"{WEEK}{n}"] for n in range(1, MOST_WEEKS + 1) if given.get(f"{WEEK}{n}")]
    code = given.get("code", "")
    if not code or len(code) > 40:
        faults.append(_("Ligne %(line)s : il faut un code de 40 signes au plus.") % {"line": line})
        return None
    try:
        anchor = date.fromisoformat(given["ancre"]) if given.get("ancre") else date(2024, 1, 1)
        annual = _minutes(given["heures_annuelles"]) if given.get("heures_annuelles") else None
        hours = [_minutes(given[f"{HOURS}{n}"]) for n in range(1, MOST_WEEKS + 1) if given.get(f"{HOURS}{n}")]
        Cycle(tuple(weeks), anchor)
    except ValueError:
        words = _(
            "Ligne %(line)s : « %(code)s » ne se lit pas ; chaque semaine s’écrit en sept signes (1, a, p ou 0), "
            "l’ancre comme 2026-01-05, les heures annuelles en nombre."
        )
        faults.append(words % {"line": line, "code": code})
        return None
    if hours and (annual is None or len(hours) != len(weeks)):
        words = _(
            "Ligne %(line)s : « %(code)s » donne les heures de %(hours)s semaines sur %(weeks)s. Donnez-les pour "
            "chaque semaine, avec les heures annuelles, ou pour aucune."
        )
        faults.append(words % {"line": line, "code": code, "hours": len(hours), "weeks": len(weeks)})
        return None
    return WorkCycle(
        code=code,
        label=given.get("libelle", "")[:120],
        weeks=weeks,
        anchor=anchor - timedelta(days=anchor.weekday()),
        works_holidays=given.get("feries", "").lower() == "oui",
        annual_minutes=annual,
        week_minutes=hours,
    )


def _minutes(text: str) -> int:
    """« 37,5 » hours in minutes. Raises ValueError when it is no number of hours of a year."""
    hours = float(text.replace(",", "."))
    if not 0 <= hours <= MOST_HOURS:
        raise ValueError(text)
    return round(hours * 60)


@transaction.atomic
def write_cycles(plan: CyclePlan, *, by: Agent | None = None) -> None:
    """Writes a plan, all or nothing. Raises ValueError when it has faults."""
    if plan.faults:
        raise ValueError(plan.faults[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.cycles'))")
    WorkCycle.objects.bulk_create(plan.create)
    WorkCycle.objects.bulk_update(
        plan.update, ["label", "weeks", "anchor", "works_holidays", "annual_minutes", "week_minutes"]
    )
    audit.record(
        "leave.cycles_imported",
        actor=by.pk if by else None,
        subject=None,
        created=[cycle.code for cycle in plan.create],
        updated=[cycle.code for cycle in plan.update],
    )
