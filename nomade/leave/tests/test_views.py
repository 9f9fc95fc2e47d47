"""The pages of leave, as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.cases.drafts import discard_draft, load_draft, save_draft
from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import LeaveRequest, RefusalReason
from nomade.leave.rules.periods import Period
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    return agent, supervisor


def form_of(client: Client) -> dict[str, str]:
    """The hidden key of a new form, and a valid content: Monday and Tuesday in two weeks."""
    page = client.get("/conges/nouvelle/").content.decode()
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    monday = next_monday(2)
    return {
        "form_token": found[1],
        "leave_type": str(leave_type().pk),
        "first_day": monday.isoformat(),
        "first_half": "0",
        "last_day": (monday + timedelta(days=1)).isoformat(),
        "last_half": "1",
        "comment": "",
    }


def test_an_agent_asks_and_follows_the_request(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    answer = client.post("/conges/nouvelle/", form_of(client))
    leave = LeaveRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/conges/{leave.pk}/")
    page = client.get(answer["Location"])
    assert 'role="status"' in page.content.decode()
    assert leave.reference in page.content.decode()
    assert "Demande envoyée" in page.content.decode()


def test_the_same_form_sent_again_makes_one_request(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    form = form_of(client)
    answers = [client.post("/conges/nouvelle/", form) for _ in range(50)]
    assert LeaveRequest.objects.count() == 1
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, f"/conges/{LeaveRequest.objects.get().pk}/")
    }


def test_the_same_key_with_another_content_is_refused(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    form = form_of(client)
    client.post("/conges/nouvelle/", form)
    answer = client.post("/conges/nouvelle/", form | {"comment": "Autre chose"})
    assert answer.status_code == 422
    assert "déjà été envoyé" in answer.content.decode()
    assert LeaveRequest.objects.count() == 1


def test_a_rule_that_says_no_keeps_the_form_and_names_the_rule(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    form = form_of(client) | {"last_day": (next_monday(2) + timedelta(days=60)).isoformat(), "comment": "Voyage"}
    answer = client.post("/conges/nouvelle/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="error-summary"' in page
    assert "31 jours" in page
    assert "décret 85-1250 art. 4" in page
    assert "Voyage" in page
    assert form["form_token"] in page
    assert client.post("/conges/nouvelle/", form | {"last_day": form["first_day"]}).status_code == 303


def test_dates_that_make_no_period_are_an_error_on_their_field(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    form = form_of(client)
    for change, words in (
        ({"last_day": (next_monday(2) - timedelta(days=1)).isoformat()}, "avant le premier"),
        ({"last_day": form["first_day"], "first_half": "1", "last_half": "0"}, "un seul jour"),
        ({"first_day": "31/02/2027"}, "date"),
        ({"leave_type": "999999"}, "choix"),
        ({"form_token": "pas-une-clé"}, "incomplet"),
    ):
        answer = client.post("/conges/nouvelle/", form | change)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), change
    assert not LeaveRequest.objects.exists()


def test_without_javascript_one_button_counts_before_sending(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    answer = client.post("/conges/nouvelle/", form_of(client) | {"calculer": "1"})
    assert answer.status_code == 200
    assert ">2 jours<" in answer.content.decode()
    assert not LeaveRequest.objects.exists()


def test_htmx_gets_the_same_count_with_its_reasons_as_a_fragment(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    form = form_of(client)
    asked = {name: form[name] for name in ("leave_type", "first_day", "first_half", "last_half")}
    asked["last_day"] = (next_monday(3)).isoformat()
    fragment = client.get("/conges/nouvelle/", asked, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert ">6 jours<" in fragment
    assert "repos de fin de semaine" in fragment
    assert client.get("/conges/nouvelle/", asked | {"last_day": ""}, headers=HTMX).status_code == 200


def test_a_draft_comes_back_and_goes_away_once_sent(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, _supervisor = pair
    client = signed_in(agent)
    form = form_of(client)
    typed = {name: value for name, value in form.items() if name != "form_token"} | {"comment": "Deux jours au soleil"}
    assert client.post("/brouillons/leave.new/", typed).status_code == 200
    page = signed_in(agent).get("/conges/nouvelle/").content.decode()
    assert "Votre brouillon est revenu" in page
    assert "Deux jours au soleil" in page
    client.post("/conges/nouvelle/", form)
    assert load_draft(agent, "leave.new") is None


def test_a_draft_is_dropped_by_a_button(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, _supervisor = pair
    save_draft(agent, "leave.new", {"comment": ["x"]})
    answer = signed_in(agent).post("/brouillons/leave.new/effacer/", {"suite": "/conges/nouvelle/"})
    assert answer["Location"] == "/conges/nouvelle/"
    assert load_draft(agent, "leave.new") is None


def test_a_supervisor_sees_what_waits_at_home_and_validates(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    client = signed_in(supervisor)
    assert "Camille Durand demande une absence" in client.get("/").content.decode()
    page = client.get("/conges/a-valider/").content.decode()
    assert "Camille Durand" in page
    assert "Valider" in page
    answer = client.post(f"/conges/{leave.pk}/decision/", {"decision": "approve", "version": leave.version})
    assert (answer.status_code, answer["Location"]) == (303, "/conges/a-valider/")
    leave.refresh_from_db()
    assert leave.state == CaseState.APPROVED
    assert "Rien à valider" in client.get("/conges/a-valider/").content.decode()


def test_a_refusal_without_motive_is_an_error_and_keeps_the_request(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    client = signed_in(supervisor)
    answer = client.post(
        f"/conges/{leave.pk}/decision/", {"decision": "refuse", "version": leave.version, "reason": " "}
    )
    assert answer.status_code == 422
    assert "doit dire ses raisons" in answer.content.decode()
    sent = {"decision": "refuse", "version": leave.version, "reason": "Plantation prévue, trois présents au moins."}
    assert client.post(f"/conges/{leave.pk}/decision/", sent).status_code == 303
    assert "Plantation prévue" in signed_in(agent).get(f"/conges/{leave.pk}/").content.decode()


def test_the_slower_of_two_supervisors_reads_409_and_who_decided(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    boss = signed_in(supervisor)
    sent = {"decision": "approve", "version": leave.version}
    boss.post(f"/conges/{leave.pk}/decision/", sent)
    assert boss.post(f"/conges/{leave.pk}/decision/", sent).status_code == 303
    answer = boss.post(f"/conges/{leave.pk}/decision/", sent | {"decision": "refuse", "reason": "Finalement non"})
    assert answer.status_code == 409
    assert "déjà traité par Mehdi Benali" in answer.content.decode()


def test_the_balance_says_how_it_was_made(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = approve_leave(ask_leave(agent), by=supervisor)
    page = signed_in(agent).get("/conges/", {"annee": leave.first_day.year}).content.decode()
    assert "5 × 5 jours par semaine" in page
    assert "Absence le" in page
    assert ">24 jours" in page


def test_the_team_page_shows_the_type_to_the_supervisor_and_presence_only_to_a_colleague(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    approve_leave(ask_leave(agent), by=supervisor)
    colleague = make_agent("Hugo", "Faure", unit=make_unit("DEVE/J15"), supervisor=supervisor)
    week = {"semaine": next_monday(2).isoformat()}
    assert "Congé annuel" in signed_in(supervisor).get("/conges/equipe/", week).content.decode()
    page = signed_in(colleague).get("/conges/equipe/", week).content.decode()
    assert "Camille Durand" in page
    assert "Absent" in page
    assert "Congé annuel" not in page
    assert signed_in(colleague).get("/conges/equipe/", {"semaine": "9999-99-99"}).status_code == 200


@pytest.mark.parametrize("path", ["/conges/", "/conges/nouvelle/", "/conges/a-valider/", "/conges/equipe/", "/"])
@pytest.mark.parametrize("people", [2, 40])
def test_a_page_costs_the_same_few_queries_whatever_the_team(
    pair: tuple[Agent, Agent], signed_in: SignIn, path: str, people: int
) -> None:
    agent, supervisor = pair
    team = [make_agent(f"Agent{n}", "Test", unit=make_unit("DEVE/J15"), supervisor=supervisor) for n in range(people)]
    open_rights(*team)
    for member in (agent, supervisor, *team):
        if member != supervisor:
            ask_leave(member)
    day = next_monday(3)
    for offset in range(4):
        ask_leave(agent, Period(day + timedelta(days=offset), day + timedelta(days=offset)))
    client = signed_in(supervisor if "a-valider" in path or "equipe" in path or path == "/" else agent)
    client.get(path)  # a process reads the types of absence once
    with count_queries(at_most=12):
        assert client.get(path).status_code == 200


def test_the_page_of_a_request_costs_few_queries(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = approve_leave(ask_leave(agent, week_of(next_monday(2))), by=supervisor)
    for person in (agent, supervisor):
        client = signed_in(person)
        with count_queries(at_most=12):
            assert client.get(f"/conges/{leave.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["supervisor", "delegate", "office"])
def test_who_decides_of_a_request_opens_it_in_few_queries(
    pair: tuple[Agent, Agent], signed_in: SignIn, who: str
) -> None:
    agent, supervisor = pair
    asked = ask_leave(agent, week_of(next_monday(5)))
    ask_leave(agent, week_of(next_monday(2), 1))
    decider = supervisor if who == "supervisor" else make_agent("Nora", "Relais", unit=make_unit("DRH"))
    if who == "delegate":
        days = {"valid_from": today(), "valid_to": today(), "created_by": supervisor}
        Delegation.objects.create(giver=supervisor, receiver=decider, **days)
    if who == "office":
        grant(decider, Role.HR_OFFICER)
        LeaveRequest.objects.filter(pk=asked.pk).update(waits_for="hr")
    RefusalReason.objects.create(text="Deux absents déjà ce jour")
    client = signed_in(decider)
    client.get(f"/conges/{asked.pk}/")
    with count_queries(at_most=12):
        page = client.get(f"/conges/{asked.pk}/").content.decode()
    assert f'id="valider-{asked.reference}"' in page and "Deux absents déjà ce jour" in page


def test_a_past_or_far_year_is_not_a_page_of_its_own(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    client = signed_in(pair[0])
    for year in ("1789", "99999", "x"):
        assert f"Mon année {today().year}" in client.get("/conges/", {"annee": year}).content.decode()


def test_a_request_begun_and_never_sent_is_told_on_the_page_of_leave(signed_in: SignIn) -> None:
    agent = make_agent()
    open_rights(agent)
    client = signed_in(agent)
    assert "n’est pas envoyée" not in client.get("/conges/").content.decode()
    save_draft(agent, "leave.new", {"comment": ["Noces d’or"]})
    page = client.get("/conges/").content.decode()
    assert "Une demande n’est pas envoyée" in page
    assert "Noces d’or" not in page
    discard_draft(agent, "leave.new")
    assert "n’est pas envoyée" not in client.get("/conges/").content.decode()
