"""`nomade export-time-requests FILE.csv`: what the time system does not know yet, each line once."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from nomade.files.tables import table_csv
from nomade.kernel.errors import Refusal
from nomade.leave.actions.time_system import export_requests
from nomade.leave.time_system import HEADER, export_rows


class Command(BaseCommand):
    help = "Transmet au système de temps les demandes validées ou annulées qu’il ne connaît pas encore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            export = export_requests()
        except Refusal as refusal:
            self.stdout.write(refusal.message)
            return
        options["file"].write_text(table_csv(HEADER, export_rows(export)), encoding="utf-8")
        count = export.lines.count()
        self.stdout.write(_("Export n° %(number)s : %(count)s lignes.") % {"number": export.pk, "count": count})
