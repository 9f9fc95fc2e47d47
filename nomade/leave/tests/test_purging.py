"""The end of absences: five years after their own; the days alone where rights of a career count them."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from nomade.cases.messages import say
from nomade.cases.models import CaseEvent, CaseMessage
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.leave.access import KIND
from nomade.leave.actions.corrections import open_counter
from nomade.leave.actions.health import read_health, write_health
from nomade.leave.actions.purging import due, purge
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import Counter, EntryKind, LeaveDocument, LeaveRequest, LedgerEntry
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    agent, _supervisor = make_supervised_pair()
    open_rights(agent)
    return agent


def _asked(agent: Agent, code: str = "CA") -> LeaveRequest:
    """An absence with all that may be about it."""
    asked = ask_leave(agent, week_of(next_monday(2), 1), code=code)
    LeaveRequest.objects.filter(pk=asked.pk).update(comment="Pour le mariage de Lou", state="approved")
    say(KIND, asked.pk, author=agent, text="Voici la pièce")
    paper = store.put(b"%PDF", owner=agent, kind="leave", name="a.pdf", content_type="application/pdf")
    LeaveDocument.objects.create(request=asked, file=paper, added_by=agent)
    asked.refresh_from_db()
    return asked


def _first_over(asked: LeaveRequest) -> date:
    """The first day on which it is kept no more, by the letter: five whole years after its own."""
    return date(asked.last_day.year + 6, 1, 1)


def test_an_absence_is_kept_to_the_last_day_of_its_five_years_and_goes_whole_the_day_after(agent: Agent) -> None:
    asked = _asked(agent)
    last = date(asked.last_day.year + 5, 12, 31)
    assert (due(last), purge(last), LeaveRequest.objects.count()) == (0, 0, 1)
    day = _first_over(asked)
    assert (due(day), purge(day), purge(day)) == (1, 1, 0)
    for model in (LeaveRequest, LeaveDocument, CaseEvent, CaseMessage, StoredFile):
        assert not model._default_manager.exists(), model
    assert not LedgerEntry.objects.filter(request=asked.pk).exists()
    assert purge(date(day.year + 1, 1, 1)) == 0  # days of a year may be taken some weeks into the next one
    assert not Counter.objects.filter(year__lt=day.year - 5).exists()


def test_the_movements_of_an_account_that_lasts_stay_without_what_they_were_for(agent: Agent) -> None:
    asked = _asked(agent)
    account = open_counter(agent, "CET", 0)
    for kind, moved, leave in ((EntryKind.TAKEN_OVER, 20, None), (EntryKind.TAKEN, -4, asked)):
        LedgerEntry.objects.create(
            counter=account, kind=kind, half_days=moved, date=today(), reason="Absence du 3 juin", request=leave
        )
    purge(_first_over(asked))
    account.refresh_from_db()
    entries = list(account.entries.order_by("id"))
    assert account.half_days == sum(entry.half_days for entry in entries) == 16
    assert (entries[1].request_id, "juin" in entries[1].reason) == (None, False)


def test_of_an_illness_only_days_and_kind_stay_and_nothing_once_its_agent_has_left(agent: Agent) -> None:
    officer = make_agent("Sophie", "Laurent", unit=make_unit("DRH"))
    grant(officer, Role.HR_OFFICER)
    sick = _asked(agent, "MALADIE")
    write_health(sick, "clm", issued_on=today(), received_on=today(), by=officer)
    day = _first_over(sick)
    assert (due(day), purge(day), due(day), purge(day)) == (1, 1, 0, 0)
    sick.refresh_from_db()
    assert (sick.comment, sick.details, sick.documents.count(), CaseMessage.objects.count()) == ("", {}, 0, 0)
    found = read_health(sick, by=officer)
    assert found is not None and found.words == "congé de longue maladie"
    Agent.objects.filter(pk=agent.pk).update(exit_date=date(sick.last_day.year, 12, 31))
    assert (due(day), purge(day), LeaveRequest.objects.exists()) == (1, 1, False)


def test_who_stays_is_not_touched_by_what_is_younger(agent: Agent) -> None:
    old = _asked(agent)
    later = LeaveRequest.objects.create(
        owner=agent, leave_type=leave_type(), reference="C-LATER", half_days=2, comment="À garder", replaces=old,
        first_day=_first_over(old), last_day=_first_over(old), state="approved",
    )  # fmt: skip
    assert purge(_first_over(old)) == 1
    later.refresh_from_db()
    assert (later.comment, later.replaces_id) == ("À garder", None)


def test_the_list_comes_first_and_nothing_goes_without_the_visa_of_the_archives(agent: Agent) -> None:
    asked, said = _asked(agent), StringIO()
    with time_machine.travel(_first_over(asked)):
        call_command("purge", "--dry-run", "--service", "leave", stdout=said)
        assert "1  à éliminer  Mes congés, Demandes d’absence et leurs motifs (5 années" in said.getvalue()
        with pytest.raises(CommandError, match="bordereau"):
            call_command("purge", stdout=said)
        assert LeaveRequest.objects.exists()
        call_command("purge", "--visa", "bordereau 2032-4", stdout=said)
    assert not LeaveRequest.objects.exists()
    event = AuditEvent.objects.get(event="retention.purged")
    assert (event.facts["service"], event.facts["rows"], event.facts["visa"]) == ("leave", 1, "bordereau 2032-4")


def test_a_service_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(CommandError, match=r"conges.*leave"):
        call_command("purge", "--dry-run", "--service", "conges")
