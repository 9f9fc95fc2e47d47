"""The end of a year, days about to be lost, days of fractionnement, balances to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.leave.actions.ledger import take
from nomade.leave.balances import balances, outlook
from nomade.leave.closing import close_due_years, close_year
from nomade.leave.expiry import warn_of_expiry
from nomade.leave.facts import assess
from nomade.leave.models import (
    AccountChoice,
    Counter,
    EntryKind,
    ExpiryNotice,
    LeaveRequest,
    LeaveType,
    LedgerEntry,
    LegalFigure,
    Operation,
)
from nomade.leave.opening import open_year
from nomade.leave.rules.periods import Period
from nomade.leave.splitting import grant_split_days
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
YEAR = 2026
NEXT = date(2027, 2, 2)


@pytest.fixture
def in_february() -> Iterator[None]:
    with time_machine.travel("2027-02-02 09:00 +0100", tick=False):
        yield


@pytest.fixture
def agent(in_february: None) -> Agent:
    one = make_agent()
    open_year(YEAR)
    open_year(YEAR + 1)
    return one


def counter(agent: Agent, code: str, year: int = YEAR) -> Counter:
    return Counter.objects.get(agent=agent, code=code, year=year)


def away(agent: Agent, code: str, first: date, last: date) -> LeaveRequest:
    """A validated absence of the past, by the real count and the real charge."""
    kind = LeaveType.objects.get(code=code)
    judgement = assess(agent, kind, Period(first, last), regularised=True).judgement
    assert judgement.may_be_sent, judgement.findings
    leave = LeaveRequest.of_period(
        Period(first, last),
        owner=agent,
        leave_type=kind,
        reference=new_reference(),
        half_days=judgement.count.half_days,
        state=CaseState.APPROVED,
    )
    leave.save(force_insert=True)
    take(leave, judgement.allocation, author=agent)
    return leave


def moved(agent: Agent, kind: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in LedgerEntry.objects.filter(counter__agent=agent, kind=kind).select_related("counter"):
        found[entry.counter.code] = found.get(entry.counter.code, 0) + entry.half_days
    return found


def test_annual_leave_not_taken_is_lost_and_the_report_says_how_much(agent: Agent) -> None:
    away(agent, "CA", date(2026, 7, 6), date(2026, 7, 24))
    closing = close_year(YEAR)
    left = 50 - 28  # three weeks of July, less the 14th
    assert moved(agent, EntryKind.EXPIRED) == {"CA": -left}
    assert closing.done["perdus_CA"] == left
    report = Operation.objects.get().report
    assert report["half_days"]["perdus_CA"] == left
    # RTT of the year are good until 31 March at Paris.
    assert counter(agent, "RTT").half_days == 46


def test_closing_twice_changes_nothing(agent: Agent) -> None:
    away(agent, "MALADIE", date(2026, 2, 2), date(2026, 3, 29))
    close_year(YEAR)
    before = list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))
    close_year(YEAR)
    assert close_due_years()[0].agents == {}
    assert list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_year_that_may_still_be_saved_does_not_close(agent: Agent) -> None:
    with time_machine.travel("2027-01-31 09:00 +0100", tick=False):
        assert close_due_years() == []
        with pytest.raises(ValueError, match="not over"):
            close_year(YEAR)


def test_an_illness_until_the_new_year_carries_four_weeks_over(agent: Agent) -> None:
    away(agent, "CA", date(2026, 7, 6), date(2026, 7, 10))
    away(agent, "MALADIE", date(2026, 10, 5), date(2027, 1, 10))
    close_year(YEAR)
    carried = counter(agent, "REPORT_SANTE")
    assert carried.half_days == 40 - 10
    assert carried.expires_on == date(2028, 4, 10)
    assert moved(agent, EntryKind.EXPIRED) == {"CA": -10}
    assert "décret 85-1250 art. 5-1" in {entry.source for entry in carried.entries.all()}


def test_a_maternity_carries_everything_over(agent: Agent) -> None:
    away(agent, "MATERNITE", date(2026, 9, 1), date(2026, 12, 21))
    close_year(YEAR)
    assert counter(agent, "REPORT_FAMILLE").half_days == 50
    assert moved(agent, EntryKind.EXPIRED) == {}


def test_a_short_illness_in_spring_carries_nothing_over(agent: Agent) -> None:
    away(agent, "MALADIE", date(2026, 3, 2), date(2026, 3, 6))
    close_year(YEAR)
    assert not Counter.objects.filter(agent=agent, code="REPORT_SANTE").exists()


def test_health_absences_withdraw_rtt_of_the_year_then_of_the_next(agent: Agent) -> None:
    LegalFigure.objects.filter(key="rtt.carry_until").delete()
    away(agent, "RTT", date(2026, 6, 1), date(2026, 6, 30))
    away(agent, "MALADIE", date(2026, 2, 2), date(2026, 3, 29))
    left = counter(agent, "RTT").half_days
    assert left == 46 - 44
    close_year(YEAR)
    # 40 days worked over eight weeks; 23 RTT: the quotient is 10, so 4 days are withdrawn.
    assert counter(agent, "RTT").half_days == 0
    assert counter(agent, "RTT", YEAR + 1).half_days == 46 - (8 - left)
    assert moved(agent, EntryKind.REDUCTION) == {"RTT": -8}


def test_an_authorised_carry_over_goes_on_until_its_limit(agent: Agent) -> None:
    LegalFigure.objects.filter(key="ca.carry_allowed").update(value="yes")
    close_year(YEAR)
    carried = counter(agent, "REPORT")
    assert (carried.half_days, carried.expires_on) == (50, date(2027, 3, 31))


def test_a_carry_over_of_which_nobody_was_told_does_not_lapse(agent: Agent) -> None:
    past = Counter.objects.create(agent=agent, code="REPORT_SANTE", year=2025, expires_on=date(2027, 1, 15))
    LedgerEntry.objects.create(counter=past, kind=EntryKind.RIGHT, half_days=6, date=NEXT, author=None, reason="Report")
    closing = close_year(YEAR)
    past.refresh_from_db()
    assert past.half_days == 6
    assert closing.done["gardes_faute_d_information"] == 6
    ExpiryNotice.objects.create(
        counter=past, days_before=30, expires_on=date(2027, 1, 15), half_days=6, text="Trois jours à prendre"
    )
    close_year(YEAR)
    past.refresh_from_db()
    assert past.half_days == 0


def test_days_of_the_account_above_fifteen_follow_the_choice(agent: Agent) -> None:
    LegalFigure.objects.filter(key="cet.options").update(value="yes")
    silent = make_agent()
    for one in (agent, silent):
        account = Counter.objects.create(agent=one, code="CET", year=0)
        LedgerEntry.objects.create(
            counter=account, kind=EntryKind.RIGHT, half_days=44, date=NEXT, author=None, reason="Reprise"
        )
    AccountChoice.objects.create(agent=agent, year=YEAR, option="conges", made_on=date(2027, 1, 10))
    closing = close_year(YEAR)
    assert counter(agent, "CET", 0).half_days == 44
    assert counter(silent, "CET", 0).half_days == 30
    assert closing.done["cet_rafp"] == 14
    close_year(YEAR)
    assert counter(silent, "CET", 0).half_days == 30


def test_without_a_deliberation_the_account_is_left_alone(agent: Agent) -> None:
    account = Counter.objects.create(agent=agent, code="CET", year=0)
    LedgerEntry.objects.create(
        counter=account, kind=EntryKind.RIGHT, half_days=44, date=NEXT, author=None, reason="Reprise"
    )
    close_year(YEAR)
    assert counter(agent, "CET", 0).half_days == 44


def test_each_agent_is_told_once_a_threshold_and_the_words_are_kept() -> None:
    with time_machine.travel("2026-10-01 09:00 +0200", tick=False) as clock:
        agent = make_agent()
        open_year(YEAR)
        assert warn_of_expiry() == 0
        clock.move_to("2026-10-02 09:00 +0200")
        assert warn_of_expiry() == 1
        assert warn_of_expiry() == 0
        notice = ExpiryNotice.objects.get()
        assert (notice.days_before, notice.half_days, notice.expires_on) == (90, 50, date(2026, 12, 31))
        assert "25 jours" in notice.text
        assert Notification.objects.get(agent=agent).title.startswith("25 jours à prendre jusqu’au 31 décembre 2026")
        clock.move_to("2026-12-10 09:00 +0100")
        assert warn_of_expiry() == 1
        assert set(ExpiryNotice.objects.values_list("days_before", flat=True)) == {90, 30}
        with pytest.raises(Exception, match="append_only"):
            notice.delete()


def test_leave_out_of_season_opens_days_of_fractionnement_once(agent: Agent) -> None:
    away(agent, "CA", date(2026, 2, 9), date(2026, 2, 13))
    assert grant_split_days(YEAR) == 1
    assert counter(agent, "FRACT").half_days == 2
    assert grant_split_days(YEAR) == 0
    away(agent, "CA", date(2026, 11, 2), date(2026, 11, 4))
    grant_split_days(YEAR)
    assert counter(agent, "FRACT").half_days == 4
    reason = counter(agent, "FRACT").entries.order_by("-pk")[0].reason
    assert "8 jours" in reason


def test_a_balance_to_come_counts_what_opens_and_what_is_lost() -> None:
    with time_machine.travel("2026-06-01 09:00 +0200", tick=False):
        agent = make_agent()
        open_year(YEAR)
        now = {line.code: line for line in outlook(agent, date(2026, 9, 1))}
        assert (now["CA"].then, now["CA"].lost) == (50, 0)
        lines = {(line.code, line.year): line for line in outlook(agent, date(2027, 2, 1))}
        assert (lines["CA", 2026].left, lines["CA", 2026].lost, lines["CA", 2026].then) == (50, 50, 0)
        assert (lines["CA", 2027].to_open, lines["CA", 2027].then) == (50, 50)
        assert lines["RTT", 2026].then == 46


def test_balances_show_what_is_left_of_last_year_by_its_name(agent: Agent) -> None:
    shown = {balance.label: balance for balance in balances(agent, YEAR + 1)}
    assert list(shown) == ["Congés annuels", "RTT 2026", "RTT"]
    assert shown["RTT 2026"].expires_on == date(2027, 3, 31)
    assert shown["Congés annuels"].left == 50
