"""The first people of a portal, who are in no file yet."""

from __future__ import annotations

import secrets

from django.db import transaction

from nomade.kernel.clock import today
from nomade.kernel.ids import UNAMBIGUOUS
from nomade.people.actions import grant_role
from nomade.people.models import Agent
from nomade.people.roles import Role


@transaction.atomic
def new_administrator(login: str, first_name: str, last_name: str) -> Agent:
    """An agent known by a matricule of our own (`ADM-…`), who administers the whole organisation from today.

    An import that names the same login with the payroll's matricule is refused, and says who holds it.
    """
    matricule = "ADM-" + "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))
    agent = Agent.objects.create(
        matricule=matricule,
        login=login,
        first_name=first_name,
        last_name=last_name,
        entry_date=today(),
        has_mailbox=False,
    )
    grant_role(agent, Role.ADMINISTRATOR, by=None)
    return agent
