"""Who gets in where: each address, for each kind of person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, open_rights
from nomade.leave.models import LeaveRequest, LeaveType
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]

# For each address of a request: what each person gets. Decisions of who may see but not decide are refused (422).
DETAIL = {
    "owner": 200, "supervisor": 200, "delegate": 200, "hr_here": 200,
    "hr_elsewhere": 404, "past_delegate": 404, "colleague": 404, "administrator": 404, "stranger": 404,
}  # fmt: skip
DECIDE = DETAIL | {"owner": 422, "supervisor": 303, "delegate": 303, "hr_here": 422}
CANCEL = DETAIL | {"owner": 303, "supervisor": 422, "delegate": 422, "hr_here": 422}
PEOPLE = sorted(DETAIL)


@pytest.fixture
def leave() -> LeaveRequest:
    agent, _supervisor = make_supervised_pair()
    open_rights(agent)
    return ask_leave(agent)


def person(name: str, leave: LeaveRequest) -> Agent:
    owner = leave.owner
    supervisor = owner.assignments.get().supervisor
    assert supervisor is not None
    if name == "owner":
        return owner
    if name == "supervisor":
        return supervisor
    somebody = make_agent("Quelqu’un", name, unit=make_unit("DEVE/J15" if name == "colleague" else "DSIN"))
    if name in ("delegate", "past_delegate"):
        first = today() if name == "delegate" else today() - timedelta(days=30)
        Delegation.objects.create(
            giver=supervisor,
            receiver=somebody,
            valid_from=first,
            valid_to=first + timedelta(days=10),
            created_by=supervisor,
        )
    if name in ("hr_here", "hr_elsewhere"):
        grant(somebody, Role.HR_OFFICER, make_unit("DEVE" if name == "hr_here" else "DSIN"))
    if name == "administrator":
        grant(somebody, Role.ADMINISTRATOR)
    return somebody


@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_of_a_request_opens_only_to_its_people(name: str, leave: LeaveRequest, signed_in: SignIn) -> None:
    assert signed_in(person(name, leave)).get(f"/conges/{leave.pk}/").status_code == DETAIL[name]


@pytest.mark.parametrize("decision", ["approve", "refuse"])
@pytest.mark.parametrize("name", PEOPLE)
def test_only_a_supervisor_or_their_delegate_decides(
    name: str, decision: str, leave: LeaveRequest, signed_in: SignIn
) -> None:
    reason = "Fermeture du jardin ce jour-là." if decision == "refuse" else ""
    sent = {"decision": decision, "version": leave.version, "reason": reason}
    answer = signed_in(person(name, leave)).post(f"/conges/{leave.pk}/decision/", sent)
    assert answer.status_code == DECIDE[name]
    leave.refresh_from_db()
    assert (leave.state != CaseState.SUBMITTED) == (DECIDE[name] == 303)


@pytest.mark.parametrize("name", PEOPLE)
def test_only_its_owner_cancels_a_request_that_waits(name: str, leave: LeaveRequest, signed_in: SignIn) -> None:
    answer = signed_in(person(name, leave)).post(
        f"/conges/{leave.pk}/annulation/", {"reason": "Changement de planning"}
    )
    assert answer.status_code == CANCEL[name]
    leave.refresh_from_db()
    assert (leave.state == CaseState.CANCELLED) == (CANCEL[name] == 303)


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_show_a_request_only_to_who_decides_or_owns_it(name: str, leave: LeaveRequest, signed_in: SignIn) -> None:
    client = signed_in(person(name, leave))
    shown = leave.reference in client.get("/conges/a-valider/").content.decode()
    assert shown == (name in ("supervisor", "delegate"))
    own = str(leave.pk) in client.get("/conges/", {"annee": leave.first_day.year}).content.decode()
    assert own == (name == "owner")


@pytest.mark.parametrize("name", PEOPLE)
def test_a_validated_leave_is_cancelled_by_its_decider_or_hr_and_not_by_its_owner(
    name: str, leave: LeaveRequest, signed_in: SignIn
) -> None:
    supervisor = leave.owner.assignments.get().supervisor
    assert supervisor is not None
    approve_leave(leave, by=supervisor)
    expected = DETAIL | {"owner": 422, "supervisor": 303, "delegate": 303, "hr_here": 303}
    answer = signed_in(person(name, leave)).post(f"/conges/{leave.pk}/annulation/", {"reason": "À sa demande écrite"})
    assert answer.status_code == expected[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_only_a_supervisor_or_hr_types_an_absence_for_somebody(
    name: str, leave: LeaveRequest, signed_in: SignIn
) -> None:
    expected = dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("supervisor", "delegate", "hr_here"), 200)
    client = signed_in(person(name, leave))
    address = f"/conges/equipe/saisie/{leave.owner_id}/"
    assert client.get(address).status_code == expected[name]
    for each in (address, f"{address}jour/"):
        assert client.get(each).status_code == expected[name]
        assert client.post(each, {}).status_code == {200: 422}.get(expected[name], 404)


@pytest.mark.parametrize("name", PEOPLE)
def test_only_its_owner_specifies_an_announced_absence(name: str, leave: LeaveRequest, signed_in: SignIn) -> None:
    LeaveRequest.objects.filter(pk=leave.pk).update(leave_type=LeaveType.objects.get(code="IMPREVU"))
    answer = signed_in(person(name, leave)).get(f"/conges/{leave.pk}/preciser/")
    assert answer.status_code == (200 if name == "owner" else 404)


def test_every_address_asks_for_a_sign_in(leave: LeaveRequest) -> None:
    client = client_on()
    for path in ("", "nouvelle/", "a-valider/", "equipe/", f"{leave.pk}/"):
        answer = client.get(f"/conges/{path}")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/connexion/"), path
    for path in ("nouvelle/", f"{leave.pk}/decision/", f"{leave.pk}/annulation/"):
        assert client.post(f"/conges/{path}").status_code == 302, path


def test_what_changes_something_refuses_get(leave: LeaveRequest, signed_in: SignIn) -> None:
    client = signed_in(leave.owner)
    for path in ("decision", "annulation"):
        assert client.get(f"/conges/{leave.pk}/{path}/").status_code == 405


def test_an_absent_request_and_a_forbidden_one_look_the_same(leave: LeaveRequest, signed_in: SignIn) -> None:
    client = signed_in(make_agent("Hugo", "Faure", unit=make_unit("DSIN")))
    forbidden = client.get(f"/conges/{leave.pk}/")
    absent = client.get("/conges/00000000-0000-4000-8000-000000000000/")
    assert forbidden.status_code == absent.status_code == 404
    # What differs is of the answer, not of the request asked for: its reference, the masked CSRF tokens, the path.
    shown = [
        re.sub(
            r"\b([A-Za-z0-9]{64}|[0-9a-f-]{36})\b",
            "…",
            answer.content.decode().replace(answer["X-Request-Reference"], ""),
        )
        for answer in (forbidden, absent)
    ]
    assert shown[0] == shown[1]
