"""Offices, topics and answers without which nobody can ask: added after each migration, never changed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def fill_tables(**_kwargs: Any) -> None:
    """Receives `post_migrate`, which also comes when tests empty the base; does nothing once HR have offices."""
    from nomade.questions.models import Office, ReadyAnswer, Topic

    if Office.objects.exists():
        return
    Office.objects.bulk_create(
        Office(code=row["code"], label=row["libelle"], role=row["role"], order=int(row["ordre"]))
        for row in _rows("offices.csv")
    )
    offices = {office.code: office for office in Office.objects.all()}
    Topic.objects.bulk_create(
        Topic(
            code=row["code"],
            label=row["libelle"],
            hint=row["aide"],
            office=offices[row["bureau"]],
            promised_days=int(row["delai"]),
            service=row["service"],
            order=10 * rank,
        )
        for rank, row in enumerate(_rows("topics.csv"), 1)
    )
    ReadyAnswer.objects.bulk_create(
        ReadyAnswer(title=row["titre"], text=row["texte"].replace("\\n", "\n"), office=offices.get(row["bureau"]))
        for row in _rows("answers.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
