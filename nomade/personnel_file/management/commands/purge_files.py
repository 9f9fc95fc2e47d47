"""`nomade purge-files --dry-run`, then `nomade purge-files --visa "bordereau 2026-12"`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nomade.kernel.clock import today
from nomade.personnel_file.actions.purging import due, purge


class Command(BaseCommand):
    help = "Élimine les dossiers et les comptes bancaires dont la durée de conservation est passée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait éliminé, et n’élimine rien")
        parser.add_argument("--visa", default="", help="le bordereau d’élimination signé par les archives")

    def handle(self, *_args: Any, dry_run: bool, visa: str, **_options: Any) -> None:
        if not dry_run and not visa.strip():
            raise CommandError(
                "Ces dossiers sont des archives publiques : indiquez --visa avec le bordereau d’élimination signé "
                "(Code du patrimoine, L.212-2), ou --dry-run pour en préparer la liste."
            )
        found = due(today()) if dry_run else purge(today(), visa=visa.strip())
        verb = "à éliminer" if dry_run else "éliminés"
        self.stdout.write(f"Dossiers {verb} (80 ans après la naissance)\u00a0: {len(found.files)}")
        for agent in found.files:
            self.stdout.write(f"  {agent.matricule}")
        self.stdout.write(f"Comptes bancaires {verb} (10 ans après le dernier virement)\u00a0: {len(found.accounts)}")
        for change in found.accounts:
            self.stdout.write(f"  {change.owner.matricule}  {change.reference}")
