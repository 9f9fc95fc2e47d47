"""HR pages of leave: each address, for each kind of person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import Counter
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
