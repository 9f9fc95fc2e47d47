"""Filling the tables of the law with the rows shipped with the program, after each migration.

A row that is already there is left as HR made it; only missing ones are added. So an upgrade brings the figures of a
new text, and never undoes a local decision.
"""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS

from nomade.leave.rules.parameters import shipped_parameters

DATA = Path(__file__).parent / "data"
TYPES, COUNTERS = DATA / "types.csv", DATA / "counters.csv"
NUMBERS = ("order", "notice_days", "past_days", "priority")
NUMBERS_OR_NONE = ("document_hours", "second_level_from", "cap_request", "cap_year")
# Facts, as the law wants them (CE 20-12-2013 n° 362940); HR adds its own.
REASONS = (
    "L’effectif minimal de l’équipe ne serait plus atteint ces jours-là.",
    "Une opération prévue ces jours-là demande la présence de toute l’équipe.",
    "Le délai est trop court pour organiser votre remplacement.",
    "Vos collègues chargés de famille ont demandé ces dates avant vous.",
)
LISTS = ("more_counters", "fields", "levels")
YES_OR_NO = ("of_right", "calendar_days")


def fill_tables(sender: Any, *, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Receives `post_migrate`, which also comes, without `apps`, when tests empty the base."""
    try:
        figures, types = apps.get_model("leave", "LegalFigure"), apps.get_model("leave", "LeaveType")
        counters = apps.get_model("leave", "CounterKind")
        reasons = apps.get_model("leave", "RefusalReason")
    except LookupError:  # migrated back to before the tables existed
        return
    figures.objects.using(using).bulk_create(
        [figures(**asdict(parameter)) for parameter in shipped_parameters()], ignore_conflicts=True
    )
    # A type that HR has changed has rows of its own: the shipped one would be a second row of the same days.
    known = set(types.objects.using(using).values_list("code", flat=True))
    types.objects.using(using).bulk_create([types(**row) for row in shipped_types() if row["code"] not in known])
    counters.objects.using(using).bulk_create([counters(**row) for row in shipped_counters()], ignore_conflicts=True)
    reasons.objects.using(using).bulk_create([reasons(text=text) for text in REASONS], ignore_conflicts=True)


def shipped_types(path: Path = TYPES) -> list[dict[str, Any]]:
    """Rows of the types' file, typed. Raises ValueError or KeyError when it is malformed."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_typed(row) for row in csv.DictReader(file, delimiter=";")]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    return (
        row
        | {name: int(row[name]) for name in NUMBERS}
        | {name: int(row[name]) if row[name] else None for name in NUMBERS_OR_NONE}
        | {name: row[name].split() for name in LISTS}
        | {name: row[name] == "yes" for name in YES_OR_NO}
        | {
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        }
    )


def shipped_counters(path: Path = COUNTERS) -> list[dict[str, Any]]:
    """Rows of the counters' file, typed."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row | {"order": int(row["order"])} for row in csv.DictReader(file, delimiter=";")]
