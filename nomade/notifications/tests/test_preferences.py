"""Agents are written to as they chose: at once, once a day, never; not while they rest; security always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from nomade.accounts.factories import make_account
from nomade.accounts.models import NoticeChannel, Session
from nomade.kernel.clock import PARIS, now
from nomade.kernel.testing import count_queries, run_jobs
from nomade.notifications import digests
from nomade.notifications.actions import choose, notify
from nomade.notifications.email import send_digest
from nomade.notifications.models import EmailState, Notification, Preference, Rhythm
from nomade.notifications.rhythm import Rest
from nomade.notifications.topics import topics
from nomade.people import ports
from nomade.people.factories import make_agent
from nomade.people.models import Agent

SignIn = Callable[[Agent], Client]
NIGHTS = Rest(quiet_from=20, quiet_to=7)
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("rest", "moment", "expected"),
    [
        (Rest(), datetime(2026, 11, 23, 3, tzinfo=PARIS), datetime(2026, 11, 23, 3, tzinfo=PARIS)),
        (NIGHTS, MONDAY_NOON, MONDAY_NOON),
        (NIGHTS, datetime(2026, 11, 23, 21, 40, tzinfo=PARIS), datetime(2026, 11, 24, 7, tzinfo=PARIS)),
        (NIGHTS, datetime(2026, 11, 24, 6, 59, tzinfo=PARIS), datetime(2026, 11, 24, 7, tzinfo=PARIS)),
        (Rest(12, 14), datetime(2026, 11, 23, 13, tzinfo=PARIS), datetime(2026, 11, 23, 14, tzinfo=PARIS)),
        # Friday evening, weekend off: Monday morning.
        (
            Rest(20, 7, frozenset({5, 6})),
            datetime(2026, 11, 27, 20, 30, tzinfo=PARIS),
            datetime(2026, 11, 30, 7, tzinfo=PARIS),
        ),
        # The night the clocks go back (25 October 2026) and forward (28 March 2027).
        (NIGHTS, datetime(2026, 10, 24, 23, tzinfo=PARIS), datetime(2026, 10, 25, 7, tzinfo=PARIS)),
        (NIGHTS, datetime(2027, 3, 27, 23, tzinfo=PARIS), datetime(2027, 3, 28, 7, tzinfo=PARIS)),
    ],
)
def test_an_email_waits_for_the_end_of_the_rest(rest: Rest, moment: datetime, expected: datetime) -> None:
    assert rest.next_moment(moment) == expected


@given(
    st.integers(0, 23),
    st.integers(0, 23),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: MONDAY_NOON + timedelta(minutes=minutes)),
)
def test_whatever_the_rest_an_email_leaves_within_a_week(
    start: int, end: int, days: frozenset[int], moment: datetime
) -> None:
    rest = Rest(start, end, days)
    later = rest.next_moment(moment)
    assert moment <= later <= moment + timedelta(days=7, hours=1)
    assert not rest.is_quiet(later)


@pytest.fixture
def told(db: None) -> Agent:
    return make_agent()


def tell(agent: Agent, kind: str = "leave.decided", title: str = "Votre absence est validée") -> Notification:
    return notify(agent, kind=kind, title=title, url="/conges/")


def test_never_writes_nothing_but_tells_in_the_portal(told: Agent) -> None:
    choose(told, {"leave": "never"}, Rest())
    notification = tell(told)
    run_jobs()
    assert (mail.outbox, notification.email_state) == ([], EmailState.NOT_WANTED)
    assert tell(told, "payslip.published").email_state == EmailState.WAITING


def test_security_is_told_at_once_whatever_was_chosen(told: Agent) -> None:
    Preference.objects.create(agent=told, topic="security", delivery="never")
    choose(told, {}, Rest(0, 23, frozenset(range(6))))
    tell(told, "security.new_device")
    run_jobs()
    assert len(mail.outbox) == 1


def test_an_email_leaves_at_the_end_of_the_quiet_hours(told: Agent) -> None:
    choose(told, {}, NIGHTS)
    with time_machine.travel(datetime(2026, 11, 23, 22, tzinfo=PARIS), tick=False):
        tell(told)
        assert run_jobs() == 0
    with time_machine.travel(datetime(2026, 11, 24, 7, 1, tzinfo=PARIS), tick=False):
        assert run_jobs() == 1
    assert len(mail.outbox) == 1


def test_a_digest_tells_everything_once(told: Agent) -> None:
    choose(told, {"leave": "digest"}, Rest())
    tell(told), tell(told, title="Votre absence de mai est refusée")
    read = tell(told, title="Déjà lue")
    Notification.objects.filter(pk=read.pk).update(read_at=now())
    run_jobs()
    assert mail.outbox == []
    assert send_digest(told.pk) == 2
    assert send_digest(told.pk) == 0
    (message,) = mail.outbox
    assert "- Votre absence est validée.\n- Votre absence de mai est refusée." in message.body
    assert "Déjà lue" not in message.body


@pytest.mark.parametrize(
    ("rest", "hour", "due"),
    [
        (None, 7, True),
        (None, 8, False),
        (Rest(20, 9), 7, False),
        (Rest(20, 9), 9, True),
        (Rest(0, 0, frozenset({0})), 7, False),
    ],
)
def test_a_digest_has_its_hour(told: Agent, rest: Rest | None, hour: int, due: bool) -> None:
    Preference.objects.create(agent=told, topic="leave", delivery="digest")
    if rest:
        Rhythm.objects.create(
            agent=told, quiet_from=rest.quiet_from, quiet_to=rest.quiet_to, days_off=list(rest.days_off)
        )
    tell(told)
    assert (digests.due(datetime(2026, 11, 23, hour, 23, tzinfo=PARIS)) == [told.pk]) is due


def test_the_address_is_the_one_that_was_chosen(db: None) -> None:
    agent = make_agent(personal_email="chez@moi.example", personal_email_confirmed=True)
    account = make_account(agent)
    tell(agent)
    run_jobs()
    account.mailbox_opened_at = now()
    account.save()
    tell(agent)
    run_jobs()
    account.notice_channel = NoticeChannel.EMAIL
    account.save()
    tell(agent)
    run_jobs()
    assert [message.to for message in mail.outbox] == [
        ["chez@moi.example"],  # nobody has opened the professional mailbox yet
        [agent.login],
        ["chez@moi.example"],
    ]


def test_an_email_waits_for_the_return_of_who_asked_so(told: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monday = MONDAY_NOON.date()
    leave = {monday + timedelta(days=day): "absent" for day in range(14)}
    asked: list[list[int]] = []

    def presence(agents: list[int], first: date, last: date) -> dict[int, dict[date, str]]:
        asked.append(agents)
        return dict.fromkeys(agents, leave)

    monkeypatch.setattr(ports, "presence", presence)
    choose(told, {}, NIGHTS)
    with time_machine.travel(MONDAY_NOON, tick=False):
        tell(told)
        assert not asked and run_jobs() == 1
        choose(told, {}, NIGHTS, spares_absences=True)
        tell(told)
        assert asked == [[told.pk]] and run_jobs() == 0
        notify(told, kind="security.test", title="Nouvel appareil", url="/compte/")
        assert run_jobs() == 1
        assert run_jobs(later=timedelta(days=14, hours=-6)) == 0
        assert run_jobs(later=timedelta(days=14, hours=-5)) == 1


def test_a_digest_waits_for_the_return_of_who_asked_so(told: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monday = MONDAY_NOON.date()
    monkeypatch.setattr(ports, "presence", lambda agents, first, last: {told.pk: {monday: "absent"}})
    Preference.objects.create(agent=told, topic="leave", delivery="digest")
    choose(told, {}, Rest(), spares_absences=True)
    tell(told)
    seven = datetime(2026, 11, 23, 7, 23, tzinfo=PARIS)
    assert digests.due(seven) == []
    assert digests.due(seven + timedelta(days=1)) == [told.pk]


def test_the_page_keeps_what_was_chosen(told: Agent, signed_in: SignIn) -> None:
    client = signed_in(told)
    form = {f"topic_{key}": "now" for key in topics()} | {"topic_leave": "digest", "topic_news": "never"}
    rest = {"quiet_from": "20", "quiet_to": "7", "days_off": ["5", "6"]}
    assert client.post("/notifications/reglages/", form | rest).status_code == 303
    page = client.get("/notifications/reglages/").content.decode()
    assert 'value="digest" selected' in page
    assert Rhythm.objects.get(agent=told).days_off == [5, 6]


def test_a_week_without_any_day_is_refused(told: Agent, signed_in: SignIn) -> None:
    form = {"quiet_from": "20", "quiet_to": "7", "days_off": [str(day) for day in range(7)]}
    answer = signed_in(told).post("/notifications/reglages/", form)
    assert answer.status_code == 422 and "Gardez au moins un jour" in answer.content.decode()
    assert not Rhythm.objects.exists()


def test_the_bell_counts_ones_own_and_does_not_prolong_the_session(told: Agent, signed_in: SignIn) -> None:
    client = signed_in(told)
    tell(make_agent("Ali", "Autre"), title="À un autre")
    tell(told)
    Session.objects.update(last_seen_at=now() - timedelta(minutes=10))
    before = Session.objects.get().expire_date
    with count_queries(at_most=4):
        answer = client.get("/notifications/nombre/", headers={"X-Background": "1"})
    assert answer.json() == {"unread": 1, "latest": "Votre absence est validée"}
    assert Session.objects.get().expire_date == before
