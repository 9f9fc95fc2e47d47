"""Somebody, a browser from outside, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client


@pytest.fixture
def account(db: None) -> Any:
    from nomade.accounts.factories import make_account
    from nomade.people.factories import make_agent

    return make_account(make_agent(login="camille.durand@paris.fr"))


@pytest.fixture
def outside() -> Client:
    from nomade.accounts.factors.testing import OUTSIDE
    from nomade.accounts.testing import client_on

    return client_on("portal", REMOTE_ADDR=OUTSIDE)


@pytest.fixture
def noon() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, 5, tzinfo=ZoneInfo("Europe/Paris")), tick=False) as clock:
        yield clock


@pytest.fixture
def team(db: None) -> Any:
    from nomade.accounts.factors.tests.teams import Team

    return Team()
