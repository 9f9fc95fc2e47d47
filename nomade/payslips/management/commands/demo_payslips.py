"""`nomade demo-payslips`: one combined PDF as payroll software makes it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nomade.payslips.management.arguments import month
from nomade.payslips.management.progress import ProgressLine
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.payroll import employer, paid_agents
from nomade.payslips.payroll.rates import UnknownMonth, rates_on


class Command(BaseCommand):
    """Makes the demo payroll's file for the agents of the base."""

    help = "Fabrique un PDF regroupant les bulletins de démonstration d’un mois, comme le ferait un logiciel de paie."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, type=month, help="mois de paie, par exemple 2026-10")
        parser.add_argument("--out", required=True, type=Path, metavar="FICHIER.pdf", help="fichier à écrire")
        parser.add_argument("--agents", type=_positive, help="nombre d’agents (par défaut : tous ceux de la base)")

    def handle(self, *args: Any, period: date, out: Path, agents: int | None, **options: Any) -> None:
        if settings.NOMADE.production:
            raise CommandError("La démonstration ne s’exécute jamais en production.")
        if not out.parent.is_dir():
            raise CommandError(f"Le dossier {out.parent} n’existe pas.")
        try:
            rates_on(period)
        except UnknownMonth as error:
            raise CommandError(f"Les taux de paie de {period:%Y-%m} ne sont pas connus.") from error
        show = ProgressLine(sys.stderr)
        wanted = ((agent, period) for agent in paid_agents(period, limit=agents))
        count = write_combined(
            out, wanted, employer(), progress=lambda done: show("Bulletins écrits", done, agents or 0)
        )
        if not count:
            out.unlink(missing_ok=True)
            raise CommandError("Aucun agent n’est en service ce mois-là : commencez par « nomade demo ».")
        size = out.stat().st_size / 1024**2
        self.stdout.write(f"{count} bulletins de {period:%Y-%m} dans {out} ({size:.1f} Mo).")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("il faut un nombre d’au moins 1")
    return int(text)
