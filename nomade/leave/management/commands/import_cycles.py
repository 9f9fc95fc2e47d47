"""`nomade import-cycles FILE.csv [--dry-run]`: work cycles, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nomade.leave.cycle_files import read_cycles, write_cycles


class Command(BaseCommand):
    help = "Crée ou met à jour les cycles de travail d’un fichier CSV (code;libelle;ancre;feries;semaine_1;…)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--dry-run", action="store_true", help="lit et dit, n’écrit rien")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("Le fichier ne se lit pas : %(error)s") % {"error": error}) from error
        plan = read_cycles(text)
        if plan.faults:
            raise CommandError("\n".join(plan.faults))
        if not options["dry_run"]:
            write_cycles(plan)
        said = _("Cycles : %(created)s créés, %(updated)s mis à jour.")
        if options["dry_run"]:
            said += _(" Essai à blanc : rien n’est enregistré.")
        self.stdout.write(said % {"created": len(plan.create), "updated": len(plan.update)})
