"""A colleague named to stand in: told once it is sure, reminded shortly before, told again when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nomade.cases.idempotency import new_form_token
from nomade.kernel.clock import today
from nomade.leave.actions import approve_leave, cancel_leave, refuse_leave, submit_leave
from nomade.leave.actions.reminders import remind_replacements
from nomade.leave.factories import leave_type, next_monday, open_rights, week_of
from nomade.leave.models import LeaveRequest
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def trio() -> tuple[Agent, Agent, Agent]:
    """An agent, their supervisor, a colleague of the same unit."""
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    return agent, supervisor, make_agent("Sofia", "Costa", unit=agent.assignments.get().unit, supervisor=supervisor)


def _asked(agent: Agent, colleague: Agent, weeks: int = 3) -> LeaveRequest:
    return submit_leave(agent, leave_type(), week_of(next_monday(weeks), 2), replacement=colleague)


def _told(agent: Agent) -> list[str]:
    return list(Notification.objects.filter(agent=agent).order_by("created_at").values_list("title", flat=True))


def _form(agent: Agent, colleague: Agent) -> dict[str, object]:
    monday = next_monday(3)
    return {
        "leave_type": leave_type().pk,
        "first_day": monday,
        "first_half": 0,
        "last_day": monday,
        "last_half": 1,
        "replacement": colleague.pk,
        "form_token": new_form_token(),
    }


def test_the_form_offers_the_colleagues_of_the_unit_and_keeps_the_one_that_is_named(
    signed_in: SignIn, trio: tuple[Agent, Agent, Agent]
) -> None:
    agent, _supervisor, colleague = trio
    client = signed_in(agent)
    page = client.get("/conges/nouvelle/").content.decode()
    assert "Qui vous remplace" in page
    assert "Sofia Costa" in page
    client.post("/conges/nouvelle/", _form(agent, colleague))
    assert LeaveRequest.objects.get(owner=agent).replacement == colleague


def test_somebody_of_another_unit_is_no_replacement(signed_in: SignIn, trio: tuple[Agent, Agent, Agent]) -> None:
    agent, _supervisor, _colleague = trio
    stranger = make_agent(unit=make_unit("DFPE"))
    answer = signed_in(agent).post("/conges/nouvelle/", _form(agent, stranger))
    assert answer.status_code == 422
    assert not LeaveRequest.objects.exists()


def test_the_colleague_is_told_when_the_absence_is_validated_and_not_before(trio: tuple[Agent, Agent, Agent]) -> None:
    agent, supervisor, colleague = trio
    leave = _asked(agent, colleague)
    assert _told(colleague) == []
    approve_leave(leave, by=supervisor)
    assert [title.partition(" Camille")[0] for title in _told(colleague)] == ["Vous remplacez"]


def test_no_notice_to_the_colleague_says_why_somebody_is_away(trio: tuple[Agent, Agent, Agent]) -> None:
    agent, supervisor, colleague = trio
    approve_leave(_asked(agent, colleague), by=supervisor)
    notice = Notification.objects.get(agent=colleague)
    assert "ongé" not in notice.title + notice.body
    assert notice.url.startswith("/conges/equipe/")


def test_a_refusal_tells_the_colleague_nothing_and_a_cancellation_frees_them(trio: tuple[Agent, Agent, Agent]) -> None:
    agent, supervisor, colleague = trio
    refuse_leave(_asked(agent, colleague), by=supervisor, reason="Inventaire ces jours-là.")
    assert _told(colleague) == []
    leave = approve_leave(_asked(agent, colleague, 5), by=supervisor)
    cancel_leave(leave, by=supervisor, reason="Urgence du service.")
    assert _told(colleague)[-1].startswith("Vous n’avez plus à remplacer")


def test_the_colleague_is_reminded_once_two_days_before(trio: tuple[Agent, Agent, Agent]) -> None:
    agent, supervisor, colleague = trio
    leave = approve_leave(_asked(agent, colleague), by=supervisor)
    assert remind_replacements() == 0
    with time_machine.travel(leave.first_day - timedelta(days=2), tick=False):
        assert remind_replacements() == 1
        assert remind_replacements() == 0
    assert _told(colleague)[-1].startswith("Rappel : vous remplacez")


def test_the_decider_and_the_team_page_of_the_colleague_show_it(
    signed_in: SignIn, trio: tuple[Agent, Agent, Agent]
) -> None:
    agent, supervisor, colleague = trio
    leave = _asked(agent, colleague)
    assert "Remplacement convenu avec Sofia Costa" in signed_in(supervisor).get("/conges/a-valider/").content.decode()
    assert "Vous remplacez" not in signed_in(colleague).get("/conges/equipe/").content.decode()
    approve_leave(leave, by=supervisor)
    assert "Vous remplacez" in signed_in(colleague).get("/conges/equipe/").content.decode()
    assert signed_in(colleague).get(leave.get_absolute_url()).status_code == 404


def test_the_agent_is_warned_when_the_colleague_is_away_too(
    signed_in: SignIn, trio: tuple[Agent, Agent, Agent]
) -> None:
    agent, supervisor, colleague = trio
    open_rights(colleague)
    approve_leave(submit_leave(colleague, leave_type(), week_of(next_monday(3), 1)), by=supervisor)
    typed = _form(agent, colleague) | {"apercu": "1"}
    page = signed_in(agent).post("/conges/nouvelle/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "Sofia Costa, qui vous remplacerait, n’est pas là" in page
    assert today() < next_monday(3)
