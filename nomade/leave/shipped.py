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

TYPES = Path(__file__).parent / "data" / "types.csv"


def fill_tables(sender: Any, *, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Receives `post_migrate`, which also comes, without `apps`, when tests empty the base."""
    try:
        figures, types = apps.get_model("leave", "LegalFigure"), apps.get_model("leave", "LeaveType")
    except LookupError:  # migrated back to before the tables existed
        return
    figures.objects.using(using).bulk_create(
        [figures(**asdict(parameter)) for parameter in shipped_parameters()], ignore_conflicts=True
    )
    types.objects.using(using).bulk_create([types(**row) for row in shipped_types()], ignore_conflicts=True)


def shipped_types(path: Path = TYPES) -> list[dict[str, Any]]:
    """Rows of the types' file, typed. Raises ValueError or KeyError when it is malformed."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            row
            | {
                "order": int(row["order"]),
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            }
            for row in csv.DictReader(file, delimiter=";")
        ]
