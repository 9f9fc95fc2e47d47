"""One search for services, articles, people, own documents and requests, help: each kind, for its owner only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of
from nomade.directory.actions.lines import refresh
from nomade.kernel.clock import now
from nomade.kernel.registry import services
from nomade.leave.factories import ask_leave, open_rights
from nomade.news.actions import _index
from nomade.news.models import Article, State
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.questions.factories import make_question
from nomade.support.factories import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille() -> Agent:
    agent, _supervisor = make_supervised_pair()
    refresh()
    return agent


@pytest.fixture
def stranger() -> Agent:
    return make_agent("Zoé", "Autre", unit=make_unit("DPE"))


def found(agent: Agent, typed: str) -> str:
    """The results, without what stands around them."""
    client: Client = client_of(Account.objects.filter(agent=agent).first() or make_account(agent))
    return client.get("/recherche/", {"q": typed}, headers={"HX-Request": "true"}).content.decode()


def test_every_kind_that_is_promised_is_searched() -> None:
    searched = {service.key for service in services() if service.search}
    assert searched >= {"directory", "news", "payslips", "documents", "leave", "support", "certificates", "tools"}


def test_an_own_request_is_found_by_its_owner_alone(camille: Agent, stranger: Agent) -> None:
    open_rights(camille, stranger)
    leave = ask_leave(camille)
    address = reverse("leave:request", args=[leave.pk])
    assert address in found(camille, leave.reference)
    assert address not in found(stranger, leave.reference)


def test_an_own_question_is_found_by_its_words_or_number_by_its_owner_alone(camille: Agent, stranger: Agent) -> None:
    question = make_question(camille)
    address = question.get_absolute_url()
    for typed in (question.reference, question.subject.split()[0], question.subject.lower()):
        assert address in found(camille, typed), typed
        assert address not in found(stranger, typed)
    office = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(office, Role.HR_OFFICER, make_unit("DEVE"))
    assert address not in found(office, question.subject), "the desk has its own search"


def test_an_own_ticket_is_found_by_its_owner_alone(camille: Agent, stranger: Agent) -> None:
    make_ticket(camille, "La plastifieuse fume")
    assert "plastifieuse fume" in found(camille, "plastifieuse")
    assert "plastifieuse fume" not in found(stranger, "plastifieuse")


def test_an_article_is_found_by_its_stems_and_by_those_it_is_for(camille: Agent, stranger: Agent) -> None:
    article = Article.objects.create(
        title="Élagages d’automne", summary="Les chantiers", author=camille, state=State.PUBLISHED, publish_at=now()
    )
    article.targets.create(unit=make_unit("DEVE"))
    _index(article)
    assert "Élagages d’automne" in found(camille, "elagage chantier")
    assert "Élagages d’automne" not in found(stranger, "elagage chantier")


def test_a_colleague_a_service_and_a_help_are_found_by_everybody(camille: Agent, stranger: Agent) -> None:
    assert "Mehdi Benali" in found(stranger, "mehdi bena")
    page = found(camille, "congé")
    assert 'href="/conges/"' in page and "/aide/#aide-leave" in page
