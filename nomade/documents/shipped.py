"""The types of documents and their retention, shipped with their source; a row that HR changed is left as it is."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS

TYPES = Path(__file__).parent / "data" / "types.csv"


def fill_tables(sender: Any, *, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Receives `post_migrate`; adds the types that are missing."""
    try:
        types = apps.get_model("documents", "DocumentType")
    except LookupError:  # migrated back to before the table existed
        return
    with TYPES.open(encoding="utf-8", newline="") as file:
        rows = [types(**{**row, "years": int(row["years"])}) for row in csv.DictReader(file, delimiter=";")]
    types.objects.using(using).bulk_create(rows, ignore_conflicts=True)
