"""The `nomade` command: our own commands, and every Django management command.

A command that needs the database finds the one of a running `nomade run`, or starts the embedded server for its time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

import psycopg

from nomade.runtime.errors import StartRefused

OWN_COMMANDS = {
    "run": "démarre tout : base, courrier, tâches, serveur web",
    "doctor": "vérifie base, migrations, courrier, stockage, clés, horloge, versions",
    "backup": "sauvegarde la base, les fichiers et, à part, les clés",
    "restore": "remet en place une sauvegarde, après l’avoir vérifiée",
    "live": "annonce les nouveaux messages aux pages ouvertes (fait par « run »)",
    "prepare": "migrations et fichiers statiques (fait par « run »)",
}
#: Management commands of the services, with what they do; shown first by `nomade --help`.
SERVICE_COMMANDS = {
    "demo": "remplit une base vide d’une ville de démonstration",
    "import-agents": "importe les agents d’un fichier CSV",
    "import-payslips": "répartit un PDF de paie entre les agents",
    "demo-payslips": "fabrique un PDF de paie comme un logiciel de paie",
    "create-administrator": "crée le compte d’un administrateur",
    "provisional-password": "donne un mot de passe provisoire",
    "activation-letters": "écrit les lettres d’activation d’un déploiement",
    "unlock": "déverrouille un compte",
}


def help_text() -> str:
    """What `nomade --help` says."""
    lines = ["Usage : nomade COMMANDE [OPTIONS]", "", "Commandes :"]
    for name, what in {**OWN_COMMANDS, **SERVICE_COMMANDS}.items():
        lines.append(f"  {name:<22} {what}")
    lines += ["", "« nomade COMMANDE --help » décrit une commande ; toutes celles de Django existent aussi :"]
    lines.append("« nomade help --commands » les énumère.")
    return "\n".join(lines)


def _own(name: str) -> Callable[[Sequence[str]], int]:
    if name == "run":
        from nomade.cli.run import run

        return run
    if name == "prepare":
        from nomade.cli.prepare import prepare

        return prepare
    if name == "live":
        from nomade.cli.live import live

        return live
    if name == "doctor":
        from nomade.cli.doctor import doctor

        return doctor
    from nomade.cli.backup import backup, restore

    return backup if name == "backup" else restore


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status. What is refused is one sentence on the error stream."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments or arguments[0] in {"-h", "--help"} or arguments == ["help"]:
        print(help_text())
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nomade.config.settings")
    name, rest = arguments[0], arguments[1:]
    try:
        if name in OWN_COMMANDS:
            return _own(name)(rest)
        from nomade.cli.management import run_management_command

        return run_management_command(name, rest)
    except StartRefused as error:
        print(error, file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"La base de données ne répond pas : {str(error).strip().splitlines()[0]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `nomade … | head`
        sys.stderr.close()
        return 1
