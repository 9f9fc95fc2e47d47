"""The city is what the contract promises, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date

import pytest

from nomade.demo.city import Builder, City
from nomade.demo.organisation import CYCLES
from nomade.demo.personas import PERSONAS, TEAM
from nomade.people.models import Status

TODAY = date(2026, 11, 23)


def build(size: int, seed: int = 1) -> City:
    return Builder(size, seed, TODAY, "paris.fr").build()


@pytest.mark.parametrize("size", [60, 300, 2_000, 7_000])
def test_a_city_has_exactly_the_agents_asked_for_each_with_a_login_of_their_own(size: int) -> None:
    city = build(size)
    assert len(city.people) == size
    assert len({person.login for person in city.people}) == size


def test_the_same_seed_gives_the_same_city() -> None:
    first, second, other = build(300), build(300), build(300, seed=2)
    assert [person.login for person in first.people] == [person.login for person in second.people]
    assert [person.login for person in first.people] != [person.login for person in other.people]


def test_the_known_head_of_team_leads_twelve() -> None:
    for seed in (1, 2, 20261):
        people = build(300, seed).people
        head = next(place for place, person in enumerate(people) if person.login == "mehdi.benali")
        led = [person for person in people if person.supervisor == head and person.exit_date is None]
        assert len(led) >= 12


def test_every_unit_exists_with_those_above_it_and_nobody_supervises_themselves_in_a_circle() -> None:
    city = build(3_000)
    for unit in city.units.values():
        assert not unit.parent or unit.parent in city.units
    for place, person in enumerate(city.people):
        assert person.unit in city.units
        seen = {place}
        above = person.supervisor
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = city.people[above].supervisor


def test_the_city_is_believable() -> None:
    city = build(7_000)
    people = [person for person in city.people if person.persona is None]
    assert 0.2 < sum(not person.has_mailbox for person in people) / len(people) < 0.3
    assert 0.6 < sum(person.status == Status.TITULAIRE for person in people) / len(people) < 0.95
    assert {80, 90, 100} <= {person.quotite for person in people}
    assert len({unit.path for unit in city.units.values() if "/" not in unit.path}) == 20
    for person in people:
        assert person.cycle in CYCLES
        assert person.grade.lowest <= person.index <= person.grade.highest
        assert person.entry_date < TODAY
        assert (person.entry_date - person.birth_date).days > 18 * 365


def test_part_time_cycles_work_the_share_they_name() -> None:
    for code, (_label, weeks) in CYCLES.items():
        halves = {"1": 2, "a": 1, "p": 1, "0": 0}
        worked = sum(halves[sign] for week in weeks for sign in week) / len(weeks)
        if code[:2].isdigit():
            assert worked == int(code[:2]) / 10
        assert all(len(week) == 7 for week in weeks)


def test_the_personas_are_those_of_the_contract() -> None:
    city = build(60)
    by_login = {person.login: person for person in city.people}
    place = {person.login: number for number, person in enumerate(city.people)}
    assert {persona.login for persona in PERSONAS} <= by_login.keys()
    assert by_login["camille.durand"].supervisor == place["mehdi.benali"]
    assert by_login["camille.durand"].unit == TEAM
    assert by_login["leila.martin"].quotite == 80
    assert CYCLES[by_login["leila.martin"].cycle][1] == ("1101100",)
    assert (TODAY - by_login["nadia.leroy"].entry_date).days == 1


def test_building_leaves_the_shared_dice_alone() -> None:
    random.seed(5)
    expected = random.random()
    random.seed(5)
    build(60)
    assert random.random() == expected
