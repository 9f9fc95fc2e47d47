"""`nomade demo`: fills an empty base with a city of any size."""

from __future__ import annotations

import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from nomade.demo.absences import fill_leave
from nomade.demo.city import Builder
from nomade.demo.directory import fill_units
from nomade.demo.documents import fill_documents
from nomade.demo.filling import write_city
from nomade.demo.mailbox import MailboxUnreachable, fill_mailbox, share_mailbox
from nomade.demo.news import fill_news, fill_pages
from nomade.demo.personal_files import fill_personal_files
from nomade.demo.personas import PASSWORD, PERSONAS
from nomade.demo.portfolio import fill_portfolio
from nomade.demo.questions import fill_questions
from nomade.demo.slips import fill_payslips
from nomade.demo.support import fill_support
from nomade.demo.tools import fill_tools
from nomade.demo.training import fill_training
from nomade.directory.actions.lines import refresh as refresh_directory
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.people.models import Agent

SMALLEST, LARGEST = 60, 200_000


class Command(BaseCommand):
    help = "Remplit une base vide d’une ville de démonstration. Jamais en production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=300, help="nombre d’agents (300)")
        parser.add_argument("--seed", type=int, default=20261, help="graine : la même donne la même ville")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.NOMADE.production:
            raise CommandError("La ville de démonstration ne se crée jamais en production.")
        if not SMALLEST <= options["agents"] <= LARGEST:
            raise CommandError(f"--agents : il faut un nombre entre {SMALLEST} et {LARGEST}.")
        self.started = time.monotonic()
        if Agent.objects.exists():
            personas = self._personas()
            if len(personas) < len(PERSONAS):
                raise CommandError("La base contient déjà des agents : la démonstration ne remplit qu’une base vide.")
        else:
            personas = self._fill(options["agents"], options["seed"])
        self._mail(personas, options["seed"])
        self.stdout.write(f"La ville est prête. Mot de passe de tous : {PASSWORD}")

    def _fill(self, size: int, seed: int) -> dict[str, Agent]:
        """Everything of the base in one transaction: interrupted, it leaves the base empty."""
        dice = random.Random(seed)
        with transaction.atomic():
            # A second command would wait here, then find the base filled.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nomade.demo'))")
            if Agent.objects.exists():
                raise CommandError("Une autre commande vient de remplir la base.")
            city = Builder(size, seed, today(), settings.NOMADE.mail_domain).build()
            personas = write_city(city, self._say)
            # What follows reads these rows by the tens of thousands: a base that was emptied knows of none of them.
            self._analyse("people_")
            for service, fill in self._fillings(personas, dice).items():
                if service in settings.NOMADE.services:
                    self._say(fill())
            # The actions queued e-mails about requests that are only a setting of the scene.
            ProcrastinateJob.objects.filter(status="todo").delete()
            audit.record("demo.filled", actor=None, subject=None, agents=len(city.people), seed=seed)
        self._analyse()
        return personas

    def _fillings(self, personas: dict[str, Agent], dice: random.Random) -> dict[str, Callable[[], str]]:
        """What is written for each service, in order, and what is said of it."""

        def lines() -> str:
            refresh_directory()
            cards = fill_units(personas["camille.durand"], personas["sophie.laurent"], settings.NOMADE.mail_domain)
            return f"annuaire, {cards} fiches d’unité"

        def leave() -> str:
            fill_leave(personas, dice)
            return "droits à congé et demandes"

        def files() -> str:
            fill_personal_files(personas)
            return "dossiers du personnel"

        return {
            "directory": lines,
            "leave": leave,
            "payslips": lambda: f"{fill_payslips(list(personas.values()))} bulletins de paie",
            "documents": lambda: f"{fill_documents(personas)} documents dans les dossiers",
            "personnel_file": files,
            "news": lambda: (
                f"{fill_news(personas['ines.moreau'])} actualités, {fill_pages(personas['ines.moreau'])} pages utiles"
            ),
            "tools": lambda: f"{fill_tools()} outils",
            "support": lambda: f"{fill_support(personas, dice)} demandes au support",
            "training": lambda: f"{fill_training(personas, dice)} formations au catalogue",
            "questions": lambda: f"{fill_questions(personas, dice)} questions aux ressources humaines",
            "certificates": lambda: f"{fill_portfolio(personas)} demandes d’attestation",
        }

    def _analyse(self, prefix: str = "") -> None:
        """The first pages need the statistics of the tables now, not when the server gets round to it."""
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if not table.startswith(prefix):
                    continue
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")

    def _mail(self, personas: dict[str, Agent], seed: int) -> None:
        if "mail" not in settings.NOMADE.services or not settings.NOMADE.imap_url:
            self._say("pas de serveur de messagerie : les boîtes restent vides")
            return
        try:
            fill_mailbox(personas, seed, self._say)
            share_mailbox(personas, self._say)
        except MailboxUnreachable as error:
            self.stderr.write(str(error))

    def _personas(self) -> dict[str, Agent]:
        domain = settings.NOMADE.mail_domain
        logins = {f"{persona.login}@{domain}": persona.login for persona in PERSONAS}
        return {logins[agent.login]: agent for agent in Agent.objects.filter(login__in=logins)}

    def _say(self, text: str) -> None:
        elapsed = f"{time.monotonic() - self.started:5.1f} s  " if sys.stdout.isatty() else ""
        self.stdout.write(f"{elapsed}{text}")
