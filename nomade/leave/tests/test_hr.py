"""What HR does with counters, operations, exports and types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.kernel.spreadsheets import harmless
from nomade.leave.actions import approve_leave
from nomade.leave.actions.corrections import correct_counter, read_correction
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import (
    Closure,
    Correction,
    CorrectionState,
    Counter,
    CounterKind,
    LeaveRequest,
    LeaveType,
    Operation,
    PayrollExport,
    PayrollLine,
)
from nomade.leave.payroll import due_lines, export_month, export_rows
from nomade.leave.tables import Unreadable, read_rows
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def agent() -> Agent:
    one, _supervisor = make_supervised_pair()
    open_rights(one)
    return one


@pytest.fixture
def officer() -> Agent:
    one = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(one, Role.HR_OFFICER, make_unit("DEVE"))
    return one


def left(agent: Agent, code: str = "CA", year: int | None = None) -> int:
    return Counter.objects.get(agent=agent, code=code, year=today().year if year is None else year).half_days


def correction(days: str, code: str = "CA", reason: str = "Erreur de reprise") -> dict[str, object]:
    return {"code": code, "year": today().year, "days": days, "reason": reason}


def test_a_small_correction_is_done_at_once_and_told_to_the_agent(
    agent: Agent, officer: Agent, signed_in: SignIn
) -> None:
    before = left(agent)
    answer = signed_in(officer).post(f"/conges/rh/agent/{agent.pk}/correction/", correction("-1,5"))
    assert answer.status_code == 303
    assert left(agent) == before - 3
    assert agent.notifications.get().body == "Erreur de reprise"
    assert AuditEvent.objects.filter(event="leave.corrected", actor_id=officer.pk, subject_id=agent.pk).exists()


def test_a_large_correction_waits_for_another_person(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    before = left(agent)
    client = signed_in(officer)
    client.post(f"/conges/rh/agent/{agent.pk}/correction/", correction("5"))
    waiting = Correction.objects.get()
    assert (left(agent), waiting.state) == (before, CorrectionState.WAITING)
    own = client.post(f"/conges/rh/correction/{waiting.pk}/", {"decision": "accept"})
    assert own.status_code == 422
    assert "Une autre personne" in own.content.decode()
    other = make_agent("Luc", "Moreau", unit=make_unit("DEVE/SRH"))
    grant(other, Role.HR_OFFICER, make_unit("DEVE"))
    read = signed_in(other)
    assert read.post(f"/conges/rh/correction/{waiting.pk}/", {"decision": "reject"}).status_code == 422
    assert read.post(f"/conges/rh/correction/{waiting.pk}/", {"decision": "accept"}).status_code == 303
    assert left(agent) == before + 10
    with pytest.raises(Refusal, match="déjà été relue"):
        read_correction(waiting, by=other, accept=True)
    assert left(agent) == before + 10


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (correction("1", reason=" "), "obligatoire"),
        (correction("0,3"), "demi-journée"),
        (correction("-100"), "seconde lecture"),
        (correction("-4"), "négatif"),
        (correction("0"), "nombre de jours"),
    ],
)
def test_a_wrong_correction_says_why_and_keeps_what_was_typed(
    agent: Agent, officer: Agent, signed_in: SignIn, sent: dict[str, object], words: str
) -> None:
    counter = Counter.objects.get(agent=agent, code="CA", year=today().year)
    correct_counter(agent, "CA", today().year, 4 - counter.half_days, by=officer, reason="Essai")
    for waiting in Correction.objects.filter(state=CorrectionState.WAITING):
        other = make_agent()
        read_correction(waiting, by=other, accept=True)
    answer = signed_in(officer).post(f"/conges/rh/agent/{agent.pk}/correction/", sent, follow=True)
    assert words in answer.content.decode()
    assert left(agent) == 4


def test_a_counter_of_the_time_system_is_not_corrected_here(agent: Agent, officer: Agent) -> None:
    CounterKind.objects.filter(code="RTT").update(mode="alimente")
    with pytest.raises(Refusal, match="système de temps"):
        correct_counter(agent, "RTT", today().year, 2, by=officer, reason="Erreur")
    with pytest.raises(Refusal, match="propre compteur"):
        correct_counter(officer, "CA", today().year, 2, by=officer, reason="Erreur")


def listed(kind: str, rows: str, **more: object) -> dict[str, object]:
    return {
        "kind": kind, "code": "CA", "year": today().year, "label": "Journée du maire", "rows": rows, "as_of": "",
        "control_people": "", "control_days": "",
    } | more  # fmt: skip


def test_a_right_for_a_list_is_tried_then_done_then_undone(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    elsewhere = make_agent(unit=make_unit("DSIN"))
    open_rights(elsewhere)
    before, client = left(agent), signed_in(officer)
    rows = f"matricule;jours\n{agent.matricule};1\n{elsewhere.matricule};1\n0000;1\n"
    tried = client.post("/conges/rh/operations/liste/", listed("droit", rows) | {"essai": "1"})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert "Agents concernés : 1. En tout : 1 jour. Laissés de côté : 2." in page.replace("\u00a0", " ")
    assert (left(agent), Operation.objects.count()) == (before, 0)
    done = client.post("/conges/rh/operations/liste/", listed("droit", rows) | {"faire": "1"})
    assert done.status_code == 303
    assert (left(agent), left(elsewhere)) == (before + 2, before)
    operation = Operation.objects.get()
    assert operation.report["half_days"] == 2
    undo = f"/conges/rh/operations/{operation.pk}/annulation/"
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "Erreur de liste"}).status_code == 303
    assert left(agent) == before
    assert client.post(undo, {"reason": "Encore"}).status_code == 422
    assert left(agent) == before


def test_an_import_that_disagrees_with_its_control_totals_writes_nothing(
    agent: Agent, officer: Agent, signed_in: SignIn
) -> None:
    before, client = left(agent), signed_in(officer)
    sent = listed("reprise", f"{agent.matricule};12,5", control_people="2", control_days="13", faire="1")
    answer = client.post("/conges/rh/operations/liste/", sent)
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    assert "agents annoncés : 2, lus : 1" in page
    assert "jours annoncés : 13, lus : 12,5" in page
    assert left(agent) == before
    sent |= {"control_people": "1", "control_days": "12,5"}
    assert client.post("/conges/rh/operations/liste/", sent).status_code == 303
    assert left(agent) == before + 25


def test_balances_of_the_time_system_replace_ours_less_what_it_cannot_know(
    agent: Agent, officer: Agent, signed_in: SignIn
) -> None:
    CounterKind.objects.filter(code="RTT").update(mode="alimente")
    monday = next_monday(2)
    ask_leave(agent, week_of(monday, 1), code="RTT")
    yesterday = today() - timedelta(days=1)
    sent = listed("systeme", f"{agent.matricule};10", code="RTT", as_of=yesterday.isoformat(), faire="1")
    client = signed_in(officer)
    for _twice in range(2):
        assert client.post("/conges/rh/operations/liste/", sent).status_code == 303
        pending = LeaveRequest.objects.get(leave_type__code="RTT").entries.get().counter
        expected = 20 - 2 if pending.year == today().year else 20
        assert left(agent, "RTT") == expected
    assert Counter.objects.get(agent=agent, code="RTT", year=today().year).as_of == yesterday


def test_a_closing_takes_a_day_from_those_who_work_and_leaves_the_others(
    agent: Agent, officer: Agent, signed_in: SignIn
) -> None:
    away, monday = make_agent(unit=make_unit("DEVE/J15")), next_monday(3)
    open_rights(away)
    ask_leave(away, week_of(monday, 2))
    unit = make_unit("DEVE/J15")
    sent = {
        "unit": unit.pk, "first_day": monday.isoformat(), "last_day": monday.isoformat(), "leave_type": "CA",
        "label": "Pont", "essai": "1",
    }  # fmt: skip
    client = signed_in(officer)
    tried = client.post("/conges/rh/operations/fermeture/", sent)
    assert tried.status_code == 200
    assert "déjà une absence" in tried.content.decode()
    assert LeaveRequest.objects.filter(owner=agent).count() == 0
    assert client.post("/conges/rh/operations/fermeture/", sent | {"faire": "1"}).status_code == 303
    leave = LeaveRequest.objects.get(owner=agent)
    assert (leave.half_days, leave.state, leave.decided_by) == (2, CaseState.APPROVED, officer)
    operation = Operation.objects.get()
    client.post(f"/conges/rh/operations/{operation.pk}/annulation/", {"reason": "Le pont est annulé"})
    leave.refresh_from_db()
    assert leave.state == CaseState.CANCELLED
    assert sum(leave.entries.values_list("half_days", flat=True)) == 0


def test_a_closing_may_cost_nothing(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    monday = next_monday(3)
    sent = {
        "unit": make_unit("DEVE").pk, "first_day": monday.isoformat(), "last_day": monday.isoformat(),
        "leave_type": "", "label": "Inventaire",
    }  # fmt: skip
    assert signed_in(officer).post("/conges/rh/operations/fermeture/", sent).status_code == 303
    assert Closure.objects.get().label == "Inventaire"
    assert ask_leave(agent, week_of(monday)).half_days == 8


def test_pay_is_told_each_absence_once_and_then_its_changes(agent: Agent, officer: Agent) -> None:
    _one, supervisor = agent, agent.assignments.get().supervisor
    assert supervisor is not None
    people = Agent.objects.filter(pk=agent.pk)
    monday = next_monday(2)
    leave = ask_leave(agent, week_of(monday, 1))
    month = monday.replace(day=1)
    assert due_lines(people, month) == []
    approve_leave(leave, by=supervisor)
    first = export_month(people, month, by=officer)
    assert list(first.lines.values_list("half_days", "pay_code")) == [(2, "CA")]
    again = export_month(people, month, by=officer)
    assert again.lines.count() == 0
    assert list(export_rows(first)) == list(export_rows(first))
    from nomade.leave.actions import cancel_leave

    cancel_leave(leave, by=supervisor, reason="Rappel en service")
    third = export_month(people, month, by=officer)
    assert list(third.lines.values_list("half_days", flat=True)) == [-2]
    assert sum(PayrollLine.objects.values_list("half_days", flat=True)) == 0
    assert export_month(people, month, by=officer).lines.count() == 0


def test_the_pay_office_makes_and_downloads_its_own_exports(agent: Agent, signed_in: SignIn) -> None:
    payer = make_agent(unit=make_unit("DRH"))
    grant(payer, Role.PAY_OFFICER)
    client = signed_in(payer)
    supervisor = agent.assignments.get().supervisor
    assert supervisor is not None
    leave = ask_leave(agent, week_of(next_monday(2), 1))
    approve_leave(leave, by=supervisor)
    month = f"{leave.first_day:%Y-%m}"
    assert client.post("/conges/rh/paie/", {"month": "2026-13"}).status_code == 422
    tried = client.post("/conges/rh/paie/", {"month": month, "essai": "1"})
    assert "Lignes : 1. En tout : 1 jour." in tried.content.decode().replace("\u00a0", " ")
    assert PayrollExport.objects.count() == 0
    client.post("/conges/rh/paie/", {"month": month, "faire": "1"})
    export = PayrollExport.objects.get()
    text = client.get(f"/conges/rh/paie/{export.pk}/").content.decode("utf-8-sig")
    assert f"{agent.matricule};CA;{month}" in text
    other = make_agent(unit=make_unit("DRH"))
    grant(other, Role.PAY_OFFICER)
    assert signed_in(other).get(f"/conges/rh/paie/{export.pk}/").status_code == 404


def type_values(kind: LeaveType, **changes: object) -> dict[str, object]:
    names = (
        "label", "help", "team_label", "levels", "second_level_from", "document", "document_label", "document_hours",
        "notice_days", "past_days", "cap_request", "cap_year", "pay_code", "pay_effect", "secrecy", "derogation",
        "source",
    )  # fmt: skip
    values = {name: getattr(kind, name) for name in names} | {"effective": today().isoformat()} | changes
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_type_is_previewed_then_changed_from_a_day_with_its_history(signed_in: SignIn) -> None:
    central = make_agent(unit=make_unit("DRH"))
    grant(central, Role.HR_OFFICER)
    client, kind = signed_in(central), leave_type("RTT")
    sent = type_values(kind, levels=["supervisor", "hr"], notice_days=3)
    shown = client.post("/conges/rh/types/RTT/", sent | {"apercu": "1"})
    assert "Responsable, Service RH" in shown.content.decode()
    assert LeaveType.objects.filter(code="RTT").count() == 1
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert client.post("/conges/rh/types/RTT/", sent | {"effective": tomorrow}).status_code == 303
    assert leave_type("RTT").levels == ["supervisor"]
    later = LeaveType.objects.on(today() + timedelta(days=1)).get(code="RTT")
    assert (later.levels, later.notice_days) == (["supervisor", "hr"], 3)
    past = client.post("/conges/rh/types/CA/", type_values(leave_type("CA"), notice_days=9, effective="2020-01-01"))
    assert past.status_code == 422


def test_hr_of_one_department_changes_no_type_and_health_stays_secret(officer: Agent, signed_in: SignIn) -> None:
    kind = leave_type("MALADIE")
    assert signed_in(officer).post("/conges/rh/types/MALADIE/", type_values(kind)).status_code == 404
    central = make_agent(unit=make_unit("DRH"))
    grant(central, Role.HR_OFFICER)
    answer = signed_in(central).post("/conges/rh/types/MALADIE/", type_values(kind, secrecy="type"))
    assert answer.status_code == 422
    assert leave_type("MALADIE").secrecy == "restreint"


def test_figures_about_few_people_are_not_shown(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    supervisor = agent.assignments.get().supervisor
    assert supervisor is not None
    sick = ask_leave(agent, week_of(next_monday(2)), code="MALADIE")
    LeaveRequest.objects.filter(pk=sick.pk).update(
        state=CaseState.APPROVED, first_day=date(today().year, 3, 2), last_day=date(today().year, 3, 6)
    )
    page = signed_in(officer).get("/conges/rh/indicateurs/").content.decode()
    assert "moins de 5 agents" in page


@pytest.mark.parametrize("text", ["", "123", "123;x", "123;0,3", "123;NaN", "123;99999999"])
def test_a_list_that_cannot_be_read_says_which_line(text: str) -> None:
    with pytest.raises(Unreadable):
        read_rows(text)


def test_a_cell_is_never_a_formula() -> None:
    assert [harmless(cell) for cell in ("=1+1", "+33", "-2", "@x", "Durand")] == [
        "'=1+1",
        "'+33",
        "'-2",
        "'@x",
        "Durand",
    ]
