"""The private calendar, the file sent with a validated absence, who is there today: dates, never a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries, run_jobs
from nomade.leave.actions import approve_leave, close_feed, open_feed, submit_leave
from nomade.leave.agenda import calendar_of, send_invitation
from nomade.leave.calendars import presence_of
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import CalendarFeed, LeaveRequest
from nomade.leave.rules.periods import Half, Period
from nomade.people.factories import make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    supervisor.mobile = "06 12 34 56 78"
    supervisor.save()
    open_rights(agent, supervisor)
    return agent, supervisor


def test_the_feed_opens_by_its_secret_alone_and_holds_dates_under_one_word(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    monday = next_monday(2)
    approve_leave(ask_leave(agent, week_of(monday, 2)), by=supervisor)
    ask_leave(agent, week_of(next_monday(4), 1))
    page = signed_in(agent).post("/conges/agenda/adresse/").content.decode()
    address = page.split('id="adresse-agenda" readonly value="')[1].split('"')[0]
    path = "/conges/agenda/" + address.rsplit("/", 1)[1]
    answer = client_on("portal").get(path)
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;VALUE=DATE:{monday:%Y%m%d}\r\n" in text
    assert f"DTEND;VALUE=DATE:{monday + timedelta(days=2):%Y%m%d}\r\n" in text
    assert "SUMMARY:Absence\r\n" in text
    for secret in ("annuel", "CA", "Camille", "Durand"):
        assert secret not in text.replace("BEGIN:VCALENDAR", "").replace("END:VCALENDAR", "").replace("CALSCALE", "")
    assert address not in signed_in(agent).get("/conges/agenda/").content.decode()
    assert CalendarFeed.objects.get().digest not in path


def test_a_feed_that_was_renewed_closed_or_guessed_opens_nothing(pair: tuple[Agent, Agent]) -> None:
    agent, _supervisor = pair
    first = open_feed(agent)
    second = open_feed(agent)
    client = client_on("portal")
    status = {secret: client.get(f"/conges/agenda/{secret}.ics").status_code for secret in (first, second, "x" * 43)}
    assert status == {first: 404, second: 200, "x" * 43: 404}
    with count_queries(at_most=2):
        client.get(f"/conges/agenda/{second}.ics")
    agent.exit_date = today() - timedelta(days=1)
    agent.save()
    assert client.get(f"/conges/agenda/{second}.ics").status_code == 404
    agent.exit_date = None
    agent.save()
    close_feed(agent)
    assert client.get(f"/conges/agenda/{second}.ics").status_code == 404


def test_half_days_and_hours_are_instants_and_long_lines_are_folded() -> None:
    half = LeaveRequest.of_period(Period(date(2026, 12, 14), date(2026, 12, 15), Half.AFTERNOON, Half.MORNING))
    text = calendar_of([half])
    assert "DTSTART:20261214T110000Z" in text
    assert "DTEND:20261215T110000Z" in text
    hours = LeaveRequest.of_period(Period(date(2026, 7, 14), date(2026, 7, 14)))
    hours.starts_at, hours.ends_at = time(9), time(11, 30)
    assert "DTSTART:20260714T070000Z" in calendar_of([hours])
    assert all(len(line.encode()) <= 75 for line in calendar_of([half, hours]).split("\r\n"))


def test_one_message_says_that_an_absence_is_validated_and_carries_its_calendar_file(
    pair: tuple[Agent, Agent],
) -> None:
    agent, supervisor = pair
    leave = submit_leave(agent, leave_type("ASA_FETE"), week_of(next_monday(2), 1))
    run_jobs()
    mail.outbox.clear()
    approve_leave(leave, by=supervisor)
    run_jobs()
    (message,) = [sent for sent in mail.outbox if sent.to == [agent.login]]
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("absence.ics", "text/calendar")
    assert "SUMMARY:Absence" in str(content)
    for part in (message.subject, str(message.body), str(content)):
        assert "eligieuse" not in part
    leave.refresh_from_db()
    leave.state = "cancelled"
    leave.save()
    send_invitation(leave.pk)
    assert len([sent for sent in mail.outbox if sent.to == [agent.login]]) == 1


@time_machine.travel("2026-12-14T08:00:00+00:00")
def test_who_is_there_today_is_on_the_home_page_of_a_supervisor_with_a_tap_to_call(signed_in: SignIn) -> None:
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    names = ("Camille", "Hugo", "Zoé")
    team = [make_agent(name, "Test", unit=unit, supervisor=head, mobile="06 00 00 00 01") for name in names]
    open_rights(*team)
    approve_leave(ask_leave(team[0], week_of(date(2026, 12, 14), 1)), by=head)
    remote = submit_leave(team[1], leave_type("TELETRAVAIL"), week_of(date(2026, 12, 14), 1))
    approve_leave(remote, by=head)
    client = signed_in(head)
    assert "/conges/equipe/aujourdhui/" in client.get("/").content.decode()
    assert "/conges/equipe/aujourdhui/" not in signed_in(team[0]).get("/").content.decode()
    part = client.get("/conges/equipe/aujourdhui/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "2 présents sur 3" in part
    assert "Télétravail" in part
    assert 'href="tel:0600000001"' in part
    assert signed_in(team[0]).get("/conges/equipe/aujourdhui/").status_code == 404
    with count_queries(at_most=12):
        client.get("/conges/equipe/aujourdhui/")
    presence = presence_of([agent.pk for agent in team], today(), today())
    assert [presence[agent.pk][today()] for agent in team] == ["absent", "telework", "present"]


def test_who_leads_nobody_finds_no_page_and_an_empty_block(signed_in: SignIn) -> None:
    client = signed_in(make_agent())
    assert client.get("/conges/equipe/aujourdhui/").status_code == 404
    block = client.get("/conges/equipe/aujourdhui/", headers={"HX-Request": "true"})
    assert (block.status_code, block.content) == (200, b"")
