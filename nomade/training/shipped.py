"""Rows without which the service says nothing: the domains of a catalogue, and who decides of what."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def fill_tables(**_kwargs: Any) -> None:
    """Receives `post_migrate`, which also comes when tests empty the base; adds what is missing, changes nothing."""
    from nomade.training.models import Circuit, Domain

    Domain.objects.bulk_create(
        [Domain(code=row["code"], label=row["libelle"]) for row in _rows("domains.csv")], ignore_conflicts=True
    )
    if Circuit.objects.exists():
        return
    Circuit.objects.bulk_create(
        [
            Circuit(
                kind=row["type"],
                from_cost=Decimal(row["cout"]),
                from_hours=Decimal(row["heures"]),
                asks_supervisor=row["responsable"] == "oui",
                asks_office=row["service_formation"] == "oui",
                promised_days=int(row["delai"]),
            )
            for row in _rows("circuits.csv")
        ],
        ignore_conflicts=True,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
