"""`nomade rotate-keys`: everything under the first key of NOMADE_ENCRYPTION_KEYS, while the portal works."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nomade.files import rotation
from nomade.files.sealing import DocumentDamaged, DocumentUnavailable
from nomade.kernel import resealing


class Command(BaseCommand):
    """Seals anew, then says what still needs an old key."""

    help = "Chiffre de nouveau documents et secrets avec la première clé de NOMADE_ENCRYPTION_KEYS, sans arrêt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="dit seulement ce qui dépend encore d’une ancienne clé"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            try:
                files = rotation.rotate_files(self._progress)
            except (DocumentDamaged, DocumentUnavailable) as error:
                raise CommandError(f"{error.message} ({error.reason}) Relancez la commande : elle reprend.") from error
            self.stdout.write(f"{files} documents chiffrés de nouveau.")
            for name, rows in resealing.reseal_all().items():
                self.stdout.write(f"{name} : {rows} valeurs chiffrées de nouveau.")
        left = list(rotation.remaining())
        for one in left:
            self.stdout.write(f"{one.column} : {one.rows} encore sous une ancienne clé.")
        if left:
            self.stdout.write("Gardez les anciennes clés dans NOMADE_ENCRYPTION_KEYS.")
        else:
            self.stdout.write("Plus rien ne dépend d’une ancienne clé : elle peut être retirée.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty() and (done % 100 == 0 or done == total):
            self.stderr.write(f"\r{done}/{total}", ending="")
