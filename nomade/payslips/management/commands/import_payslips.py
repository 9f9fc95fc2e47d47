"""`nomade import-payslips`: from the payroll's file to the agents' space."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nomade.files.store import DocumentUnavailable
from nomade.kernel.clock import PARIS
from nomade.kernel.errors import Refusal
from nomade.payslips.actions import ImportOrder, import_payslips
from nomade.payslips.management.arguments import month_or_auto
from nomade.payslips.management.progress import ProgressLine
from nomade.payslips.models import PayslipType
from nomade.payslips.report import ImportReport
from nomade.payslips.splitting.reading import DEFAULT_MATRICULE, Patterns


class Command(BaseCommand):
    """Imports a file of pay slips; exit status 1 when the batch is blocked."""

    help = "Découpe, rattache, chiffre et publie les bulletins d’un fichier de paie (PDF groupé ou ZIP de PDF)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER.pdf|FICHIER.zip")
        parser.add_argument(
            "--period",
            required=True,
            type=month_or_auto,
            help="mois de paie (2026-10), ou « auto » pour le lire sur chaque page",
        )
        parser.add_argument(
            "--run", default="", metavar="NOM", help="nom du traitement de paie, si le mois en a plusieurs"
        )
        parser.add_argument("--type", choices=PayslipType.values, default=PayslipType.ORDINARY)
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, n’enregistre rien")
        parser.add_argument(
            "--publish-at", metavar="DATE", help="date et heure de mise à disposition, 2026-10-28T08:00"
        )
        parser.add_argument(
            "--hold", action="store_true", help="range les bulletins et laisse une personne de la paie publier le lot"
        )
        parser.add_argument(
            "--expected", type=int, metavar="N", help="effectif annoncé par la paie ; bloque s’il diffère"
        )
        parser.add_argument(
            "--corrections", action="store_true", help="bulletins rectificatifs : les précédents sont gardés"
        )
        parser.add_argument(
            "--set-aside", action="store_true", help="publie les bulletins sûrs, laisse les autres de côté"
        )
        parser.add_argument("--report", type=Path, metavar="FICHIER.csv", help="écrit le détail des anomalies")
        parser.add_argument(
            "--matricule-pattern", default=DEFAULT_MATRICULE, metavar="REGEX", help="où se lit le matricule (un groupe)"
        )
        parser.add_argument("--processes", type=int, default=2, help="processus de travail (2 par défaut)")

    def handle(self, *args: Any, **options: Any) -> None:
        order = _order(options)
        try:
            report = import_payslips(order, ProgressLine(sys.stderr))
        except (Refusal, DocumentUnavailable) as error:
            raise CommandError(error.message) from error
        self._tell(report, options["report"])
        if report.failed:
            raise CommandError("L’import est bloqué par les anomalies ci-dessus.")
        if not report.plan.accepted and not report.already:
            raise CommandError("Aucun bulletin n’a été reconnu dans ce fichier.")

    def _tell(self, report: ImportReport, path: Path | None) -> None:
        for sentence in report.sentences():
            self.stdout.write(sentence)
        if path:
            path.write_text(report.as_csv(), encoding="utf-8", newline="")
            self.stdout.write(f"Détail dans {path}.")


def _order(options: dict[str, Any]) -> ImportOrder:
    try:
        if re.compile(options["matricule_pattern"]).groups != 1:
            raise CommandError("L’expression du matricule doit avoir un groupe, et un seul.")
    except re.error as error:
        raise CommandError(f"L’expression du matricule n’est pas correcte : {error}.") from error
    publish_at = _instant(options["publish_at"])
    if options["hold"] and publish_at:
        raise CommandError("--hold laisse le choix du jour à qui publiera : ôtez --publish-at, ou --hold.")
    if not options["file"].is_file():
        raise CommandError(f"Le fichier {options['file']} n’existe pas.")
    return ImportOrder(
        path=options["file"],
        period=options["period"],
        run=options["run"],
        type=PayslipType(options["type"]),
        dry_run=options["dry_run"],
        publish_at=publish_at,
        corrections=options["corrections"],
        set_aside=options["set_aside"],
        announced=options["expected"],
        patterns=Patterns(options["matricule_pattern"]),
        processes=options["processes"],
        release=not options["hold"],
    )


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"« {text} » n’est pas une date : écrivez par exemple 2026-10-28T08:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=PARIS)
