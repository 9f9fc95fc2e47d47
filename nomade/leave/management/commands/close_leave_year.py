"""`nomade close-leave-year 2026`: closes the leave of a year; run again, it does only what is missing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nomade.leave.closing import close_year, closes_after
from nomade.leave.facts import current_law
from nomade.leave.rules.parameters import MissingParameter
from nomade.leave.wording import day_phrase


class Command(BaseCommand):
    help = "Clôt les congés d’une année : réductions, reports, jours périmés, avec un rapport."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="ANNÉE")

    def handle(self, *_args: Any, **options: Any) -> None:
        year = options["year"]
        try:
            closing = close_year(year)
        except MissingParameter as error:
            raise CommandError(
                _("Aucune règle n’est connue pour cette année : %(error)s") % {"error": error}
            ) from error
        except ValueError as error:
            day = day_phrase(closes_after(year, current_law()))
            raise CommandError(_("L’année %(year)s se clôt après le %(day)s.") % {"year": year, "day": day}) from error
        for line, people in sorted(closing.agents.items()):
            self.stdout.write(
                _("%(line)s : %(people)s agents, %(days)s jours")
                % {"line": line, "people": people, "days": closing.done[line] / 2}
            )
        self.stdout.write(_("Année %(year)s close.") % {"year": year})
