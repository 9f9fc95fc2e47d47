"""`nomade provisional-password LOGIN`: a password that opens only the choice of one's own."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from nomade.accounts.actions import give_provisional_password
from nomade.accounts.letters.making import print_one, write_private
from nomade.accounts.management.arguments import account_of


class Command(BaseCommand):
    help = "Donne à un agent un mot de passe provisoire, montré une seule fois ; ses sessions se ferment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", metavar="IDENTIFIANT")
        parser.add_argument("--letter", type=Path, metavar="FICHIER.pdf", help="écrit une lettre au lieu de l’afficher")

    @transaction.atomic
    def handle(self, *_args: Any, login: str, letter: Path | None, **_options: Any) -> None:
        account = account_of(login)
        if letter is None:
            password = give_provisional_password(account, actor=None)
            self.stdout.write(f"{account.login} : mot de passe provisoire {password}")
            return
        try:
            write_private(letter, print_one(account, actor=None, handed_over=True))
        except OSError as error:  # the transaction is undone: the former password still opens
            raise CommandError(f"{letter} : impossible d’écrire cette lettre ({error.strerror}).") from error
        self.stdout.write(f"{account.login} : lettre écrite dans {letter}")
