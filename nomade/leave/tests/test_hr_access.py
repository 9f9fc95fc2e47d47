"""HR pages of leave: each address, for each kind of person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.leave.actions.corrections import correct_counter
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.hr_urls import patterns
from nomade.leave.models import Counter, Operation, OperationKind
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
OUTSIDERS = ("owner", "supervisor", "delegate", "colleague", "administrator", "support")
ANY_REQUEST = "00000000-0000-4000-8000-000000000000"
HR = ("hr_here", "hr_elsewhere", "hr_of_all")


@pytest.fixture
def owner() -> Agent:
    agent, _supervisor = make_supervised_pair()
    open_rights(agent)
    ask_leave(agent)
    return agent


def person(name: str, owner: Agent) -> Agent:
    supervisor = owner.assignments.get().supervisor
    assert supervisor is not None
    if name in ("owner", "supervisor"):
        return owner if name == "owner" else supervisor
    somebody = make_agent("Quelqu’un", name, unit=make_unit("DEVE/J15" if name == "colleague" else "DSIN"))
    if name == "delegate":
        Delegation.objects.create(
            giver=supervisor,
            receiver=somebody,
            valid_from=today(),
            valid_to=today() + timedelta(days=10),
            created_by=supervisor,
        )
    if name in HR:
        perimeter = {"hr_here": "DEVE", "hr_elsewhere": "DSIN"}.get(name)
        grant(somebody, Role.HR_OFFICER, make_unit(perimeter) if perimeter else None)
    if name == "pay":
        grant(somebody, Role.PAY_OFFICER)
    if name == "administrator":
        grant(somebody, Role.ADMINISTRATOR)
    if name == "support":
        grant(somebody, Role.SUPPORT_TECHNICIAN)
    return somebody


def addresses(owner: Agent) -> dict[str, str]:
    """A real address for each name, so that a 404 says « not yours », never « no such thing »."""
    asker = person("hr_of_all", owner)
    correction = correct_counter(owner, "CA", today().year, 20, by=asker, reason="Reprise d’un ancien solde")
    operation = Operation.objects.create(
        kind=OperationKind.RIGHT_FOR_LIST, label="Droit", author=asker, unit=make_unit("DEVE"), report={"done": 0}
    )
    values = {"agent_id": owner.pk, "correction_id": correction.pk, "operation_id": operation.pk, "code": "CA"}
    found = {}
    for pattern in patterns:
        route = str(pattern.pattern)
        for name, value in values.items():
            for kind in ("int", "slug"):
                route = route.replace(f"<{kind}:{name}>", str(value))
        found[str(pattern.name)] = f"/conges/{route}"
    return found


POSTED = {"hr-correct", "hr-read", "hr-undo"}
BY_SUPERVISOR_TOO = {"hr-move"}
OF_AN_AGENT = {"hr-counters", "hr-move", "hr-to-come", "hr-correct", "hr-read", "hr-operation", "hr-undo"}


@pytest.mark.parametrize("name", [*OUTSIDERS, *HR, "pay"])
def test_each_hr_page_opens_only_to_hr_of_the_perimeter(name: str, owner: Agent, signed_in: SignIn) -> None:
    known = addresses(owner)
    client = signed_in(person(name, owner))
    for address_name, address in known.items():
        if address_name in ("hr-pay-file", "hr-health"):  # test_hr and test_health try these
            continue
        answer = client.post(address, {}) if address_name in POSTED else client.get(address)
        leads = name in ("supervisor", "delegate") and address_name in BY_SUPERVISOR_TOO
        closed = (name in OUTSIDERS and not leads) or (name == "pay" and address_name != "hr-pay")
        if closed or (address_name in OF_AN_AGENT and name == "hr_elsewhere"):
            expected = {404}
        else:
            expected = {422} if address_name in POSTED else {200}
        assert answer.status_code in expected, (address_name, answer.status_code)


def test_every_hr_address_asks_for_a_sign_in(owner: Agent) -> None:
    client = client_on()
    for name, written in addresses(owner).items():
        address = written.replace("<int:export_id>", "1").replace("<uuid:request_id>", ANY_REQUEST)
        answer = client.post(address) if name in POSTED else client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/connexion/"), name


def test_hr_keeps_no_counter_of_their_own(signed_in: SignIn) -> None:
    officer = make_agent(unit=make_unit("DEVE"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    open_rights(officer)
    client = signed_in(officer)
    assert client.get(f"/conges/rh/agent/{officer.pk}/").status_code == 404
    before = Counter.objects.get(agent=officer, code="CA", year=today().year).half_days
    sent = {"code": "CA", "year": today().year, "days": "2", "reason": "Cadeau"}
    assert client.post(f"/conges/rh/agent/{officer.pk}/correction/", sent).status_code == 404
    assert Counter.objects.get(agent=officer, code="CA", year=today().year).half_days == before


@pytest.mark.parametrize("people", [1, 12])
@pytest.mark.parametrize(
    "path",
    ["", "?q=durand", "absences/", "indicateurs/", "operations/", "operations/fermeture/", "operations/liste/",
     "paie/", "types/", "types/CA/", "agent/", "agent/a-venir/"],
)  # fmt: skip
def test_an_hr_page_costs_the_same_few_queries_whatever_the_perimeter(
    path: str, people: int, owner: Agent, signed_in: SignIn
) -> None:
    officer = person("hr_here", owner)
    for _ in range(people):
        one = make_agent(unit=make_unit("DEVE/J15"))
        open_rights(one)
        ask_leave(one)
    client = signed_in(officer)
    address = f"/conges/rh/{path}".replace("agent/", f"agent/{owner.pk}/")
    client.get(address)
    with count_queries(at_most=12):
        assert client.get(address).status_code == 200


def test_a_list_as_a_file_never_names_a_health_reason(owner: Agent, signed_in: SignIn) -> None:
    ask_leave(owner, week_of(next_monday(5)), code="MALADIE")
    client = signed_in(person("hr_here", owner))
    listed = {"du": today().isoformat(), "au": (today() + timedelta(days=90)).isoformat(), "format": "csv"}
    answer = client.get("/conges/rh/absences/", listed)
    text = answer.content.decode("utf-8-sig")
    assert "Absence justifiée" in text
    assert "Arrêt" not in text
    assert owner.full_name not in answer["Content-Disposition"]
    sheet = client.get("/conges/rh/absences/", listed | {"format": "xlsx"})
    assert sheet.content.startswith(b"PK")
