"""`nomade read-time-answers FILE.csv`: what the time system answered; read again, it changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nomade.leave.actions.time_system import take_answers
from nomade.leave.tables import Unreadable
from nomade.leave.time_system import read_answers


class Command(BaseCommand):
    help = "Lit les réponses du système de temps (reference;acceptee ou reference;refusee;motif)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answers = read_answers(options["file"].read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            raise CommandError(_("Le fichier ne se lit pas : %(error)s") % {"error": error}) from error
        read = take_answers(answers)
        said = _("Prises en compte : %(accepted)s. Refusées : %(refused)s. Déjà lues : %(already)s.")
        self.stdout.write(said % {"accepted": read.accepted, "refused": read.refused, "already": read.already})
        for problem in read.problems:
            self.stderr.write(problem)
