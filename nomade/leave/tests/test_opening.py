"""Rights of a year, opened once."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from nomade.leave.models import Counter, LedgerEntry
from nomade.leave.opening import open_year
from nomade.people.factories import make_agent, make_cycle
from nomade.people.models import Situation, Status

pytestmark = pytest.mark.django_db
YEAR = 2026


def rights() -> dict[tuple[int, str], int]:
    return {(c.agent_id, c.code): c.half_days for c in Counter.objects.filter(year=YEAR)}


def test_each_agent_gets_the_rights_of_their_own_cycle() -> None:
    full = make_agent()
    without_wednesday = make_agent(cycle=make_cycle("LM-JV", ("1101100",)), quotite=80)
    assert open_year(YEAR).opened == {"CA": 2, "RTT": 2}
    assert rights() == {
        (full.pk, "CA"): 50,
        (full.pk, "RTT"): 46,
        (without_wednesday.pk, "CA"): 40,
        (without_wednesday.pk, "RTT"): 37,
    }
    reason = LedgerEntry.objects.get(counter__agent=full, counter__code="CA").reason
    assert "5 × 5 jours par semaine" in reason


def test_opening_again_adds_only_who_is_missing() -> None:
    make_agent()
    open_year(YEAR)
    newcomer = make_agent(entry_date=date(YEAR, 9, 1))
    assert open_year(YEAR).opened == {"CA": 1, "RTT": 1}
    assert open_year(YEAR).opened == {}
    assert rights()[newcomer.pk, "CA"] == 17
    assert LedgerEntry.objects.count() == 4


def test_a_change_of_situation_within_the_year_adds_its_two_parts() -> None:
    agent = make_agent()
    Situation.objects.filter(agent=agent).update(valid_to=date(YEAR, 6, 30))
    Situation.objects.create(
        agent=agent,
        valid_from=date(YEAR, 7, 1),
        status=Status.TITULAIRE,
        cycle=make_cycle("LM-JV", ("1101100",)),
        quotite=80,
        weekly_minutes=39 * 60,
    )
    open_year(YEAR)
    assert rights()[agent.pk, "CA"] == 45


def test_who_is_paid_by_the_act_or_has_left_opens_no_right() -> None:
    make_agent(status=Status.VACATAIRE)
    gone = make_agent()
    Situation.objects.filter(agent=gone).update(valid_to=date(YEAR - 1, 12, 31))
    assert open_year(YEAR).opened == {}


def test_the_command_says_what_it_opened() -> None:
    make_agent()
    said = StringIO()
    call_command("open_leave_year", str(YEAR), stdout=said)
    assert "1 CA, 1 RTT" in said.getvalue()
