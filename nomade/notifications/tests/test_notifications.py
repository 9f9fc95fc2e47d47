"""What an agent is told: in the portal at once, by e-mail after commit, once."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import count_queries, run_jobs
from nomade.notifications.access import unread_count
from nomade.notifications.actions import mark_read, notify, notify_many
from nomade.notifications.email import send
from nomade.notifications.models import EmailState, Notification
from nomade.notifications.tasks import MOST_ATTEMPTS, PatientRetry
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def tell(agent: Agent, **fields: Any) -> Notification:
    values = {"kind": "test", "title": "Votre absence du 3 mars est validée", "url": "/conges/"} | fields
    return notify(agent, **values)


def test_the_email_goes_after_commit_once_and_says_little(agent: Agent) -> None:
    notification = tell(agent, body="Motif très privé")
    assert mail.outbox == []
    run_jobs()
    (message,) = mail.outbox
    assert message.to == [agent.login]
    assert message.subject == "Du nouveau sur votre portail Nomade"
    assert "Motif très privé" not in message.body
    assert "https://" in message.body
    assert "/conges/" not in message.body
    assert message.extra_headers["Message-ID"].startswith(f"<{notification.pk}@")
    send(notification.pk)
    assert len(mail.outbox) == 1
    notification.refresh_from_db()
    assert (notification.email_state, notification.emailed_at is not None) == (EmailState.SENT, True)


def test_what_is_rolled_back_tells_nobody(agent: Agent) -> None:
    with transaction.atomic():
        tell(agent)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name__contains="send_email").exists()


# Years after leaving, a slip may still be published: the professional mailbox is somebody's who is gone.
LEFT = {"exit_date": date(2020, 1, 31)}


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"has_mailbox": True, "personal_email": "a@b.fr"}, "professional"),
        ({"has_mailbox": True, "personal_email": "a@b.fr", "personal_email_confirmed": True}, "a@b.fr"),
        ({"has_mailbox": False, "personal_email": "a@b.fr", "personal_email_confirmed": True}, "a@b.fr"),
        ({"has_mailbox": False, "personal_email": "a@b.fr"}, None),
        ({"has_mailbox": False}, None),
        ({**LEFT, "has_mailbox": True, "personal_email": "a@b.fr", "personal_email_confirmed": True}, "a@b.fr"),
        ({**LEFT, "has_mailbox": True, "personal_email": "a@b.fr"}, None),
    ],
)
def test_each_agent_is_written_to_where_they_can_be(fields: dict[str, Any], address: str | None) -> None:
    agent = make_agent(**fields)
    notification = tell(agent)
    run_jobs()
    expected = agent.login if address == "professional" else address
    assert [message.to for message in mail.outbox] == ([[expected]] if expected else [])
    notification.refresh_from_db()
    assert notification.email_state == (EmailState.SENT if expected else EmailState.NO_ADDRESS)


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected("x")])
def test_a_mail_server_that_is_down_is_tried_again_later(
    agent: Agent, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    notification = tell(agent)
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", lambda *_args: (_ for _ in ()).throw(error))
        with pytest.raises(Unavailable), transaction.atomic():
            run_jobs()
    notification.refresh_from_db()
    assert notification.email_state == EmailState.WAITING
    run_jobs()
    assert len(mail.outbox) == 1


def test_an_address_refused_for_good_is_not_tried_again(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    notification = tell(agent)
    refused = smtplib.SMTPRecipientsRefused({agent.login: (550, b"no such user")})
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_args: (_ for _ in ()).throw(refused))
    run_jobs()
    notification.refresh_from_db()
    assert notification.email_state == EmailState.REFUSED


def test_retries_wait_longer_each_time_up_to_an_hour_then_give_up_after_days() -> None:
    def wait(attempts: int) -> float | None:
        job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        decision = PatientRetry().get_retry_decision(exception=Unavailable("smtp", "x"), job=job)
        if decision is None or decision.retry_at is None:
            return None
        from nomade.kernel.clock import now

        return (decision.retry_at - now()).total_seconds()

    waits = [wait(attempts) for attempts in range(MOST_ATTEMPTS)]
    known = [seconds for seconds in waits if seconds is not None]
    assert len(known) == MOST_ATTEMPTS
    assert known[0] < known[3] < known[6]
    assert max(known) <= 3600
    assert sum(known) > 48 * 3600
    assert wait(MOST_ATTEMPTS) is None


def test_many_agents_are_told_in_a_few_queries() -> None:
    agents = [make_agent(f"Agent{n}", "Test") for n in range(60)]
    with count_queries(at_most=6):
        notify_many(agents, kind="news", title="Plan grand froid", url="/actualites/")
    assert run_jobs() == 60
    assert len(mail.outbox) == 60


@pytest.mark.parametrize("url", ["https://ailleurs.example/", "//ailleurs.example/", "conges/"])
def test_a_notification_never_leads_off_the_portal(agent: Agent, url: str) -> None:
    with pytest.raises(ValueError, match="portal"):
        tell(agent, url=url)


def test_the_page_lists_only_ones_own_and_the_bell_counts_them(agent: Agent, signed_in: SignIn) -> None:
    tell(agent, title="Pour Camille")
    tell(make_agent("Hugo", "Faure"), title="Pour Hugo")
    client = signed_in(agent)
    with count_queries(at_most=8):
        page = client.get("/notifications/").content.decode()
    assert "Pour Camille" in page
    assert "Pour Hugo" not in page
    assert unread_count(agent) == 1


def test_opening_one_marks_it_read_and_goes_there(agent: Agent, signed_in: SignIn) -> None:
    notification = tell(agent)
    client = signed_in(agent)
    assert client.get(f"/notifications/{notification.pk}/").status_code == 405
    answer = client.post(f"/notifications/{notification.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, "/conges/")
    assert unread_count(agent) == 0


def test_nobody_opens_the_notification_of_another(agent: Agent, signed_in: SignIn) -> None:
    notification = tell(agent)
    other = make_agent("Hugo", "Faure")
    assert signed_in(other).post(f"/notifications/{notification.pk}/").status_code == 404
    assert mark_read(other, notification.pk) is None
    assert unread_count(agent) == 1


def test_one_button_marks_everything_read(agent: Agent, signed_in: SignIn) -> None:
    for _ in range(3):
        tell(agent)
    other = tell(make_agent("Hugo", "Faure"))
    assert signed_in(agent).post("/notifications/tout-lire/").status_code == 303
    assert (unread_count(agent), unread_count(other.agent)) == (0, 1)


def test_an_empty_page_says_what_will_come(agent: Agent, signed_in: SignIn) -> None:
    assert "Aucune notification" in signed_in(agent).get("/notifications/").content.decode()
