"""What leave tells other services, and what holds an agent that is no absence: the ports, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.leave.actions import approve_leave
from nomade.leave.calendars import team_weeks
from nomade.leave.factories import ask_leave, leave_type, next_monday, open_rights, week_of
from nomade.leave.models import MinimumPresence
from nomade.leave.previews import Wish, preview_of
from nomade.people import ports
from nomade.people.factories import ENTRY, make_agent, make_unit
from nomade.people.models import Agent, Delegation

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
LABEL = "Formation « Taille douce »"


@pytest.fixture
def team() -> tuple[Agent, Agent, Agent]:
    unit = make_unit("DEVE/J16")
    head = make_agent("Mehdi", "Benali", unit=unit)
    camille, hugo = (make_agent(name, "Test", unit=unit, supervisor=head) for name in ("Camille", "Hugo"))
    open_rights(head, camille, hugo)
    return head, camille, hugo


@pytest.fixture
def training(team: tuple[Agent, Agent, Agent], monkeypatch: pytest.MonkeyPatch) -> date:
    """Hugo is at a training on a Monday, and on the morning of the day after."""
    monday = next_monday(3)
    held = ports.Commitment(
        team[2].pk, monday, monday + timedelta(days=1), LABEL, "/formations/mes-sessions/", until_noon=True
    )

    def declared(agents: Iterable[int], first: date, last: date) -> list[ports.Commitment]:
        return [held] if held.agent in set(agents) and first <= held.last_day and held.first_day <= last else []

    monkeypatch.setattr(ports._ports, "commitments", [declared])
    return monday


def test_a_training_declared_by_another_service_takes_somebody_out_of_the_team(
    team: tuple[Agent, Agent, Agent], training: date
) -> None:
    hugo = team[2]
    there = ports.presence([hugo.pk], training, training + timedelta(days=2))
    assert there is not None
    assert [there[hugo.pk][training + timedelta(days=n)] for n in range(3)] == ["absent", "present", "present"]


def test_the_supervisor_reads_the_training_and_colleagues_only_that_one_is_away(
    team: tuple[Agent, Agent, Agent], training: date
) -> None:
    hugo = team[2]
    for_head = team_weeks([hugo], training, 1, with_kind=True)[0].rows[0].cells
    for_others = team_weeks([hugo], training, 1, with_kind=False)[0].rows[0].cells
    assert [cell.words for cell in for_head[:3]] == [LABEL, f"{LABEL} (matin)", "présent"]
    assert [cell.words for cell in for_others[:3]] == ["absent", "absent (matin)", "présent"]


def test_who_asks_for_the_same_days_is_told_of_the_training_and_may_still_send(
    team: tuple[Agent, Agent, Agent], training: date
) -> None:
    hugo = team[2]
    preview = preview_of(hugo, Wish(leave_type(), week_of(training, 1)))
    assert not preview.refusals
    assert any(LABEL in warning for warning in preview.warnings)


def test_a_training_counts_against_the_minimum_presence_of_the_team(
    team: tuple[Agent, Agent, Agent], training: date
) -> None:
    head, camille, _hugo = team
    unit = camille.assignments.get().unit
    MinimumPresence.objects.create(unit=unit, people=2, valid_from=ENTRY, set_by=head)
    preview = preview_of(camille, Wish(leave_type(), week_of(training, 1)))
    assert any("minimum 2" in warning for warning in preview.warnings)


def test_the_agent_sees_the_training_in_the_calendars_of_the_year_and_of_a_new_request(
    team: tuple[Agent, Agent, Agent], training: date, signed_in: SignIn
) -> None:
    client = signed_in(team[2])
    year = client.get(f"/conges/?annee={training.year}").content.decode()
    assert "day--elsewhere" in year
    assert "/formations/mes-sessions/" in year
    picking = client.get(f"/conges/nouvelle/?debut={training}&fin={training}").content.decode()
    assert "pick--elsewhere" in picking


def test_other_services_learn_of_an_absence_without_its_reason_with_who_stands_in_and_the_day_of_return(
    team: tuple[Agent, Agent, Agent],
) -> None:
    head, camille, hugo = team
    boss = make_agent("Anne", "Chef")
    monday = next_monday(3)
    Delegation.objects.create(
        giver=head, receiver=camille, valid_from=monday, valid_to=monday + timedelta(days=4), created_by=head
    )
    leave = ask_leave(head, week_of(monday, 5))
    asked = ask_leave(hugo, week_of(monday, 1))
    type(leave).objects.filter(pk=leave.pk).update(state="approved", decided_by=boss)
    known = ports.absences([head.pk, hugo.pk], monday, monday + timedelta(days=30))
    assert known is not None
    own = next(one for one in known if one.agent == head.pk)
    assert (own.approved, own.substitute) == (True, camille.pk)
    assert own.back_on is not None
    assert own.back_on >= monday + timedelta(days=7)
    assert next(one for one in known if one.agent == hugo.pk).approved is False
    assert approve_leave(asked, by=head).state == "approved"
    assert not hasattr(own, "leave_type")


def test_without_any_absence_the_port_answers_that_there_is_none(team: tuple[Agent, Agent, Agent]) -> None:
    assert ports.absences([team[0].pk], next_monday(3), next_monday(4)) == []
