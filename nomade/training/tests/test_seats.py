"""Seats: kept in the order of arrival, whoever asks at once; offered to the next one when they come free."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent
from nomade.training.actions.enrolments import Wish, answer_offer, approve, ask, cancel, refuse
from nomade.training.actions.seats import expire_offers, lapse
from nomade.training.factories import make_course, make_session
from nomade.training.models import Course, Enrolment, EnrolmentState, Quota, Room, Seat, TrainingSession
from nomade.training.rules.seats import Claim, Limit, has_room, next_in_line


def _ask(agent: Agent, session: TrainingSession) -> Enrolment:
    return Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4())))


def test_who_is_over_the_quota_is_passed_over_and_keeps_the_place_in_line() -> None:
    seated = [Claim(1, "DEVE/A"), Claim(2, "DEVE/B")]
    waiting = [Claim(3, "DEVE/A"), Claim(4, "DPE")]
    limits = [Limit("DEVE", 2)]
    assert not has_room(waiting[0], seated, seats=3, limits=limits)
    assert next_in_line(waiting, seated, seats=3, limits=limits) == [waiting[1]]
    assert next_in_line(waiting, seated[:1], seats=3, limits=limits) == waiting


def test_units_that_only_begin_alike_are_not_under_a_quota() -> None:
    assert Limit("DEVE", 1).covers("DEVE/J15")
    assert not Limit("DEVE", 1).covers("DEVELOPPEMENT")


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_asked_by_fifty_at_once_gives_one_seat_and_forty_nine_in_line() -> None:
    officer = make_agent("Awa", "Diallo", unit=make_unit("DRH"))
    head = make_agent("Mehdi", "Benali", unit=make_unit("DEVE"))
    agents = [make_agent(f"Agent{number}", "Test", supervisor=head) for number in range(50)]
    session = make_session(make_course(), by=officer, seats=1)
    ready = threading.Barrier(10)
    faults: list[BaseException] = []

    def five(some: list[Agent]) -> None:
        try:
            ready.wait()
            for agent in some:
                _ask(agent, session)
        except BaseException as error:  # noqa: BLE001  told below, by the thread that asserts
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=five, args=(agents[start : start + 5],)) for start in range(0, 50, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = list(session.enrolments.order_by("rank"))
    assert [one.rank for one in found] == list(range(1, 51))
    assert [one.seat for one in found] == [Seat.HELD] + [Seat.WAITING] * 49


@pytest.fixture
def full(people: dict[str, Agent], course: Course, room: Room) -> TrainingSession:
    return make_session(course, by=people["officer"], room=room, seats=1)


def test_a_cancellation_offers_the_seat_to_the_first_in_line_and_tells_both(
    people: dict[str, Agent], full: TrainingSession
) -> None:
    first, second, third = (_ask(people[name], full) for name in ("agent", "trainer", "stranger"))
    assert (first.seat, second.seat, third.seat) == (Seat.HELD, Seat.WAITING, Seat.WAITING)
    cancel(first, by=people["officer"])
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.seat, third.seat) == (Seat.OFFERED, Seat.WAITING)
    assert Notification.objects.filter(agent=people["agent"], kind="training.cancelled").exists()
    assert Notification.objects.filter(agent=people["trainer"], kind="training.offered").exists()
    answer_offer(second, accepts=True, by=people["trainer"])
    second.refresh_from_db()
    assert second.seat == Seat.HELD


def test_a_seat_that_is_declined_or_not_answered_goes_to_the_next_one(
    people: dict[str, Agent], full: TrainingSession
) -> None:
    first, second, third, fourth = (_ask(people[name], full) for name in ("agent", "trainer", "stranger", "foreign"))
    cancel(first, by=people["agent"])
    answer_offer(second, accepts=False, by=people["trainer"])
    third.refresh_from_db()
    assert third.seat == Seat.OFFERED
    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        with pytest.raises(Refusal, match="plus proposée"):
            answer_offer(third, accepts=True, by=people["stranger"])
        assert expire_offers() == 1
        assert expire_offers() == 0
    third.refresh_from_db()
    fourth.refresh_from_db()
    assert (third.state, fourth.seat) == (EnrolmentState.CANCELLED, Seat.OFFERED)


def test_a_refusal_frees_the_seat(people: dict[str, Agent], full: TrainingSession) -> None:
    first, second = (_ask(people[name], full) for name in ("agent", "stranger"))
    refuse(first, reason="Service", rule="", opinion_on=None, by=people["head"], version=first.version)
    second.refresh_from_db()
    assert second.seat == Seat.OFFERED


def test_nobody_is_promoted_once_the_session_has_begun(people: dict[str, Agent], full: TrainingSession) -> None:
    first, second = (_ask(people[name], full) for name in ("agent", "stranger"))
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        with pytest.raises(Refusal, match="a commencé"):
            cancel(first, by=people["agent"])
        refuse(first, reason="Absent", rule="", opinion_on=None, by=people["head"], version=first.version)
    second.refresh_from_db()
    assert second.seat == Seat.WAITING


def test_requests_that_a_session_left_behind_are_ended_and_told_but_not_those_who_come(
    people: dict[str, Agent], course: Course
) -> None:
    session = make_session(course, by=people["officer"], seats=2, first=today() + timedelta(days=5), days=2)
    comes, unanswered, waits = (_ask(people[name], session) for name in ("agent", "trainer", "stranger"))
    Enrolment.objects.filter(pk__in=[comes.pk, waits.pk]).update(state=EnrolmentState.APPROVED)
    assert [lapse(today() + timedelta(days=ahead)) for ahead in (5, 6, 7)] == [0, 2, 0]
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert states[comes.pk] == EnrolmentState.APPROVED
    assert states[unanswered.pk] == states[waits.pk] == EnrolmentState.CANCELLED
    told = Notification.objects.filter(kind="training.lapsed").values_list("agent", flat=True)
    assert set(told) == {people["trainer"].pk, people["stranger"].pk}


def test_a_quota_keeps_seats_for_others(people: dict[str, Agent], course: Course) -> None:
    session = make_session(course, by=people["officer"], seats=3)
    Quota.objects.create(session=session, unit=make_unit("DEVE"), seats=1)
    gardener, second_gardener, other = (_ask(people[name], session) for name in ("agent", "trainer", "stranger"))
    assert (gardener.seat, second_gardener.seat, other.seat) == (Seat.HELD, Seat.WAITING, Seat.HELD)


def test_the_base_counts_the_seats_and_the_line_whatever_writes_them(
    people: dict[str, Agent], course: Course, full: TrainingSession
) -> None:
    other = make_session(course, by=people["officer"], seats=2)

    def counts() -> list[tuple[int, int]]:
        kept = [TrainingSession.objects.get(pk=one.pk) for one in (full, other)]
        return [(one.taken, one.in_line) for one in kept]

    first, second, third = (_ask(people[name], full) for name in ("agent", "trainer", "stranger"))
    _ask(people["agent"], other)
    assert counts() == [(1, 2), (1, 0)]
    cancel(first, by=people["officer"])
    assert counts() == [(1, 1), (1, 0)]
    second.refresh_from_db()
    answer_offer(second, accepts=False, by=people["trainer"])
    assert counts() == [(1, 0), (1, 0)]
    Enrolment.objects.alive().update(state=EnrolmentState.CANCELLED, seat=Seat.NONE)
    assert counts() == [(0, 0), (0, 0)]
    Enrolment.objects.filter(pk=third.pk).update(state=EnrolmentState.APPROVED, seat=Seat.HELD, session=other, rank=9)
    assert counts() == [(0, 0), (1, 0)]
    Enrolment.objects.filter(pk=third.pk).delete()
    assert counts() == [(0, 0), (0, 0)]


def test_a_session_is_nearly_full_from_three_quarters_and_no_longer_once_full(
    people: dict[str, Agent], course: Course
) -> None:
    session = make_session(course, by=people["officer"], seats=4)
    found = []
    for name in ("agent", "trainer", "stranger", "foreign"):
        _ask(people[name], session)
        found.append(TrainingSession.objects.nearly_full(today()).exists())
    assert found == [False, False, True, False]


def test_fifty_taps_make_one_request(people: dict[str, Agent], session: TrainingSession) -> None:
    token = str(uuid.uuid4())
    made = {ask(people["agent"], session, Wish(), token=token) for _tap in range(50)}
    assert len(made) == 1
    with pytest.raises(Refusal, match="déjà en cours"):
        ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))


def test_a_seat_and_the_decision_are_two_things(people: dict[str, Agent], full: TrainingSession) -> None:
    first, second = (_ask(people[name], full) for name in ("agent", "trainer"))
    approve(second, by=people["head"], version=second.version)
    second.refresh_from_db()
    assert (second.state, second.seat) == (EnrolmentState.ENDORSED, Seat.WAITING)
    approve(second, by=people["officer"], version=second.version)
    cancel(first, by=people["agent"])
    second.refresh_from_db()
    assert (second.state, second.seat) == (EnrolmentState.APPROVED, Seat.OFFERED)
    answer_offer(second, accepts=True, by=people["trainer"])
    assert list(full.enrolments.on_the_list()) == [second]
