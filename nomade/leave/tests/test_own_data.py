"""Leave in the search and in the copy of one's data: one's own, and nothing of anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from nomade.leave.factories import ask_leave, open_rights, week_of
from nomade.leave.models import LeaveRequest
from nomade.leave.own_data import export
from nomade.leave.service import SERVICE
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-16 09:00", tick=False):
        yield


@pytest.fixture
def leave() -> LeaveRequest:
    one, other = make_agent(), make_agent("Hugo", "Faure")
    open_rights(one, other)
    ask_leave(other, week_of(date(2026, 12, 14), 2))
    return ask_leave(one, week_of(date(2026, 12, 14), 3))


@pytest.mark.parametrize("typed", ["congé décembre", "CONGE ANNUEL", "decembre 2026", "attente"])
def test_an_agent_finds_their_own_requests_by_their_words(typed: str, leave: LeaveRequest, signed_in: SignIn) -> None:
    page = signed_in(leave.owner).get("/recherche/", {"q": typed}).content.decode()
    assert f"/conges/{leave.pk}/" in page
    assert page.count("du 14 au") == 1


def test_a_request_is_found_by_its_reference_and_nobody_elses_is(leave: LeaveRequest, signed_in: SignIn) -> None:
    address = f"/conges/{leave.pk}/"
    assert address in signed_in(leave.owner).get("/recherche/", {"q": leave.reference}).content.decode()
    stranger = make_agent("Zoé", "Tiers")
    assert address not in signed_in(stranger).get("/recherche/", {"q": leave.reference}).content.decode()


def test_words_that_are_not_there_or_too_short_find_nothing(leave: LeaveRequest, signed_in: SignIn) -> None:
    client = signed_in(leave.owner)
    for typed in ("maternité", "de", "juillet"):
        assert f"/conges/{leave.pk}/" not in client.get("/recherche/", {"q": typed}).content.decode()


def test_the_savings_account_is_found_by_its_short_name(leave: LeaveRequest, signed_in: SignIn) -> None:
    assert "/conges/cet/" in signed_in(leave.owner).get("/recherche/", {"q": "CET"}).content.decode()


def test_the_copy_of_ones_data_holds_requests_counters_and_every_movement_and_writes_as_json(
    leave: LeaveRequest,
) -> None:
    assert SERVICE.export is export
    copy = json.loads(json.dumps(export(leave.owner)))
    assert [one["reference"] for one in copy["requests"]] == [leave.reference]
    counter = next(one for one in copy["counters"] if (one["code"], one["year"]) == ("CA", 2026))
    assert sum(line["moved"] for line in counter["movements"]) == counter["left"] == 44
