"""An agent, their HR office, another's, pay, training, human resources of all, and a stranger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from django.test import Client

    from nomade.people.models import Agent


@pytest.fixture
def people(db: None) -> dict[str, Agent]:
    from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
    from nomade.people.roles import Role

    agent, head = make_supervised_pair()
    made = {
        "agent": agent,
        "head": head,
        "hr": make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH")),
        "foreign": make_agent("Paule", "Ailleurs", unit=make_unit("DPE")),
        "pay": make_agent("Thomas", "Roy", unit=make_unit("DRH")),
        "training": make_agent("Awa", "Diallo", unit=make_unit("DRH")),
        "disability": make_agent("Élise", "Garnier", unit=make_unit("DRH")),
        "keeper": make_agent("Marc", "Dubois", unit=make_unit("DRH")),
        "technician": make_agent("Lucas", "Petit", unit=make_unit("DSIN")),
        "administrator": make_agent("Paul", "Girard", unit=make_unit("DSIN")),
        "stranger": make_agent("Ali", "Autre", unit=make_unit("DPE")),
    }
    grant(made["hr"], Role.HR_OFFICER, make_unit("DEVE"))
    grant(made["foreign"], Role.HR_OFFICER, make_unit("DPE"))
    grant(made["pay"], Role.PAY_OFFICER)
    grant(made["training"], Role.TRAINING_OFFICER)
    grant(made["disability"], Role.DISABILITY_REFERENT)
    grant(made["keeper"], Role.HR_OFFICER)
    grant(made["technician"], Role.SUPPORT_TECHNICIAN)
    grant(made["administrator"], Role.ADMINISTRATOR)
    return made


@pytest.fixture
def browser(db: None) -> Callable[[Agent], Client]:
    """The browser of somebody, signed in."""
    from nomade.accounts.factories import make_account
    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of

    def of(agent: Agent) -> Client:
        account = Account.objects.filter(agent=agent).first() or make_account(agent)
        return client_of(account)

    return of
