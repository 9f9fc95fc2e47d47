"""People of the desk, for its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from django.test import Client

    from nomade.people.models import Agent


@pytest.fixture
def technician(db: None) -> Agent:
    from nomade.accounts.factories import make_account
    from nomade.support.factories import make_technician

    lucas = make_technician()
    make_account(lucas)
    return lucas


@pytest.fixture
def supervisor(db: None) -> Agent:
    from nomade.people.factories import make_agent

    return make_agent("Mehdi", "Benali")


@pytest.fixture
def hugo(supervisor: Agent) -> Agent:
    """Somebody whose account is locked."""
    from nomade.accounts.actions import lock
    from nomade.accounts.factories import make_account
    from nomade.people.factories import make_agent

    agent = make_agent("Hugo", "Faure", supervisor=supervisor, mobile="06 12 34 56 78")
    lock(make_account(agent), actor=None, reason="appareil volé")
    return agent


@pytest.fixture
def desk(technician: Agent) -> Client:
    """The technician's browser, on the support host."""
    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of

    return client_of(Account.objects.get(agent=technician), "support")


@pytest.fixture
def agent(db: None) -> Agent:
    """Somebody with an open account."""
    from nomade.accounts.factories import make_account
    from nomade.people.factories import make_agent

    ordinary = make_agent()
    make_account(ordinary)
    return ordinary
