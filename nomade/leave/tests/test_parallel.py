"""What happens at the same time: real connections, real commits."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from nomade.cases.idempotency import once
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.actions import AlreadyHandled, approve_leave, refuse_leave
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.leave.models import Counter, EntryKind, LeaveRequest, LedgerEntry
from nomade.notifications.models import Notification
from nomade.people.factories import make_supervised_pair
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    return agent, supervisor


def at_once(work: Callable[[int], object], times: int) -> list[object]:
    """The result, or the refusal, of each of several threads that start together."""
    gate = threading.Barrier(times)
    results: list[object] = [None] * times

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = work(place)
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_fifty_identical_sendings_at_once_make_one_request_and_fifty_same_answers(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    token = str(uuid.uuid4())

    def send(_place: int) -> object:
        return once(
            agent, token=token, form="leave.new", content={"day": 1}, action=lambda: str(ask_leave(agent).pk)
        ).result

    results = at_once(send, 50)
    assert set(results) == {str(LeaveRequest.objects.get().pk)}
    assert Notification.objects.filter(agent=supervisor).count() == 1


def test_parallel_requests_on_the_same_days_leave_one(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    results = at_once(lambda _place: ask_leave(agent), 8)
    assert sum(isinstance(result, LeaveRequest) for result in results) == 1
    assert all("déjà une absence" in str(result) for result in results if isinstance(result, Refusal))


def test_parallel_requests_never_spend_more_than_the_balance(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    for counter in Counter.objects.filter(agent=agent, code="CA"):
        LedgerEntry.objects.create(
            counter=counter,
            kind=EntryKind.CORRECTION,
            half_days=4 - counter.half_days,
            date=today(),
            author=None,
            reason="Reprise",
        )
    # Weeks 8 and later are all in the next year when the year ends soon, all in this one otherwise; never both needed.
    first = 8 if next_monday(8).year == next_monday(16).year else 20
    results = at_once(lambda place: ask_leave(agent, week_of(next_monday(first + place), 1), code="CA"), 8)
    sent = [result for result in results if isinstance(result, LeaveRequest)]
    spent = sum(leave.half_days for leave in sent)
    assert spent == 4
    assert len(sent) < len(results)
    for counter in Counter.objects.filter(agent=agent, code="CA"):
        assert counter.half_days == sum(counter.entries.values_list("half_days", flat=True)) >= 0


def test_two_deciders_at_once_one_wins_and_the_agent_is_told_once(pair: tuple[Agent, Agent]) -> None:
    agent, supervisor = pair
    leave = ask_leave(agent)

    def decide(place: int) -> object:
        if place % 2:
            return refuse_leave(leave, by=supervisor, reason="Effectif trop bas ce jour-là.")
        return approve_leave(leave, by=supervisor)

    results = at_once(decide, 6)
    assert sum(isinstance(result, LeaveRequest) for result in results) == 1
    assert all("déjà traité par Mehdi Benali" in str(r) for r in results if isinstance(r, AlreadyHandled))
    assert Notification.objects.filter(agent=agent).count() == 1
