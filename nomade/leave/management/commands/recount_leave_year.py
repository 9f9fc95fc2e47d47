"""`nomade recount-leave-year 2026`: counts again the rights of a year by the situations known today."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nomade.leave.regularising import regularise_year
from nomade.leave.rules.parameters import MissingParameter


class Command(BaseCommand):
    help = "Recalcule les droits à congé d’une année quand des situations ont changé ; relancé, ne change plus rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="ANNÉE")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            done = regularise_year(options["year"])
        except (MissingParameter, ValueError) as error:
            raise CommandError(
                _("Aucune règle n’est connue pour cette année : %(error)s") % {"error": error}
            ) from error
        said = _("Droits %(year)s : %(moved)s compteurs recalculés, %(left)s déjà trop pris.")
        self.stdout.write(said % {"year": done.year, "moved": len(done.moved), "left": len(done.left)})
