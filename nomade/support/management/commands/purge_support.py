"""`nomade purge-support [--dry-run]`: what the support has kept for long enough."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nomade.support.actions.purging import purge, to_purge


class Command(BaseCommand):
    help = "Efface les demandes, preuves d’identité et signalements dont la durée de conservation est passée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait effacé, et n’efface rien")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        found = to_purge() if dry_run else purge()
        verb = "à effacer" if dry_run else "effacées"
        self.stdout.write(f"Demandes {verb}\u00a0: {found.tickets}")
        self.stdout.write(f"Vérifications d’identité {verb}, avec leurs preuves et actions\u00a0: {found.checks}")
        self.stdout.write(f"Signalements {verb.replace('effacées', 'effacés')}\u00a0: {found.reports}")
