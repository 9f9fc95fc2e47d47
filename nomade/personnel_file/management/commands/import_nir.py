"""`nomade import-nir FILE.csv [--dry-run]`: the social security numbers that the HR system gives."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nomade.personnel_file.nirs import import_nirs


class Command(BaseCommand):
    help = "Importe les numéros de sécurité sociale (matricule;nir), chiffrés ; la clé de chacun est contrôlée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as lines:
                report = import_nirs(lines, dry_run=options["dry_run"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Fichier illisible : {error}") from error
        for fault in report.faults:
            self.stderr.write(fault)
        if report.faults:
            raise CommandError(f"{len(report.faults)} ligne(s) à corriger : rien n’a été importé.")
        self.stdout.write(f"{report.taken} numéro(s) {'à importer' if options['dry_run'] else 'importés'}.")
