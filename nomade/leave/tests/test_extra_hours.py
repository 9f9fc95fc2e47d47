"""Hours done beyond the cycle: declared, answered by the supervisor, given back as time to recover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.cases.idempotency import new_form_token
from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.leave.actions.extra import answer_hours, declare_hours, withdraw_hours
from nomade.leave.actions.requests import AlreadyHandled
from nomade.leave.extra_hours import month_warnings
from nomade.leave.facts import current_law
from nomade.leave.models import Counter, CounterKind, ExtraHours, LegalFigure, Mode
from nomade.leave.rules.extra import given_back
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    return make_supervised_pair()


def _declared(agent: Agent, day: date | None = None, minutes: int = 150, period: str = "jour") -> ExtraHours:
    return declare_hours(agent, day or today(), minutes, period=period, reason="Arbre tombé sur l’allée")


def _form(**changed: object) -> dict[str, object]:
    typed = {"day": today(), "duration": "02:30", "period": "jour", "reason": "Arbre tombé sur l’allée"}
    return typed | {"form_token": new_form_token()} | changed


def _balance(agent: Agent) -> int:
    counter = Counter.objects.filter(agent=agent, code="RECUP").first()
    return counter.half_days if counter else 0


def test_an_agent_declares_hours_and_nothing_moves_before_the_answer(
    signed_in: SignIn, pair: tuple[Agent, Agent]
) -> None:
    agent, supervisor = pair
    answer = signed_in(agent).post("/conges/heures-en-plus/", _form())
    assert answer.status_code == 303
    assert ExtraHours.objects.get(owner=agent).minutes == 150
    assert _balance(agent) == 0
    assert Notification.objects.get(agent=supervisor).title.startswith("Camille Durand déclare 2")


def test_the_same_form_sent_twice_declares_once(signed_in: SignIn, pair: tuple[Agent, Agent]) -> None:
    client, typed = signed_in(pair[0]), _form()
    assert [client.post("/conges/heures-en-plus/", typed).status_code for _turn in range(2)] == [303, 303]
    assert ExtraHours.objects.count() == 1


def test_what_is_wrong_comes_back_with_its_sentence_and_what_was_typed(
    signed_in: SignIn, pair: tuple[Agent, Agent]
) -> None:
    client = signed_in(pair[0])
    tomorrow = client.post("/conges/heures-en-plus/", _form(day=today() + timedelta(days=1)))
    assert tomorrow.status_code == 422
    assert "ne sont pas encore faites" in tomorrow.content.decode()
    assert "Arbre tombé" in tomorrow.content.decode()
    nothing = client.post("/conges/heures-en-plus/", _form(duration="00:00"))
    assert "Indiquez une durée" in nothing.content.decode()


def test_the_supervisor_agrees_and_the_time_is_given_back_with_its_reason(
    signed_in: SignIn, pair: tuple[Agent, Agent]
) -> None:
    agent, supervisor = pair
    asked = _declared(agent)
    client = signed_in(supervisor)
    assert "Arbre tombé" in client.get("/conges/heures-en-plus/a-valider/").content.decode()
    assert "heures en plus attend" in client.get("/conges/a-valider/").content.decode()
    assert client.post(f"/conges/heures-en-plus/{asked.pk}/reponse/", {"answer": "accept"}).status_code == 303
    assert _balance(agent) == 150
    entry = Counter.objects.get(agent=agent, code="RECUP").entries.get()
    assert "Arbre tombé" in entry.reason
    assert entry.source == "décret 2002-60 art. 3"
    assert "Arbre tombé" in signed_in(agent).get("/conges/").content.decode()


def test_a_refusal_needs_a_reason_and_gives_nothing(signed_in: SignIn, pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    asked = _declared(agent)
    client, address = signed_in(supervisor), f"/conges/heures-en-plus/{asked.pk}/reponse/"
    assert client.post(address, {"answer": "refuse", "reason": " "}).status_code == 422
    assert client.post(address, {"answer": "refuse", "reason": "Non demandées par le service."}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == CaseState.REFUSED
    assert _balance(agent) == 0
    assert "Non demandées par le service" in signed_in(agent).get("/conges/heures-en-plus/").content.decode()


def test_the_second_who_answers_reads_who_was_first(signed_in: SignIn, pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    officer = make_agent("Sophie", "Laurent")
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    asked = _declared(agent)
    answer_hours(asked, by=supervisor, accept=True)
    late = signed_in(officer).post(f"/conges/heures-en-plus/{asked.pk}/reponse/", {"answer": "accept"})
    assert late.status_code == 409
    assert "déjà traité par Mehdi Benali" in late.content.decode()
    assert _balance(agent) == 150


def test_nobody_agrees_to_their_own_hours(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    grant(agent, Role.HR_OFFICER)
    with pytest.raises(Refusal, match="n’attendent pas"):
        answer_hours(_declared(agent), by=agent, accept=True)


def test_the_same_moment_of_a_day_is_declared_once_and_may_be_withdrawn(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    asked = _declared(agent)
    with pytest.raises(Refusal, match="déjà déclarées"):
        _declared(agent)
    withdraw_hours(asked)
    again = _declared(agent)
    answer_hours(again, by=supervisor, accept=True)
    with pytest.raises(AlreadyHandled):
        withdraw_hours(again)


def test_what_is_too_old_is_typed_by_the_supervisor_and_the_agent_is_told(
    signed_in: SignIn, pair: tuple[Agent, Agent]
) -> None:
    agent, supervisor = pair
    day = today() - timedelta(days=100)
    with pytest.raises(Refusal, match="dans les 62 jours"):
        _declared(agent, day)
    answer = signed_in(supervisor).post(f"/conges/equipe/saisie/{agent.pk}/heures/", _form(day=day))
    assert answer.status_code == 303
    assert ExtraHours.objects.get(owner=agent).entered_by == supervisor
    assert Notification.objects.filter(agent=agent, kind="leave.extra_entered").exists()


def test_a_local_rule_gives_more_time_back_on_sunday(pair: tuple[Agent, Agent]) -> None:
    LegalFigure.objects.filter(key="recup.percent", argument="dimanche_ferie").update(value="150")
    assert given_back(120, "dimanche_ferie", today(), current_law()) == 180
    assert _declared(pair[0], minutes=120, period="dimanche_ferie").given == 180


def test_more_than_25_hours_in_a_month_is_told_to_who_answers(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    day = today().replace(day=1)
    under = declare_hours(agent, day, 25 * 60, period="jour", reason="Crue")
    assert month_warnings([under]) == {}
    over = declare_hours(agent, day, 30, period="nuit", reason="Crue")
    assert "décret 2002-60 art. 6" in month_warnings([under, over])[over.pk]


def test_a_counter_of_the_time_system_is_not_fed_here(pair: tuple[Agent, Agent]) -> None:
    CounterKind.objects.filter(code="RECUP").update(mode=Mode.FED)
    with pytest.raises(Refusal, match="système de temps"):
        _declared(pair[0])


def test_the_pages_keep_to_their_queries_whatever_the_team(signed_in: SignIn, pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    for days in range(20):
        _declared(agent, today() - timedelta(days=days))
    client = signed_in(supervisor)
    for address in ("/conges/heures-en-plus/a-valider/", "/conges/a-valider/", "/"):
        client.get(address)
        with count_queries(at_most=12):
            client.get(address)
    own = signed_in(agent)
    with count_queries(at_most=12):
        own.get("/conges/heures-en-plus/")
