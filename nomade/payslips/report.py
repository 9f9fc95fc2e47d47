"""The report of an import: sentences for a terminal, CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from nomade.kernel.spreadsheets import csv_text
from nomade.payslips.rules import FAULT_LABELS, NOTICES, Fault, FaultKind, ImportPlan, page_list

LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found and did. `already` says that the very same file had been published before."""

    plan: ImportPlan
    pages: int
    stored: int = 0
    resumed: int = 0
    published: bool = False
    dry_run: bool = False
    set_aside: bool = False
    already: str = ""
    batch: UUID | None = None

    @property
    def failed(self) -> bool:
        """Whether a script must stop here."""
        return self.plan.blocked and not self.set_aside

    def sentences(self) -> Iterator[str]:
        """What a pay officer needs to know, most important first."""
        if self.already:
            yield self.already
            return
        yield f"{self.pages} pages lues, {len(self.plan.accepted)} bulletins prêts à être remis."
        for kind in FaultKind:
            faults = [fault for fault in (*self.plan.faults, *self.plan.notices) if fault.kind is kind]
            if faults:
                pages = page_list(faults)
                where = f" : pages {pages}" if pages else f" : {faults[0].detail}"
                yield f"{FAULT_LABELS[kind].capitalize()} : {len(faults)}{where}."
        if self.plan.missing:
            agents = list(dict.fromkeys(matricule for matricule, _ in self.plan.missing))
            more = f" et {len(agents) - 8} autres" if len(agents) > 8 else ""
            yield f"Agents présents sans bulletin : {len(agents)} ({', '.join(agents[:8])}{more})."
        if self.plan.versions:
            yield f"Bulletins rectificatifs : {len(self.plan.versions)} ; les précédents sont conservés."
        yield self._conclusion()

    def _conclusion(self) -> str:
        if self.dry_run:
            return "Essai à blanc : rien n’a été enregistré."
        if self.failed:
            return (
                "Lot bloqué : aucun bulletin n’est visible. Corrigez le fichier, ou relancez avec --set-aside "
                "pour publier les bulletins sûrs et laisser les autres de côté."
            )
        resumed = f" (dont {self.resumed} déjà rangés avant une interruption)" if self.resumed else ""
        published = ", publiés" if self.published else ", à publier"
        return f"{self.stored} bulletins rangés et chiffrés{resumed}{published}."

    def as_json(self) -> dict[str, Any]:
        """What a page shows of a dry run: figures, and each list as rows of text. No amount."""
        lists: dict[str, list[list[str]]] = {}
        for fault in (*self.plan.faults, *self.plan.notices):
            lists.setdefault(fault.kind.value, []).append(_row(fault))
        if self.plan.missing:
            lists["missing"] = list(self._missing_rows())
        lists["ready"] = [
            [
                group.source,
                str(group.first_page + 1),
                str(group.first_page + group.pages),
                group.matricule,
                f"{group.period:%Y-%m}",
                _version(self.plan.versions.get((group.matricule, group.period))),
            ]
            for group in self.plan.accepted
        ]
        return {
            "pages": self.pages,
            "ready": len(self.plan.accepted),
            "expected": self.plan.expected,
            "versions": len(self.plan.versions),
            "blocked": self.plan.blocked,
            "already": self.already,
            "counts": {kind: len(rows) for kind, rows in lists.items()},
            "lists": lists,
        }

    def as_csv(self) -> str:
        """Every fault and every missing agent, one a line; opens in a spreadsheet as it is (UTF-8, `;`)."""
        rows = [(FAULT_LABELS[fault.kind], *_row(fault)) for fault in (*self.plan.faults, *self.plan.notices)]
        rows += [("agent présent sans bulletin", *row) for row in self._missing_rows()]
        return csv_text(("anomalie", *COLUMNS), rows)

    def _missing_rows(self) -> Iterator[list[str]]:
        """One row an agent: three years of a city would otherwise make two million of them."""
        for matricule, keys in groupby(sorted(self.plan.missing), key=lambda key: key[0]):
            months = [period for _matricule, period in keys]
            count = f"{len(months)} mois" if len(months) > 1 else ""
            yield ["", "", "", matricule, months_told(months), count]


def months_told(months: list[date]) -> str:
    """`2024-03 à 2024-06, 2024-09`: months in order, those that follow each other told by the first and the last."""
    runs: list[list[date]] = []
    for month in months:
        if runs and (month - runs[-1][-1]).days <= LONGEST_MONTH:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{run[0]:%Y-%m} à {run[-1]:%Y-%m}" if len(run) > 1 else f"{run[0]:%Y-%m}" for run in runs)


LIST_LABELS = {
    "ready": "bulletins reconnus",
    "missing": "agents présents sans bulletin",
    **{kind.value: label for kind, label in FAULT_LABELS.items()},
}
# What stops a batch, apart from what is only worth a look.
BLOCKING = tuple(kind.value for kind in FaultKind if kind not in NOTICES)
COLUMNS = ("fichier", "premiere_page", "derniere_page", "matricule", "periode", "detail")


def list_csv(rows: list[list[str]]) -> str:
    """One list of a kept report, for a spreadsheet."""
    return csv_text(COLUMNS, rows)


def _row(fault: Fault) -> list[str]:
    first, last = str(fault.first_page or ""), str(fault.last_page or "")
    return [fault.source, first, last, fault.matricule, "", fault.detail]


def _version(version: int | None) -> str:
    return f"rectificatif n° {version - 1}" if version and version > 1 else ""
