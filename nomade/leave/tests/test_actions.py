"""Sending, deciding, cancelling: what is written, who is told, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404

from nomade.cases.models import CaseEvent, CaseState
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import run_jobs
from nomade.leave.access import request_for
from nomade.leave.actions import AlreadyHandled, approve_leave, cancel_leave, refuse_leave
from nomade.leave.factories import ask_leave, half_day, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import Counter, EntryKind, LeaveRequest, LedgerEntry
from nomade.leave.rules.periods import Half, Period
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    return agent, supervisor


def balance(agent: Agent, code: str = "CA") -> int:
    """Half-days left over this year and the next: a request two weeks from now may fall in either."""
    return sum(Counter.objects.filter(agent=agent, code=code).values_list("half_days", flat=True))


def test_a_request_takes_its_days_at_once_and_tells_the_supervisor_in_the_portal_and_by_mail(
    pair: tuple[Agent, Agent],
) -> None:
    agent, supervisor = pair
    before = balance(agent)
    leave = ask_leave(agent)
    assert leave.state == CaseState.SUBMITTED
    assert leave.reference.startswith(f"C-{today().year}-")
    assert leave.promised_on is not None
    assert leave.promised_on > today()
    assert balance(agent) == before - leave.half_days
    told = Notification.objects.get(agent=supervisor)
    assert told.url == f"/conges/{leave.pk}/"
    assert "Camille Durand" in told.title
    assert mail.outbox == []
    run_jobs()
    (message,) = mail.outbox
    assert message.to == [supervisor.login]
    assert "Camille" not in message.subject
    assert AuditEvent.objects.filter(event="leave.submitted", actor_id=agent.pk).count() == 1


def test_an_approval_keeps_the_days_and_tells_the_agent(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    taken = balance(agent)
    approved = approve_leave(leave, by=supervisor)
    assert (approved.state, approved.decided_by, approved.version) == (CaseState.APPROVED, supervisor, 2)
    assert balance(agent) == taken
    assert "validée" in Notification.objects.get(agent=agent).title
    events = list(CaseEvent.objects.filter(case_id=leave.pk).values_list("event", "actor_id").order_by("id"))
    assert events == [("submitted", agent.pk), ("approved", supervisor.pk)]


def test_a_refusal_gives_the_days_back_and_says_why(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    before = balance(agent)
    leave = ask_leave(agent)
    refused = refuse_leave(leave, by=supervisor, reason="Deux absents déjà ce jour-là, minimum de trois présents.")
    assert refused.state == CaseState.REFUSED
    assert balance(agent) == before
    told = Notification.objects.get(agent=agent)
    assert "Deux absents" in told.body
    run_jobs()
    assert all("Deux absents" not in message.body for message in mail.outbox)


def test_a_refusal_without_reasons_changes_nothing(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    with pytest.raises(Refusal, match="raisons") as caught:
        refuse_leave(leave, by=supervisor, reason="  ")
    assert caught.value.field == "reason"
    assert "L.211-2" in caught.value.rule
    leave.refresh_from_db()
    assert leave.state == CaseState.SUBMITTED


def test_the_second_of_two_deciders_reads_who_was_faster(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    delegate = make_agent("Awa", "Diallo")
    Delegation.objects.create(
        giver=supervisor,
        receiver=delegate,
        valid_from=today(),
        valid_to=today() + timedelta(days=30),
        created_by=supervisor,
    )
    leave = ask_leave(agent)
    assert Notification.objects.filter(kind="leave.submitted").count() == 2
    approve_leave(leave, by=delegate)
    with pytest.raises(AlreadyHandled, match="déjà traité par Awa Diallo"):
        refuse_leave(leave, by=supervisor, reason="Trop tard")
    leave.refresh_from_db()
    assert leave.state == CaseState.APPROVED
    assert Notification.objects.filter(agent=agent).count() == 1


def test_a_decision_on_an_older_version_of_the_request_is_refused(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    with pytest.raises(AlreadyHandled, match="entre-temps"):
        approve_leave(leave, by=supervisor, version=leave.version + 1)


def test_nobody_decides_for_oneself_directly_by_delegation_or_as_hr(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)
    Delegation.objects.create(
        giver=supervisor, receiver=agent, valid_from=today(), valid_to=today(), created_by=supervisor
    )
    grant(agent, Role.HR_OFFICER)
    with pytest.raises(Refusal, match="décision"):
        approve_leave(leave, by=agent)
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        LeaveRequest.objects.filter(pk=leave.pk).update(decided_by=agent)


def test_a_stranger_and_an_hr_officer_do_not_decide_in_place_of_a_supervisor(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    officer = make_agent("Sophie", "Laurent")
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    leave = ask_leave(agent)
    for person in (officer, make_agent("Hugo", "Faure")):
        with pytest.raises(Refusal, match="décision"):
            approve_leave(leave, by=person)


def test_hr_decides_for_whom_has_no_supervisor() -> None:
    chief = make_agent("Anne", "Petit", unit=make_unit("DEVE"))
    officer = make_agent("Sophie", "Laurent")
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    open_rights(chief)
    assert approve_leave(ask_leave(chief), by=officer).state == CaseState.APPROVED


def test_the_head_of_the_nearest_unit_above_decides_for_a_unit_without_head() -> None:
    boss = make_agent("Anne", "Petit", unit=make_unit("DEVE"))
    make_unit("DEVE", head=boss)
    agent = make_agent(unit=make_unit("DEVE/J15/EQ2"))
    open_rights(agent)
    leave = ask_leave(agent)
    assert Notification.objects.get(kind="leave.submitted").agent == boss
    assert approve_leave(request_for(boss, leave.pk), by=boss).decided_by == boss
    with pytest.raises(Http404):
        request_for(make_agent("Hugo", "Faure", unit=make_unit("DSIN")), leave.pk)


def test_two_absences_never_share_a_half_day_but_may_share_a_day(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    monday = next_monday(2)
    ask_leave(agent, half_day(monday, Half.MORNING))
    with pytest.raises(Refusal, match="déjà une absence"):
        ask_leave(agent, week_of(monday, 2))
    ask_leave(agent, half_day(monday, Half.AFTERNOON))
    with pytest.raises(IntegrityError, match="one_a_half_day"), transaction.atomic():
        LeaveRequest.of_period(
            week_of(monday, 1), owner=agent, leave_type=leave_type(), reference="C-X", half_days=2
        ).save(force_insert=True)


def test_a_refused_or_cancelled_absence_leaves_its_days_free(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    period = week_of(next_monday(2), 1)
    refuse_leave(ask_leave(agent, period), by=supervisor, reason="Chantier du square ce jour-là.")
    cancel_leave(ask_leave(agent, period), by=agent)
    assert ask_leave(agent, period).state == CaseState.SUBMITTED


def test_more_days_than_the_balance_are_refused_with_the_numbers(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    # One day and a half in all, whichever year's.
    for left, counter in zip((3, 0), Counter.objects.filter(agent=agent, code="RTT").order_by("year"), strict=True):
        LedgerEntry.objects.create(
            counter=counter,
            kind=EntryKind.CORRECTION,
            half_days=left - counter.half_days,
            date=today(),
            author=None,
            reason="Reprise",
        )
    with pytest.raises(Refusal, match="1,5 jour") as caught:
        ask_leave(agent, week_of(next_monday(2), 2), code="RTT")
    assert caught.value.field == "leave_type"


def test_the_base_itself_refuses_a_movement_that_would_overdraw(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    counter = Counter.objects.filter(agent=agent, code="RTT").first()
    assert counter is not None
    with pytest.raises(IntegrityError, match="not_overdrawn"), transaction.atomic():
        LedgerEntry.objects.create(
            counter=counter,
            kind=EntryKind.TAKEN,
            half_days=-counter.half_days - 1,
            date=today(),
            author=agent,
            reason="trop",
        )


def test_the_ledger_is_never_rewritten(pair: tuple[Agent, Agent]) -> None:
    entry = LedgerEntry.objects.first()
    assert entry is not None
    for attempt in (lambda: LedgerEntry.objects.filter(pk=entry.pk).update(half_days=99), entry.delete):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(today() - timedelta(days=40), today() - timedelta(days=39)), "passé depuis plus de 31 jours"),
        (Period(next_monday(2) + timedelta(days=5), next_monday(2) + timedelta(days=6)), "aucun de ces jours"),
        (Period(next_monday(2), next_monday(2) + timedelta(days=41)), "31 jours"),
        (Period(next_monday(2), next_monday(2) + timedelta(days=4000)), "31 jours"),
        (Period(next_monday(120), next_monday(120)), "pas encore ouverts"),
    ],
)
def test_each_rule_says_its_no_in_words(pair: tuple[Agent, Agent], period: Period, words: str) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        ask_leave(pair[0], period)
    assert caught.value.rule


def test_an_agent_cancels_while_nobody_has_decided_and_no_more_after(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    before = balance(agent)
    leave = ask_leave(agent)
    assert cancel_leave(leave, by=agent).state == CaseState.CANCELLED
    assert balance(agent) == before
    with pytest.raises(AlreadyHandled):
        cancel_leave(leave, by=agent)
    approved = approve_leave(ask_leave(agent), by=supervisor)
    with pytest.raises(Refusal, match="ne pouvez pas"):
        cancel_leave(approved, by=agent)


def test_a_supervisor_cancels_a_validated_leave_to_come_with_a_reason(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    before = balance(agent)
    leave = approve_leave(ask_leave(agent), by=supervisor)
    with pytest.raises(Refusal, match="pourquoi"):
        cancel_leave(leave, by=supervisor)
    assert cancel_leave(leave, by=supervisor, reason="À votre demande du 3 mars.").state == CaseState.CANCELLED
    assert balance(agent) == before


def test_an_agent_without_mailbox_is_written_to_at_the_confirmed_personal_address() -> None:
    agent, supervisor = make_supervised_pair()
    Agent.objects.filter(pk=agent.pk).update(
        has_mailbox=False, personal_email="camille@exemple.fr", personal_email_confirmed=True
    )
    open_rights(agent)
    approve_leave(ask_leave(Agent.objects.get(pk=agent.pk)), by=supervisor)
    run_jobs()
    assert [message.to for message in mail.outbox] == [[supervisor.login], ["camille@exemple.fr"]]
