"""`nomade activation-letters --batch NAME --out FILE.pdf`: one PDF of letters, sorted by unit."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nomade.accounts.letters.batches import accounts_without_password, write_letters
from nomade.people.models import OrgUnit


class Command(BaseCommand):
    help = "Écrit les lettres d’activation des agents qu’aucun mot de passe n’ouvre encore, en un PDF trié par unité."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", required=True, metavar="NOM", help="nom du déploiement")
        parser.add_argument("--out", required=True, type=Path, metavar="FICHIER.pdf", help="fichier à écrire")
        parser.add_argument("--unit", metavar="CHEMIN", help="une unité et ce qui en dépend")
        parser.add_argument(
            "--again",
            action="store_true",
            help="refait aussi celles qui n’ont pas servi",
        )

    def handle(self, *_args: Any, batch: str, out: Path, unit: str | None, again: bool, **_options: Any) -> None:
        if not out.parent.is_dir():
            raise CommandError(f"Le dossier {out.parent} n’existe pas.")
        if out.exists():
            raise CommandError(f"{out} existe déjà : choisissez un autre nom, ou effacez-le.")
        if not 1 <= len(batch.strip()) <= 80:
            raise CommandError("Le nom du déploiement a de 1 à 80 signes.")
        top = OrgUnit.objects.filter(path=unit).first() if unit else None
        if unit and top is None:
            raise CommandError(f"« {unit} » n’est le chemin d’aucune unité.")
        accounts = accounts_without_password(top, again=again)
        if not accounts:
            raise CommandError("Aucun agent n’attend de lettre.")
        try:
            outcome = write_letters(out, accounts, batch.strip(), progress=self._progress(len(accounts)))
        except OSError as error:
            raise CommandError(f"{out} : impossible d’écrire ({error.strerror}). Aucun code n’est donné.") from error
        size = out.stat().st_size / 1024**2
        self.stdout.write(f"{outcome.letters} lettres dans {out} ({size:.1f} Mo), lisible par vous seul.")
        if outcome.overtaken:
            self.stdout.write(f"{outcome.overtaken} ne s’ouvriront pas : un mot de passe est choisi depuis.")

    def _progress(self, total: int) -> Any:
        terminal = sys.stderr.isatty()

        def show(done: int) -> None:
            if terminal:
                sys.stderr.write(f"\rLettres écrites : {done} / {total}" + ("\n" if done == total else ""))
                sys.stderr.flush()

        return show
