"""Any Django management command, by its name with hyphens or underscores; its errors are sentences, not traces."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial

from nomade.cli.arguments import refuse
from nomade.cli.installation import database_for_a_command

#: Commands that never touch the database: no server is started for them.
_WITHOUT_DATABASE = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}
#: Commands that fill mailboxes.
_WITH_MAIL = {"demo"}


def run_management_command(name: str, arguments: Sequence[str]) -> int:
    """Runs the command; returns its exit status. Raises `StartRefused` when the database cannot be had."""
    wants_help = "--help" in arguments or "-h" in arguments
    needs_database = name not in _WITHOUT_DATABASE and not wants_help
    with database_for_a_command(with_mail=name in _WITH_MAIL) if needs_database else nullcontext():
        return _execute(name, arguments)


_FILES = {
    errno.EACCES: "l’accès est refusé à ce compte du système",
    errno.ENOENT: "il n’existe pas",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce chemin passe par ce qui n’est pas un dossier",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "ce disque ne peut pas être écrit",
}


def _about_a_file(error: OSError) -> str:
    """Which file, and why it cannot be used."""
    return f"« {error.filename} » ne peut pas être utilisé : {_FILES.get(error.errno or 0, error.strerror)}."


def _execute(name: str, arguments: Sequence[str]) -> int:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand, CommandError, handle_default_options
    from django.db.utils import DatabaseError

    from nomade.kernel.errors import Refusal, Unavailable

    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    if name in {"help", "version"}:
        from django.core.management import ManagementUtility

        ManagementUtility(["nomade", name, *arguments]).execute()
        return 0
    module = name.replace("-", "_")
    application = get_commands().get(module)
    if application is None:
        print(f"La commande « {name} » n’existe pas : « nomade --help » les énumère.", file=sys.stderr)
        return 1
    command = application if isinstance(application, BaseCommand) else load_command_class(application, module)
    vars(command)["_called_from_command_line"] = True  # as Django's own launcher does
    parser = command.create_parser("nomade", name)
    vars(parser)["error"] = partial(refuse, parser)
    parsed = parser.parse_args(list(arguments))
    handle_default_options(parsed)
    options = dict(vars(parsed))
    positional = options.pop("args", ())
    try:
        command.execute(*positional, **options)
    except CommandError as error:
        print(error, file=sys.stderr)
        return int(error.returncode)
    except (Refusal, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None or options.get("traceback"):
            raise
        print(_about_a_file(error), file=sys.stderr)
        return 1
    except DatabaseError as error:
        print(f"La base de données a répondu par une erreur : {str(error).strip()}", file=sys.stderr)
        if options.get("traceback"):
            raise
        return 1
    return 0
