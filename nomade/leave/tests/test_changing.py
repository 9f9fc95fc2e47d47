"""Changing what was sent: moved, shortened, given up; asked for once it is validated, and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.cases.models import CaseState
from nomade.kernel.errors import Refusal
from nomade.leave.actions import AlreadyHandled, accept_change, approve_leave, ask_change, decline_change, move_request
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import ChangeAsked, Counter, LeaveRequest
from nomade.leave.rules.periods import Period
from nomade.people.factories import make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    return agent, supervisor


def left(agent: Agent) -> int:
    return sum(Counter.objects.filter(agent=agent, code="CA").values_list("half_days", flat=True))


def dates(first: date, last: date) -> dict[str, str]:
    return {"first_day": first.isoformat(), "last_day": last.isoformat(), "first_half": "0", "last_half": "1"}


def test_a_request_nobody_answered_moves_at_once_and_its_days_are_counted_once(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, _supervisor = pair
    full = left(agent)
    leave = ask_leave(agent, week_of(next_monday(2), 5))
    shorter = dates(next_monday(2), next_monday(2) + timedelta(days=1))
    client = signed_in(agent)
    assert leave.first_day.isoformat() in client.get(f"/conges/{leave.pk}/changement/").content.decode()
    answer = client.post(f"/conges/{leave.pk}/changement/", shorter)
    assert answer.status_code == 303
    new = LeaveRequest.objects.get(replaces=leave)
    assert answer["Location"] == f"/conges/{new.pk}/"
    leave.refresh_from_db()
    assert (leave.state, new.state, new.half_days) == (CaseState.CANCELLED, CaseState.SUBMITTED, 4)
    assert left(agent) == full - 4
    assert client.post(f"/conges/{leave.pk}/changement/", shorter).status_code == 404


def test_a_move_that_a_rule_refuses_leaves_everything_as_it_was(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    before = left(agent)
    too_long = dates(next_monday(2), next_monday(2) + timedelta(days=60))
    page = signed_in(agent).post(f"/conges/{leave.pk}/changement/", too_long)
    assert page.status_code == 422
    assert too_long["last_day"] in page.content.decode()
    approve_leave(leave, by=supervisor)
    assert signed_in(agent).post(f"/conges/{leave.pk}/changement/", too_long).status_code == 422
    leave.refresh_from_db()
    assert (leave.state, leave.change_asked, left(agent)) == (CaseState.APPROVED, "", before)


def test_a_validated_absence_is_moved_only_once_its_decider_accepts(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    full = left(agent)
    leave = approve_leave(ask_leave(agent, week_of(next_monday(2), 3)), by=supervisor)
    wanted = dates(next_monday(3), next_monday(3))
    client = signed_in(agent)
    assert client.post(f"/conges/{leave.pk}/changement/", wanted | {"reason": "Rentrée décalée"}).status_code == 303
    leave.refresh_from_db()
    assert (leave.state, leave.change_asked, left(agent)) == (CaseState.APPROVED, "move", full - 6)
    assert "D’ici la réponse" in client.get(f"/conges/{leave.pk}/").content.decode()
    boss = signed_in(supervisor)
    assert "demande un changement" in boss.get("/").content.decode()
    listed = boss.get("/conges/a-valider/").content.decode()
    assert "Demande de nouvelles dates" in listed
    assert "Rentrée décalée" in listed
    sent = {"answer": "accept", "version": leave.version}
    new_page = boss.post(f"/conges/{leave.pk}/changement/reponse/", sent)["Location"]
    new = LeaveRequest.objects.get(replaces=leave)
    assert new_page == f"/conges/{new.pk}/"
    assert (new.state, new.decided_by, left(agent)) == (CaseState.APPROVED, supervisor, full - 2)
    boss.post(f"/conges/{leave.pk}/changement/reponse/", sent)
    assert "déjà traité" in boss.get("/conges/a-valider/").content.decode()


def test_a_cancellation_is_asked_for_accepted_or_declined_with_reasons(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    full = left(agent)
    leave = approve_leave(ask_leave(agent), by=supervisor)
    assert (
        signed_in(agent).post(f"/conges/{leave.pk}/changement/annuler/", {"reason": "Plus besoin"}).status_code == 303
    )
    leave.refresh_from_db()
    with pytest.raises(Refusal, match="raisons"):
        decline_change(leave, by=supervisor, reason=" ")
    declined = decline_change(leave, by=supervisor, reason="Remplaçant déjà recruté.")
    assert (declined.state, declined.change_asked) == (CaseState.APPROVED, "")
    asked = ask_change(declined, ChangeAsked.CANCEL, None)
    ended = accept_change(asked, by=supervisor, version=asked.version)
    assert (ended.state, left(agent)) == (CaseState.CANCELLED, full)
    with pytest.raises(AlreadyHandled):
        accept_change(ended, by=supervisor)
    with pytest.raises(AlreadyHandled):
        ask_change(ended, ChangeAsked.CANCEL, None)
    with pytest.raises(AlreadyHandled):
        move_request(ended, Period(next_monday(4), next_monday(4)))


def test_only_the_owner_asks_and_only_a_decider_answers(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    agent, supervisor = pair
    leave = approve_leave(ask_leave(agent), by=supervisor)
    asked = ask_change(leave, ChangeAsked.CANCEL, None)
    colleague = make_agent("Hugo", "Faure", unit=make_unit("DEVE/J15"), supervisor=supervisor)
    for person in (supervisor, colleague):
        assert signed_in(person).get(f"/conges/{leave.pk}/changement/").status_code == 404
        assert signed_in(person).post(f"/conges/{leave.pk}/changement/annuler/").status_code == 404
    sent = {"answer": "accept", "version": asked.version}
    assert signed_in(colleague).post(f"/conges/{leave.pk}/changement/reponse/", sent).status_code == 404
    signed_in(agent).post(f"/conges/{leave.pk}/changement/reponse/", sent)
    assert signed_in(supervisor).post(f"/conges/{leave.pk}/changement/reponse/", {"answer": "x"}).status_code == 303
    leave.refresh_from_db()
    assert (leave.state, leave.change_asked) == (CaseState.APPROVED, "cancel")
