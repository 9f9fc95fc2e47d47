"""`nomade prepare`: what must be true of the base and of the static files before the web server starts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from nomade.cli.arguments import Arguments
from nomade.cli.installation import database_for_a_command
from nomade.runtime.errors import StartRefused


def prepare(arguments: Sequence[str]) -> int:
    """Applies migrations and gathers static files; both cost nothing when nothing has changed."""
    parser = Arguments(prog="nomade prepare", description=prepare.__doc__)
    parser.parse_args(list(arguments))
    with database_for_a_command():
        import django

        django.setup()
        _migrate()
        _gather_static_files()
    return 0


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    editions = {key: set(edition.replaces) for key, edition in executor.loader.replacements.items()}
    refuse_a_half_edition(editions, applied := set(executor.recorder.applied_migrations()))
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        print(f"{len(plan)} migrations à appliquer…", flush=True)
    elif applied.issuperset(editions):
        return
    call_command("migrate", interactive=False, verbosity=0)
    print("La base est à jour.", flush=True)


Key = tuple[str, str]


def refuse_a_half_edition(editions: Mapping[Key, Collection[Key]], applied: Collection[Key]) -> None:
    """An edition stands for all the migrations that it replaces, or for none.

    Raises StartRefused for a base that has only some of them: nothing here could finish them.
    """
    for app, name in editions:
        replaced = editions[app, name]
        missing = sorted(key[1] for key in replaced if key not in applied)
        if missing and len(missing) < len(replaced) and (app, name) not in applied:
            raise StartRefused(
                f"La base vient d’une version plus ancienne : il lui manque {app} {missing[0]}. "
                "Démarrez une fois la version qui précède celle-ci, puis celle-ci (docs/operations.md, « Upgrade »)."
            )


def _gather_static_files() -> None:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    total = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            total.update(f"{name}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    if stamp.exists() and stamp.read_text() == total.hexdigest():
        return
    print("Les fichiers statiques sont rassemblés…", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(total.hexdigest())
