"""The exact kind of a health absence stays between the agent's HR office and a sealed table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nomade.config.environment import EncryptionKey
from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.leave.actions.health import read_health, write_health
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import HealthLeave, LeaveRequest
from nomade.leave.resealing import reseal_health
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def sick() -> LeaveRequest:
    agent, _supervisor = make_supervised_pair()
    open_rights(agent)
    return ask_leave(agent, week_of(next_monday(1)), code="MALADIE")


@pytest.fixture
def officer() -> Agent:
    one = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(one, Role.HR_OFFICER, make_unit("DEVE"))
    return one


def test_the_exact_kind_is_sealed_and_each_reading_is_in_the_journal(sick: LeaveRequest, officer: Agent) -> None:
    write_health(sick, "clm", issued_on=today() - timedelta(days=1), received_on=today(), by=officer)
    assert b"clm" not in bytes(HealthLeave.objects.get().sealed)
    found = read_health(sick, by=officer)
    assert found is not None
    assert (found.words, found.unpaid_days, found.lateness.late) == ("congé de longue maladie", 0, False)
    assert AuditEvent.objects.filter(event="leave.health_read", actor_id=officer.pk, subject_id=sick.owner_id).exists()
    assert not AuditEvent.objects.filter(facts__icontains="clm").exists()


def test_hr_writes_it_on_a_page_that_nobody_else_opens(sick: LeaveRequest, officer: Agent, signed_in: SignIn) -> None:
    address = f"/conges/rh/sante/{sick.pk}/"
    sent = {
        "kind": "initial",
        "issued_on": (today() - timedelta(days=5)).isoformat(),
        "received_on": today().isoformat(),
    }
    client = signed_in(officer)
    assert client.post(address, sent | {"received_on": "2020-01-01"}).status_code == 422
    assert client.post(address, sent).status_code == 303
    page = client.get(address).content.decode()
    assert "arrêt initial" in page
    assert "1 jour de carence" in page
    assert "reçu après le délai" in page
    elsewhere = make_agent(unit=make_unit("DSIN"))
    grant(elsewhere, Role.HR_OFFICER, make_unit("DSIN"))
    supervisor = sick.owner.assignments.get().supervisor
    assert supervisor is not None
    payer = make_agent(unit=make_unit("DRH"))
    grant(payer, Role.PAY_OFFICER)
    for stranger in (sick.owner, supervisor, elsewhere, payer, make_agent()):
        assert signed_in(stranger).get(address).status_code == 404
        assert signed_in(stranger).post(address, sent).status_code == 404


def test_a_leave_that_is_not_of_health_has_no_such_page(officer: Agent, signed_in: SignIn) -> None:
    agent, _supervisor = make_supervised_pair()
    open_rights(agent)
    leave = ask_leave(agent)
    assert signed_in(officer).get(f"/conges/rh/sante/{leave.pk}/").status_code == 404


def test_a_rotation_of_keys_seals_the_kind_anew(sick: LeaveRequest, officer: Agent, settings: Any) -> None:
    write_health(sick, "ald", issued_on=today(), received_on=today(), by=officer)
    old = settings.NOMADE.encryption_keys
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(EncryptionKey("next", bytes(32)), *old))
    assert reseal_health() == 1
    assert reseal_health() == 0
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(EncryptionKey("next", bytes(32)),))
    found = read_health(sick, by=officer)
    assert found is not None
    assert found.kind == "ald"


def test_a_second_late_sending_in_two_years_is_found_and_says_the_days_of_half_pay(
    sick: LeaveRequest, officer: Agent, signed_in: SignIn
) -> None:
    second = ask_leave(sick.owner, week_of(next_monday(3)), code="MALADIE")
    first_issued, issued = today() - timedelta(days=60), today() - timedelta(days=9)
    write_health(sick, "initial", issued_on=first_issued, received_on=first_issued + timedelta(days=6), by=officer)
    write_health(second, "initial", issued_on=issued, received_on=issued + timedelta(days=7), by=officer)
    once, twice = read_health(sick, by=officer), read_health(second, by=officer)
    assert once is not None
    assert twice is not None
    assert (once.lateness.late, once.lateness.halved_until) == (True, None)
    assert (twice.lateness.halved_from, twice.lateness.halved_until) == (issued, issued + timedelta(days=7))
    page = signed_in(officer).get(f"/conges/rh/sante/{second.pk}/").content.decode()
    assert "Second arrêt envoyé en retard" in page


def test_a_late_sending_too_old_or_of_somebody_else_does_not_count(sick: LeaveRequest, officer: Agent) -> None:
    other, _supervisor = make_supervised_pair()
    open_rights(other)
    theirs = ask_leave(other, week_of(next_monday(1)), code="MALADIE")
    old = ask_leave(sick.owner, week_of(next_monday(4)), code="MALADIE")
    issued = today() - timedelta(days=9)
    for leave, when in ((theirs, issued - timedelta(days=30)), (old, issued - timedelta(days=800))):
        write_health(leave, "initial", issued_on=when, received_on=when + timedelta(days=6), by=officer)
    write_health(sick, "initial", issued_on=issued, received_on=today(), by=officer)
    found = read_health(sick, by=officer)
    assert found is not None
    assert (found.lateness.late, found.lateness.halved_until) == (True, None)
