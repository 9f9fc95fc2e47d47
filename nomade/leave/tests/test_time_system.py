"""Counters fed by the employer's time system: balances in, requests out, refusals back, never two truths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from nomade.cases.models import CaseState
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.leave.actions import approve_leave, cancel_leave
from nomade.leave.actions.figures import choose_mode
from nomade.leave.actions.time_system import export_requests, take_answers
from nomade.leave.factories import ask_leave, open_rights, week_of
from nomade.leave.models import Counter, CounterKind, LeaveRequest, Mode, TimeExport
from nomade.leave.tables import Unreadable
from nomade.leave.time_system import Answer, due_lines, export_rows, read_answers, read_balances
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
MONDAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def november() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-20 09:00", tick=False) as clock:
        yield clock


@pytest.fixture
def keeper() -> Agent:
    one = make_agent("Anne", "Central")
    grant(one, Role.HR_OFFICER)
    return one


@pytest.fixture
def pair(keeper: Agent) -> tuple[Agent, Agent]:
    """An agent and their supervisor; annual leave is fed from the 20th."""
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    choose_mode(CounterKind.objects.get(code="CA"), Mode.FED, by=keeper)
    return agent, supervisor


def left(agent: Agent) -> int:
    return Counter.objects.get(agent=agent, code="CA", year=2026).half_days


def feed(tmp_path: Path, agent: Agent, balance: str, as_of: str) -> None:
    file = tmp_path / "soldes.csv"
    file.write_text(f"matricule;compteur;annee;jours\n{agent.matricule};CA;2026;{balance}\n", encoding="utf-8")
    call_command("feed_leave_balances", str(file), "--as-of", as_of)


def validated(pair: tuple[Agent, Agent], days: int = 2) -> LeaveRequest:
    return approve_leave(ask_leave(pair[0], week_of(MONDAY, days)), by=pair[1])


def test_a_balance_of_the_time_system_replaces_the_one_known_and_says_its_day(
    pair: tuple[Agent, Agent], tmp_path: Path, november: time_machine.Coordinates, signed_in: SignIn
) -> None:
    november.move_to("2026-11-23 09:00")
    feed(tmp_path, pair[0], "11,5", "2026-11-22")
    assert left(pair[0]) == 23
    assert "système de temps au 22" in signed_in(pair[0]).get("/conges/").content.decode()


def test_a_request_that_the_time_system_does_not_know_yet_stays_deducted_until_it_was_told(
    pair: tuple[Agent, Agent], tmp_path: Path, november: time_machine.Coordinates
) -> None:
    validated(pair)
    november.move_to("2026-11-23 09:00")
    # The system says 10 days on the 22nd without knowing of the two validated on the 20th: told on the 23rd only.
    export_requests()
    feed(tmp_path, pair[0], "10", "2026-11-22")
    assert left(pair[0]) == 16
    november.move_to("2026-11-25 09:00")
    feed(tmp_path, pair[0], "8", "2026-11-24")
    assert left(pair[0]) == 16


def test_each_validated_request_is_told_once_and_its_cancellation_once(
    pair: tuple[Agent, Agent], keeper: Agent
) -> None:
    leave = validated(pair)
    first = export_requests(by=keeper)
    row = next(iter(export_rows(first)))
    assert row[1:4] == (leave.reference, pair[0].matricule, "prise")
    assert row[-1] == 2
    with pytest.raises(Refusal, match="rien à transmettre"):
        export_requests()
    cancel_leave(leave, by=pair[1], reason="Erreur de dates")
    second = export_requests()
    assert [line.action for line in second.lines.all()] == ["annulation"]
    assert not due_lines()


def test_what_waits_for_a_decision_or_takes_from_a_counter_kept_here_is_not_told(pair: tuple[Agent, Agent]) -> None:
    ask_leave(pair[0], week_of(MONDAY, 2))
    approve_leave(ask_leave(pair[0], week_of(date(2026, 12, 14), 1), code="RTT"), by=pair[1])
    assert not due_lines()


def test_what_was_decided_before_the_counter_was_fed_is_known_there_already(
    keeper: Agent, november: time_machine.Coordinates
) -> None:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    approve_leave(ask_leave(agent, week_of(MONDAY, 2)), by=supervisor)
    november.move_to("2026-11-21 09:00")
    choose_mode(CounterKind.objects.get(code="CA"), Mode.FED, by=keeper)
    assert not due_lines()


def test_a_refusal_read_back_gives_the_days_back_and_tells_the_agent_and_the_supervisor(
    pair: tuple[Agent, Agent],
) -> None:
    before = left(pair[0])
    leave = validated(pair)
    export_requests()
    answers = [Answer(leave.reference, accepted=False, reason="Compteur bloqué")]
    assert take_answers(answers).refused == 1
    leave.refresh_from_db()
    assert (leave.state, leave.decision_reason, left(pair[0])) == (CaseState.REFUSED, "Compteur bloqué", before)
    assert pair[0].notifications.filter(body="Compteur bloqué").exists()
    assert pair[1].notifications.filter(kind="leave.time_refused").exists()
    assert take_answers(answers).already == 1
    assert left(pair[0]) == before
    assert not due_lines()


def test_the_timeline_of_a_request_says_what_the_time_system_did(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    leave = validated(pair)
    export_requests()
    take_answers([Answer(leave.reference, accepted=True, reason="")])
    page = signed_in(pair[0]).get(f"/conges/{leave.pk}/").content.decode()
    assert "Transmise au système de temps" in page
    assert "Prise en compte par le système de temps" in page


@pytest.mark.parametrize("text", ["", "REF-1;peut-être", "REF-1;refusee;", "REF-1"])
def test_answers_that_do_not_read_are_refused_with_their_line(text: str) -> None:
    with pytest.raises(Unreadable):
        read_answers(text)


@pytest.mark.parametrize("text", ["", "123;CA;2026", "123;CA;deux;4", "123;CA;2026;un"])
def test_balances_that_do_not_read_are_refused_with_their_line(text: str) -> None:
    with pytest.raises(Unreadable):
        read_balances(text)


def test_balances_of_a_counter_kept_here_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "soldes.csv"
    file.write_text("123;RTT;2026;4\n", encoding="utf-8")
    with pytest.raises(CommandError, match="n’est pas alimenté"):
        call_command("feed_leave_balances", str(file), "--as-of", "2026-11-19")


def test_the_commands_of_the_night_write_and_read_the_same_files(pair: tuple[Agent, Agent], tmp_path: Path) -> None:
    leave = validated(pair)
    out, answers = tmp_path / "demandes.csv", tmp_path / "reponses.csv"
    call_command("export_time_requests", str(out))
    assert leave.reference in out.read_text(encoding="utf-8-sig")
    answers.write_text(f"reference;reponse;motif\n{leave.reference};refusée;Dates closes\nABC;acceptee\n", "utf-8")
    call_command("read_time_answers", str(answers))
    leave.refresh_from_db()
    assert leave.state == CaseState.REFUSED


def test_hr_exports_downloads_and_reads_answers_on_the_screen(
    pair: tuple[Agent, Agent], keeper: Agent, signed_in: SignIn
) -> None:
    leave = validated(pair)
    client = signed_in(keeper)
    assert client.post("/conges/rh/temps/export/").status_code == 303
    assert client.post("/conges/rh/temps/export/").status_code == 422
    export = TimeExport.objects.get()
    file = client.get(f"/conges/rh/temps/export/{export.pk}/")
    assert leave.reference in file.content.decode("utf-8-sig")
    assert pair[0].last_name not in file["Content-Disposition"]
    wrong = client.post("/conges/rh/temps/reponses/", {"rows": "n’importe quoi"})
    assert wrong.status_code == 422
    assert "n’importe quoi" in wrong.content.decode()
    read = client.post("/conges/rh/temps/reponses/", {"rows": f"{leave.reference};acceptee\nXYZ;acceptee"})
    assert "Prises en compte : 1" in read.content.decode()
    assert "XYZ" in read.content.decode()
    with count_queries(at_most=12):
        client.get("/conges/rh/temps/")


def test_only_hr_of_the_whole_organisation_sees_these_exchanges(pair: tuple[Agent, Agent], signed_in: SignIn) -> None:
    validated(pair)
    export = export_requests()
    local = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(local, Role.HR_OFFICER, make_unit("DEVE"))
    for other in (local, pair[1], pair[0]):
        client = signed_in(other)
        assert client.get("/conges/rh/temps/").status_code == 404
        assert client.get(f"/conges/rh/temps/export/{export.pk}/").status_code == 404
        assert client.post("/conges/rh/temps/reponses/", {"rows": "A;acceptee"}).status_code == 404
