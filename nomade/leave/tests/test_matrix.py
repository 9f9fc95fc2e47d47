"""Every address of leave × every kind of person: who is let in. A new address without a row fails here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.cases.messages import say
from nomade.files.uploads import PDF, CheckedFile
from nomade.kernel.clock import today
from nomade.leave.actions import add_documents, announce_absence, delegate, open_feed
from nomade.leave.actions.corrections import correct_counter
from nomade.leave.actions.extra import declare_hours
from nomade.leave.actions.talking import EXCHANGE
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import (
    ForbiddenPeriod,
    LeaveDocument,
    Operation,
    OperationKind,
    PayrollExport,
    RefusalReason,
    SavingRequest,
    TimeExport,
)
from nomade.leave.urls import urlpatterns
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
PEOPLE = ("owner", "supervisor", "delegate", "hr_here", "hr_elsewhere", "hr_of_all", "pay", "administrator", "stranger")
EVERYBODY = frozenset(PEOPLE)
HR = frozenset({"hr_here", "hr_elsewhere", "hr_of_all"})
OVER_THE_OWNER = frozenset({"hr_here", "hr_of_all"})
LEADS = frozenset({"supervisor", "delegate"})
SEES_THE_REQUEST = LEADS | OVER_THE_OWNER | {"owner"}
TYPES_FOR_THE_OWNER = LEADS | OVER_THE_OWNER
KEEPER = frozenset({"hr_of_all"})

# Who is let in by GET, and by POST: anything but 404. None: the method does not exist there.
Row = tuple[frozenset[str] | None, frozenset[str] | None]
MATRIX: dict[str, Row] = {
    "index": (EVERYBODY, None),
    "new": (EVERYBODY, EVERYBODY),
    "absent-today": (EVERYBODY, EVERYBODY),
    "statement": (EVERYBODY, None),
    "to-come": (EVERYBODY, None),
    "agenda": (EVERYBODY, None),
    "renew-feed": (None, EVERYBODY),
    "close-feed": (None, EVERYBODY),
    # Opened by its secret alone, to whoever holds it (ADR 31).
    "feed": (EVERYBODY, None),
    "account": (EVERYBODY, None),
    "open-account": (None, EVERYBODY),
    "save-days": (None, EVERYBODY),
    "choose-option": (None, EVERYBODY),
    "withdraw-saving": (None, frozenset({"owner"})),
    "to-decide": (EVERYBODY, None),
    "decide-many": (None, EVERYBODY),
    "team": (EVERYBODY, None),
    "here-today": (LEADS, None),
    "enter": (TYPES_FOR_THE_OWNER, TYPES_FOR_THE_OWNER),
    "move-day": (TYPES_FOR_THE_OWNER, TYPES_FOR_THE_OWNER),
    "team-rules": (LEADS, None),
    "minimum": (None, LEADS),
    "reserve": (None, LEADS),
    "free": (None, frozenset({"supervisor"})),
    "delegate": (None, LEADS),
    "end-delegation": (None, frozenset({"supervisor"})),
    "request": (SEES_THE_REQUEST, None),
    "add-document": (None, frozenset({"owner"})),
    "extra": (EVERYBODY, EVERYBODY),
    "extra-to-answer": (EVERYBODY, None),
    "withdraw-extra": (None, frozenset({"owner"})),
    "answer-extra": (None, LEADS | OVER_THE_OWNER),
    "enter-extra": (TYPES_FOR_THE_OWNER, TYPES_FOR_THE_OWNER),
    "document": (OVER_THE_OWNER | {"owner"}, None),
    "specify": (frozenset({"owner"}), frozenset({"owner"})),
    "change": (frozenset({"owner"}), frozenset({"owner"})),
    "ask-to-cancel": (None, frozenset({"owner"})),
    "answer-change": (None, SEES_THE_REQUEST),
    "cancel": (None, SEES_THE_REQUEST),
    "request-message": (None, SEES_THE_REQUEST),
    "request-recall": (None, SEES_THE_REQUEST),
    "request-file": (SEES_THE_REQUEST, None),
    "decide": (None, SEES_THE_REQUEST),
    "hr": (HR, None),
    "hr-counters": (OVER_THE_OWNER, None),
    "hr-to-come": (OVER_THE_OWNER, None),
    "hr-hours-of": (OVER_THE_OWNER, None),
    "hr-hours": (HR, None),
    "hr-cycles": (KEEPER, KEEPER),
    "hr-correct": (None, OVER_THE_OWNER),
    "hr-move": (TYPES_FOR_THE_OWNER, TYPES_FOR_THE_OWNER),
    "hr-health": (OVER_THE_OWNER, OVER_THE_OWNER),
    "hr-accounts": (HR, None),
    "hr-saving": (None, OVER_THE_OWNER),
    "hr-read": (None, OVER_THE_OWNER),
    "hr-absences": (HR, None),
    "hr-indicators": (HR, None),
    "hr-operations": (HR, None),
    "hr-closing": (HR, HR),
    "hr-list": (HR, HR),
    "hr-operation": (OVER_THE_OWNER, None),
    "hr-undo": (None, OVER_THE_OWNER),
    "hr-pay": (HR | {"pay"}, HR | {"pay"}),
    "hr-pay-file": (frozenset({"hr_here"}), None),
    "hr-figures": (HR, None),
    "hr-figure": (HR, KEEPER),
    "hr-local-law": (None, KEEPER),
    "hr-reasons": (HR, None),
    "hr-new-reason": (None, KEEPER),
    "hr-drop-reason": (None, KEEPER),
    "hr-modes": (HR, None),
    "hr-mode": (None, KEEPER),
    "hr-time": (KEEPER, None),
    "hr-time-export": (None, KEEPER),
    "hr-time-file": (KEEPER, None),
    "hr-time-answers": (None, KEEPER),
    "hr-types": (HR, None),
    "hr-type": (HR, KEEPER),
}


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    """A day on which everybody works, so that an absence may be announced."""
    with time_machine.travel("2026-12-01 09:00", tick=False):
        yield


@pytest.fixture
def city() -> dict[str, Any]:
    """One of each object, all about one agent and their supervisor, and one person of each kind."""
    unit = make_unit("DEVE/J15")
    supervisor = make_agent("Mehdi", "Benali", unit=unit)
    unit.head = supervisor
    unit.save()
    owner = make_agent(unit=unit, supervisor=supervisor)
    open_rights(owner)
    people = {"owner": owner, "supervisor": supervisor}
    people |= {name: make_agent("Quelqu’un", name, unit=make_unit("DSIN")) for name in PEOPLE if name not in people}
    peer = make_agent("Pair", "Voisin", unit=unit)
    given = delegate(supervisor, peer, today(), today() + timedelta(days=10), http=None)
    people["delegate"] = peer
    grant(people["hr_here"], Role.HR_OFFICER, make_unit("DEVE"))
    grant(people["hr_elsewhere"], Role.HR_OFFICER, make_unit("DPE"))
    grant(people["hr_of_all"], Role.HR_OFFICER)
    grant(people["pay"], Role.PAY_OFFICER)
    grant(people["administrator"], Role.ADMINISTRATOR)
    keeper = people["hr_of_all"]
    leave = ask_leave(owner, week_of(next_monday(3), 1))
    add_documents(leave, [CheckedFile("piece.pdf", PDF, b"%PDF-1.4 piece")])
    reserved = ForbiddenPeriod.objects.create(
        unit=unit, first_day=next_monday(20), last_day=next_monday(20), reason="Fête", set_by=supervisor
    )
    message = say(
        EXCHANGE.kind, leave.pk, author=owner, text="Voici.", files=[CheckedFile("lettre.pdf", PDF, b"%PDF-1.4 lettre")]
    )
    values = {
        "agent_id": owner.pk,
        "request_id": leave.pk,
        "file_id": message.files.get().stored_id,
        "document_id": LeaveDocument.objects.get().pk,
        "saving_id": SavingRequest.objects.create(owner=owner, reference="S-1", year=today().year, annual=2).pk,
        "extra_id": declare_hours(owner, today(), 60, period="jour", reason="Tempête").pk,
        "correction_id": correct_counter(owner, "CA", today().year, 20, by=keeper, reason="Reprise").pk,
        "operation_id": Operation.objects.create(
            kind=OperationKind.RIGHT_FOR_LIST, label="Droit", author=keeper, unit=make_unit("DEVE"), report={"done": 0}
        ).pk,
        "period_id": reserved.pk,
        "delegation_id": given.pk,
        "reason_id": RefusalReason.objects.all()[0].pk,
        "code": "CA",
        "key": "cet.cap",
        "secret": open_feed(owner),
    }
    first = today().replace(day=1)
    # Some addresses want another object than the one that all share.
    others = {
        "hr-pay-file": {"export_id": PayrollExport.objects.create(month=first, number=1, author=people["hr_here"]).pk},
        "hr-time-file": {"export_id": TimeExport.objects.create(author=keeper).pk},
        "hr-health": {"request_id": ask_leave(owner, week_of(next_monday(6)), code="MALADIE").pk},
        "specify": {"request_id": announce_absence(owner).pk},
    }
    return {"people": people, "values": values, "others": others}


def addresses(city: dict[str, Any]) -> dict[str, str]:
    """A real address for each name, so that a 404 says « not yours », never « no such thing »."""
    found = {}
    for pattern in urlpatterns:
        name = str(pattern.name)
        values = city["values"] | city["others"].get(name, {})
        found[name] = "/conges/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)).format(**values)
    return found


def tried(client: Client, method: str, address: str) -> int:
    """The status of an answer; what it wrote is undone, so that the next person finds the same."""
    point = transaction.savepoint()
    answer: HttpResponse = getattr(client, method)(address)
    transaction.savepoint_rollback(point)
    return answer.status_code


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_lets_in_those_of_the_matrix_and_nobody_else(
    person: str, city: dict[str, Any], signed_in: SignIn
) -> None:
    client = signed_in(city["people"][person])
    wrong = []
    for name, address in addresses(city).items():
        for method, let_in in zip(("get", "post"), MATRIX[name], strict=True):
            status = tried(client, method, address)
            expected = {405} if let_in is None else {200, 303, 409, 422} if person in let_in else {404}
            # A method that does not exist may be said before or after the door.
            if status not in expected | ({404} if let_in is None else set()):
                wrong.append((name, method, status))
    assert not wrong


def test_every_address_has_a_row() -> None:
    assert {str(pattern.name) for pattern in urlpatterns} == set(MATRIX)


def test_every_address_but_the_feed_asks_for_a_sign_in(city: dict[str, Any]) -> None:
    client = client_on()
    for name, address in addresses(city).items():
        if name == "feed":
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/connexion/"), name
