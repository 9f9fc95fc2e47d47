"""A part-time day moved once: worked for once, free another day; and the month of a team."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, open_rights, week_of
from nomade.leave.models import DayException, MinimumPresence
from nomade.leave.rules.periods import Period
from nomade.notifications.models import Notification
from nomade.people.factories import ENTRY, make_agent, make_cycle, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
WEDNESDAY, FRIDAY = date(2026, 12, 16), date(2026, 12, 18)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    """Before everything else that a test asks for: rights are opened for the year one is in."""
    with time_machine.travel("2026-11-27"):
        yield


@pytest.fixture
def nursery() -> tuple[Agent, Agent]:
    """A head, and an assistant at 80 % without Wednesday."""
    unit = make_unit("DFPE/C15")
    head = make_agent("Inès", "Moreau", unit=unit)
    leila = make_agent("Leïla", "Martin", unit=unit, supervisor=head, quotite=80, cycle=make_cycle("80", ("1101100",)))
    open_rights(leila)
    return head, leila


def test_a_wednesday_worked_once_gives_another_day_free_and_leave_counts_accordingly(
    nursery: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    head, leila = nursery
    client = signed_in(head)
    sent = {"worked": WEDNESDAY.isoformat(), "off": FRIDAY.isoformat(), "reason": "Sortie au parc"}
    assert client.post(f"/conges/equipe/saisie/{leila.pk}/jour/", sent).status_code == 303
    assert list(DayException.objects.order_by("day").values_list("day", "sign")) == [(WEDNESDAY, "1"), (FRIDAY, "0")]
    assert Notification.objects.filter(agent=leila, kind="leave.day_moved").count() == 1
    leave = ask_leave(leila, Period(WEDNESDAY, FRIDAY))
    assert leave.half_days == 4
    again = client.post(f"/conges/equipe/saisie/{leila.pk}/jour/", sent)
    assert again.status_code == 422
    assert "Sortie au parc" in again.content.decode()


@pytest.mark.parametrize(
    ("worked", "free", "words"),
    [
        (FRIDAY, WEDNESDAY, "doit être travaillé"),
        (WEDNESDAY, date(2026, 12, 9), "doit être travaillé"),
        (WEDNESDAY, date(2026, 11, 20), "à venir"),
        (WEDNESDAY, date(2026, 12, 14), "déjà posée"),
    ],
)
def test_an_exchange_that_makes_no_sense_is_refused_in_words(
    worked: date, free: date, words: str, nursery: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    head, leila = nursery
    ask_leave(leila, week_of(date(2026, 12, 14), 1))
    sent = {"worked": worked.isoformat(), "off": free.isoformat(), "reason": "Sortie"}
    answer = signed_in(head).post(f"/conges/equipe/saisie/{leila.pk}/jour/", sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not DayException.objects.exists()


def test_the_team_is_shown_by_month_too_with_its_minimum(nursery: tuple[Agent, Agent], signed_in: SignIn) -> None:
    head, leila = nursery
    MinimumPresence.objects.create(unit=make_unit("DFPE/C15"), people=1, valid_from=ENTRY, set_by=head)
    approve_leave(ask_leave(leila, week_of(date(2026, 12, 14), 1)), by=head)
    month = signed_in(head).get("/conges/equipe/", {"vue": "mois"}).content.decode()
    assert month.count('<table class="team"') == 5
    assert "présence minimale 1" in month
    assert "Congé annuel" in month
    assert signed_in(leila).get("/conges/equipe/", {"vue": "mois"}).status_code == 200
