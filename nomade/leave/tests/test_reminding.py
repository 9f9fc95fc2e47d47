"""An agent whose request waits past the promised day reminds those who should have answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nomade.kernel.clock import today
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import LeaveRequest
from nomade.notifications.models import Notification
from nomade.people.factories import make_supervised_pair
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def waiting() -> tuple[LeaveRequest, Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    return ask_leave(agent, week_of(next_monday(8), 1)), agent, supervisor


def _reminders(supervisor: Agent) -> int:
    return Notification.objects.filter(agent=supervisor, kind="leave.reminder").count()


def test_before_the_promised_day_no_reminder_is_offered_nor_taken(
    waiting: tuple[LeaveRequest, Agent, Agent], signed_in: SignIn
) -> None:
    leave, agent, supervisor = waiting
    client = signed_in(agent)
    assert "Relancer" not in client.get(leave.get_absolute_url()).content.decode()
    assert client.post(f"/conges/{leave.pk}/relance/").status_code == 422
    assert _reminders(supervisor) == 0


def test_after_it_one_tap_reminds_the_supervisor_and_not_twice_in_a_row(
    waiting: tuple[LeaveRequest, Agent, Agent], signed_in: SignIn
) -> None:
    leave, agent, supervisor = waiting
    assert leave.promised_on is not None
    with time_machine.travel(leave.promised_on + timedelta(days=1), tick=False):
        client = signed_in(agent)
        assert "Relancer" in client.get(leave.get_absolute_url()).content.decode()
        assert client.post(f"/conges/{leave.pk}/relance/").status_code == 303
        assert _reminders(supervisor) == 1
        again = client.post(f"/conges/{leave.pk}/relance/")
        assert again.status_code == 422
        assert "tous les 2 jours au plus" in again.content.decode()
        assert _reminders(supervisor) == 1
    assert today() < leave.promised_on
