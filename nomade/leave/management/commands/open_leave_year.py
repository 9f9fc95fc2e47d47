"""`nomade open-leave-year 2026`: opens the leave rights of a year."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nomade.leave.opening import open_year
from nomade.leave.rules.parameters import MissingParameter


class Command(BaseCommand):
    help = "Ouvre les droits à congé d’une année pour les agents qui ne les ont pas encore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="ANNÉE")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            opening = open_year(options["year"])
        except (MissingParameter, ValueError) as error:
            raise CommandError(
                _("Aucune règle n’est connue pour cette année : %(error)s") % {"error": error}
            ) from error
        counts = ", ".join(f"{count} {code}" for code, count in sorted(opening.opened.items()))
        self.stdout.write(
            _("Droits %(year)s : %(counts)s.") % {"year": opening.year, "counts": counts or _("rien à ouvrir")}
        )
