"""« À faire » for an HR officer and for who must choose for a CET."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from nomade.cases.references import new_reference
from nomade.kernel.testing import count_queries
from nomade.leave.actions.corrections import correct_counter, open_counter
from nomade.leave.factories import open_rights
from nomade.leave.facts import current_law
from nomade.leave.models import AccountChoice, EntryKind, LedgerEntry, LegalFigure, SavingRequest
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with time_machine.travel("2026-12-15 09:00 +0100", tick=False):
        yield


@pytest.fixture
def officer() -> Agent:
    one = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(one, Role.HR_OFFICER, make_unit("DEVE"))
    return one


def above_the_threshold(agent: Agent) -> Agent:
    LegalFigure.objects.filter(key="cet.options").update(value="yes")
    current_law()
    LedgerEntry.objects.create(
        counter=open_counter(agent, "CET", 0),
        kind=EntryKind.TAKEN_OVER,
        half_days=36,
        date="2026-01-01",
        reason="Solde de l’ancien système",
    )
    return agent


def home(signed_in: SignIn, agent: Agent) -> str:
    client = signed_in(agent)
    client.get("/")
    with count_queries(at_most=12):
        page = client.get("/").content.decode()
    return re.sub(r"<[^>]+>|\s+", " ", page)


def test_an_officer_reads_what_waits_in_the_perimeter(officer: Agent, signed_in: SignIn) -> None:
    agent, other = make_agent(), make_agent("Zoé", "Ailleurs", unit=make_unit("DPE"))
    colleague = make_agent("Marc", "Ferry")
    for one in (agent, other):
        open_rights(one)
        above_the_threshold(one)
        correct_counter(one, "CA", 2026, 20, by=colleague, reason="Reprise")
        SavingRequest.objects.create(owner=one, year=2026, annual=2, reference=new_reference())
    page = home(signed_in, officer)
    assert "1 correction de compteur à relire" in page
    assert "1 versement au CET à traiter" in page
    assert "1 agent sans choix pour son CET" in page
    assert "31 janvier 2027" in page


def test_an_officer_is_not_asked_to_read_their_own_corrections(officer: Agent, signed_in: SignIn) -> None:
    agent = make_agent()
    open_rights(agent)
    correct_counter(agent, "CA", 2026, 20, by=officer, reason="Reprise")
    assert "à relire" not in home(signed_in, officer)


def test_who_is_above_the_threshold_chooses_and_is_asked_no_more(signed_in: SignIn) -> None:
    agent = above_the_threshold(make_agent())
    assert "3 jours de CET au-dessus du seuil" in home(signed_in, agent)
    AccountChoice.objects.create(agent=agent, year=2026, option="conges", made_on="2026-12-15")
    assert "au-dessus du seuil" not in home(signed_in, agent)


def test_nothing_is_to_choose_without_a_deliberation_nor_months_before(officer: Agent, signed_in: SignIn) -> None:
    agent = above_the_threshold(make_agent())
    with time_machine.travel("2026-06-15 09:00 +0200", tick=False):
        assert "au-dessus du seuil" not in home(signed_in, agent)
    LegalFigure.objects.filter(key="cet.options").update(value="no")
    current_law()
    assert "sans choix" not in home(signed_in, officer)
