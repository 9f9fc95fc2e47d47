"""`nomade create-administrator LOGIN`: somebody who may set the portal up, with a provisional password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from nomade.accounts.actions import give_provisional_password, open_account
from nomade.accounts.administrators import new_administrator
from nomade.accounts.management.arguments import full_login
from nomade.people.access import has_role
from nomade.people.actions import grant_role
from nomade.people.models import Agent
from nomade.people.roles import Role


class Command(BaseCommand):
    help = "Donne le rôle d’administrateur à un agent ; crée l’agent s’il n’existe pas (--first-name, --last-name)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", metavar="IDENTIFIANT")
        parser.add_argument("--first-name", default="", metavar="PRÉNOM")
        parser.add_argument("--last-name", default="", metavar="NOM")

    @transaction.atomic
    def handle(self, *_args: Any, login: str, first_name: str, last_name: str, **_options: Any) -> None:
        agent = Agent.objects.filter(login=full_login(login)).first()
        if agent is None:
            if not (first_name.strip() and last_name.strip()):
                raise CommandError(
                    f"« {login} » n’est pas un agent : ajoutez --first-name et --last-name pour le créer."
                )
            agent = new_administrator(full_login(login), first_name.strip(), last_name.strip())
        elif has_role(agent, Role.ADMINISTRATOR):
            raise CommandError(f"{agent.login} est déjà administrateur.")
        else:
            grant_role(agent, Role.ADMINISTRATOR, by=None)
        account = open_account(agent)
        self.stdout.write(f"{agent.login} est administrateur.")
        # Somebody who has a password of their own keeps it.
        if not account.has_usable_password():
            self.stdout.write(f"Mot de passe provisoire : {give_provisional_password(account, actor=None)}")
