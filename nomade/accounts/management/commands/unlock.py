"""`nomade unlock LOGIN`: opens a locked account again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nomade.accounts.actions import unlock
from nomade.accounts.management.arguments import account_of


class Command(BaseCommand):
    help = "Déverrouille le compte d’un agent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", metavar="IDENTIFIANT")

    def handle(self, *_args: Any, login: str, **_options: Any) -> None:
        account = account_of(login)
        if account.locked_at is None:
            self.stdout.write(f"{account.login} n’est pas verrouillé.")
            return
        unlock(account, actor=None)
        self.stdout.write(f"{account.login} est déverrouillé.")
