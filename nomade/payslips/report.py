"""The report of an import: sentences for a terminal, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from nomade.payslips.rules import FAULT_LABELS, FaultKind, ImportPlan, page_list


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
            faults = [fault for fault in self.plan.faults if fault.kind is kind]
            if faults:
                pages = page_list(faults)
                where = f" : pages {pages}" if pages else f" : {faults[0].detail}"
                yield f"{FAULT_LABELS[kind].capitalize()} : {len(faults)}{where}."
        if self.plan.missing:
            names = ", ".join(matricule for matricule, _ in self.plan.missing[:8])
            more = f" et {len(self.plan.missing) - 8} autres" if len(self.plan.missing) > 8 else ""
            yield f"Agents présents sans bulletin : {len(self.plan.missing)} ({names}{more})."
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
        return f"{self.stored} bulletins rangés et chiffrés{resumed}, publiés."

    def csv_text(self) -> str:
        """Every fault and every missing agent, one a line; opens in a spreadsheet as it is (UTF-8, `;`)."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(["anomalie", "fichier", "premiere_page", "derniere_page", "matricule", "periode", "detail"])
        for fault in self.plan.faults:
            pages = [fault.first_page or "", fault.last_page or ""]
            row = [FAULT_LABELS[fault.kind], fault.source, *pages, fault.matricule, "", fault.detail]
            writer.writerow([_harmless(str(cell)) for cell in row])
        for matricule, period in self.plan.missing:
            writer.writerow(["agent présent sans bulletin", "", "", "", _harmless(matricule), f"{period:%Y-%m}", ""])
        return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
