"""The end of files (80 years from birth) and of accounts (10 years after the last transfer)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from nomade.cases.messages import say
from nomade.cases.models import CaseEvent, CaseMessage, CaseState
from nomade.cases.timeline import note
from nomade.kernel.clock import PARIS, today
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.personnel_file.actions import changes
from nomade.personnel_file.actions.purging import due, purge
from nomade.personnel_file.models import BankChange, ChangeRequest, Child, DataChange, Subject, Title
from nomade.personnel_file.rules.archives import born_before, file_ends_on

pytestmark = pytest.mark.django_db


def _aged(name: str, years: int, **fields: object) -> Agent:
    agent = make_agent(name, "Ancien")
    day = today()
    Agent.objects.filter(pk=agent.pk).update(
        birth_date=date(day.year - years, 1, 1), exit_date=day - timedelta(days=9000), **fields
    )
    child = Child(agent=agent, first_name="Lou", last_name="Ancien", birth_date=day, since=day)
    child.save()
    Title.objects.create(agent=agent, kind="diplome", label="CAP", obtained_on=day)
    asked = ChangeRequest.objects.create(
        reference=f"C-1999-{agent.pk:06d}", owner=agent, subject=Subject.ADDRESS, sealed=b"x", effective_on=day,
        state=CaseState.REFUSED, answer="Non", promised_on=day,
    )  # fmt: skip
    say(changes.CASE, asked.pk, author=agent, text="Voici")
    note(changes.CASE, asked.pk, "submitted", actor=agent)
    agent.refresh_from_db()
    return agent


def _account(owner: Agent, year: int, state: str = CaseState.APPROVED) -> BankChange:
    return BankChange.objects.create(
        reference=f"C-{year}-{owner.pk:06d}", owner=owner, sealed=b"x", tail="1234", holder="X", state=state,
        submitted_at=datetime(year, 3, 1, tzinfo=PARIS), from_payroll=True,
    )  # fmt: skip


def test_a_file_is_kept_to_its_last_day_and_goes_the_day_after() -> None:
    for birth in (date(1940, 2, 29), date(1946, 11, 27), date(1946, 12, 31)):
        last = file_ends_on(birth)
        assert born_before(last) < birth <= born_before(last + timedelta(days=1))


def test_the_list_comes_first_and_nothing_goes_without_the_visa_of_the_archives() -> None:
    old = _aged("Ada", 81)
    said = StringIO()
    call_command("purge_files", "--dry-run", stdout=said)
    assert old.matricule in said.getvalue() and Child.objects.filter(agent=old).exists()
    with pytest.raises(CommandError, match="bordereau"):
        call_command("purge_files", stdout=said)
    assert Child.objects.filter(agent=old).exists()


def test_a_file_goes_whole_at_eighty_years_and_the_journal_keeps_the_visa() -> None:
    old, young, unknown, serving = _aged("Ada", 81), _aged("Léo", 79), _aged("Zoé", 81), _aged("Max", 81)
    Agent.objects.filter(pk=unknown.pk).update(birth_date=None)
    Agent.objects.filter(pk=serving.pk).update(exit_date=None)
    assert due(today()).files == [old]
    purge(today(), visa="bordereau 12")
    kept = {young.pk, unknown.pk, serving.pk}
    for model in (Child, Title, ChangeRequest, DataChange):
        owner = "owner" if model is ChangeRequest else "agent"
        assert set(model._default_manager.values_list(owner, flat=True)) <= kept
    assert CaseMessage.objects.count() == CaseEvent.objects.count() == 3
    event = AuditEvent.objects.get(event="file.purged")
    assert (event.subject_id, event.facts["visa"]) == (old.pk, "bordereau 12")
    assert due(today()).files == [] and purge(today(), visa="x").files == []


def test_an_account_goes_ten_years_after_its_last_transfer_and_the_one_in_use_stays() -> None:
    agent, leaver = make_agent("Camille", "Durand"), make_agent("Paul", "Parti")
    this = today().year
    replaced_long_ago, replaced_lately = _account(agent, this - 20), _account(agent, this - 15)
    in_use = _account(agent, this - 2)
    refused = _account(make_agent("Ali", "Autre"), this - 12, CaseState.REFUSED)
    left = _account(leaver, this - 20)
    Agent.objects.filter(pk=leaver.pk).update(exit_date=date(this - 11, 1, 31))
    gone = purge(today(), visa="bordereau 13").accounts
    assert {one.reference for one in gone} == {replaced_long_ago.reference, refused.reference, left.reference}
    assert set(BankChange.objects.all()) == {replaced_lately, in_use}
