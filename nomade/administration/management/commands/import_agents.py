"""`nomade import-agents FILE.csv`: agents and, with `--units`, units, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nomade.administration import reports
from nomade.administration.importing import import_people
from nomade.kernel.clock import today
from nomade.people.importing.agents import Options
from nomade.people.importing.faults import Faulty
from nomade.people.importing.plan import Plan, Source, plan_import


def source(path: str) -> Source:
    """A file to import. Raises CommandError when it cannot be read."""
    try:
        return Source(Path(path).name, Path(path).read_bytes())
    except OSError as error:
        raise CommandError(f"{path} : impossible de lire ce fichier ({error.strerror}).") from error


def day(text: str) -> date:
    """A day of the command line. Raises CommandError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--from : « {text} » n’est pas une date comme 2026-11-23.") from None


class PeopleImport(BaseCommand):
    """What the imports of agents and of units share."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, ne change rien")
        parser.add_argument("--from", dest="since", metavar="DATE", help="jour d’effet (aujourd’hui)")
        parser.add_argument(
            "--complete", action="store_true", help="le fichier est complet : qui n’y est pas sort la veille"
        )
        parser.add_argument(
            "--allow-mass-exit", action="store_true", help="avec --complete, accepter plus d’un dixième de sorties"
        )
        parser.add_argument("--report", metavar="FICHIER", help="écrit le rapport entier dans un fichier")

    def run(self, agents: Source | None, units: Source | None, options: dict[str, Any]) -> None:
        """Plans, then writes unless it is a rehearsal; a faulty file ends with status 1."""
        wanted = Options(
            on=day(options["since"]) if options["since"] else today(),
            complete=options["complete"],
            create_units=options.get("create_units", False),
            allow_mass_exit=options["allow_mass_exit"],
        )
        try:
            if options["dry_run"]:
                plan = plan_import(agents, units, wanted)
            else:
                plan = import_people(agents, units, wanted, actor=None)
        except Faulty as faulty:
            self._keep(options["report"], [str(fault) for fault in faulty.faults])
            for line in reports.faults_told(faulty.faults):
                self.stderr.write(line)
            raise CommandError(reports.refused(faulty.faults)) from faulty
        self._tell(plan, options)

    def _tell(self, plan: Plan, options: dict[str, Any]) -> None:
        for line in plan.notices:
            self.stdout.write(line)
        if options["verbosity"] > 1 or options["dry_run"]:
            for line in reports.changes_told(plan):
                self.stdout.write(line)
        self._keep(options["report"], [*plan.notices, *reports.changes_told(plan, len(plan.changes()))])
        for line in reports.counts_told(plan):
            self.stdout.write(line)
        self.stdout.write("Essai : rien n’est changé." if options["dry_run"] else "Import terminé.")

    def _keep(self, path: str | None, lines: list[str]) -> None:
        if path:
            Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


class Command(PeopleImport):
    help = "Crée, met à jour et fait sortir des agents d’après un fichier CSV (UTF-8, « ; ») ou XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--units", metavar="FICHIER", help="fichier des unités, importé dans la même opération")
        parser.add_argument(
            "--create-units", action="store_true", help="créer les unités que seul le fichier des agents nomme"
        )
        super().add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        units = source(options["units"]) if options["units"] else None
        self.run(source(options["file"]), units, options)
