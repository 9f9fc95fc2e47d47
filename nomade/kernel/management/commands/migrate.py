"""Django's `migrate`, several times faster on an empty base (`nomade.kernel.migrating`)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from nomade.kernel.migrating import Executor


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # The command finds its executor by this name, and offers no other way to choose one.
        names = vars(migrate)
        theirs, names["MigrationExecutor"] = names["MigrationExecutor"], Executor
        try:
            super().handle(*args, **options)
        finally:
            names["MigrationExecutor"] = theirs
