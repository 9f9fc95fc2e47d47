"""`nomade purge --dry-run`, then `nomade purge --visa "bordereau 2026-12"`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nomade.kernel import retention
from nomade.kernel.clock import today
from nomade.kernel.registry import services
from nomade.kernel.retention import Over


class Command(BaseCommand):
    help = "Élimine ce que les services ont gardé assez longtemps : absences, formation, attestations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait éliminé, et n’élimine rien")
        parser.add_argument("--visa", default="", help="le bordereau d’élimination signé par les archives")
        parser.add_argument("--service", default="", help="un seul service, par exemple leave")

    def handle(self, *_args: Any, dry_run: bool, visa: str, service: str, **_options: Any) -> None:
        keys = sorted(one.key for one in services())
        if service and service not in keys:
            raise CommandError(f"Ce service n’existe pas : {service}. Services ouverts : {', '.join(keys)}.")
        day = today()
        archives, others = (retention.over(day, archives=kind, only=service) for kind in (True, False))
        if dry_run:
            self._tell([*archives, *others], "à éliminer")
            return
        if any(one.rows for one in archives) and not visa.strip():
            self._tell(archives, "à éliminer")
            raise CommandError(
                "Ces données sont des archives publiques : indiquez --visa avec le bordereau d’élimination signé "
                "(Code du patrimoine, L.212-2), ou --dry-run pour en préparer la liste."
            )
        done = retention.purge(archives, day, visa=visa.strip()) if visa.strip() else []
        self._tell([*done, *retention.purge(others, day)], "éliminées")

    def _tell(self, found: list[Over], verb: str) -> None:
        for one in found:
            self.stdout.write(f"{one.rows:>9}  {verb}  {one.service.label}, {one.rule.data} ({one.rule.duration})")
