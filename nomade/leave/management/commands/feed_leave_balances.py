"""`nomade feed-leave-balances FILE.csv --as-of 2026-11-22`: balances of the time system, each day."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.actions.operations import do_rights, plan_rights
from nomade.leave.models import CounterKind, Mode, OperationKind
from nomade.leave.tables import Unreadable
from nomade.leave.time_system import read_balances
from nomade.leave.wording import day_phrase
from nomade.people.models import Agent


class Command(BaseCommand):
    help = "Lit les soldes du système de temps (matricule;compteur;annee;jours)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="JOUR")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            balances = read_balances(options["file"].read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            raise CommandError(_("Le fichier ne se lit pas : %(error)s") % {"error": error}) from error
        as_of = options["as_of"]
        if as_of > today():
            raise CommandError(_("Ce jour n’est pas encore passé."))
        with transaction.atomic():
            for (code, year), rows in balances.items():
                self._feed(code, year, rows, as_of)

    def _feed(self, code: str, year: int, rows: list[tuple[str, int]], as_of: date) -> None:
        if not CounterKind.objects.filter(code=code, mode=Mode.FED).exists():
            said = _("Le compteur « %(code)s » n’est pas alimenté par le système de temps : rien n’est lu.")
            raise CommandError(said % {"code": code})
        label = _("Soldes du système de temps au %(day)s") % {"day": day_phrase(as_of)}
        plan = plan_rights(
            Agent.objects.all(), rows, code=code, year=year, label=label, kind=OperationKind.FEED, as_of=as_of
        )
        try:
            operation = do_rights(plan, by=None, reason=label, as_of=as_of)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(_("%(code)s : %(count)s agents.") % {"code": code, "count": operation.report["done"]})
        for line in plan.left:
            self.stderr.write(f"{line.matricule} : {line.problem}")
