"""What the mail learns of the directory: whose an address is, and whom one may write to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nomade.directory.actions.lines import refresh
from nomade.directory.models import ContactGroup, Favourite, UnitCard
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.people import ports
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, Delegation

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Agent:
    return make_agent("Zoé", "Curieuse", unit=make_unit("DPE"))


@pytest.fixture
def eloise(viewer: Agent) -> Agent:
    unit = make_unit("DEVE/J15", "Jardins du 15e")
    eloise = make_agent("Éloïse", "Lefèvre", unit=unit, post="Élagueuse", login="eloise.lefevre@paris.fr")
    make_agent("Ali", "Sansboite", unit=unit, has_mailbox=False)
    UnitCard.objects.create(unit=unit, mailbox="jardins15@paris.fr")
    refresh()
    return eloise


def test_somebody_is_known_by_their_address_whatever_its_case(eloise: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = make_agent("Rémi", "Place", login="remi.place@paris.fr")
    Delegation.objects.create(giver=eloise, receiver=stand_in, valid_from=today(), valid_to=today(), created_by=eloise)
    monkeypatch.setattr(ports, "presence", lambda agents, first, last: {eloise.pk: {first: "absent"}})
    known = ports.people_at(["Eloise.LEFEVRE@paris.fr", "inconnue@ailleurs.fr", ""])
    assert set(known) == {"Eloise.LEFEVRE@paris.fr"}
    one = known["Eloise.LEFEVRE@paris.fr"]
    assert (one.name, one.post, one.unit, one.presence) == ("Éloïse Lefèvre", "Élagueuse", "Jardins du 15e", "absent")
    assert [(other.name, other.address) for other in one.stand_ins] == [("Rémi Place", "remi.place@paris.fr")]
    assert one.page.startswith("https://") and one.page.endswith(f"/annuaire/personne/{eloise.pk}/")


def test_who_left_is_marked_then_unknown(eloise: Agent) -> None:
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=2))
    refresh()
    assert ports.people_at([eloise.login])[eloise.login].has_left
    assert ports.find_recipients(eloise.pk, "lefevre") == []
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=60))
    refresh()
    assert ports.people_at([eloise.login]) == {}


def test_an_address_is_nobody_s_without_a_mailbox(eloise: Agent) -> None:
    Agent.objects.filter(pk=eloise.pk).update(has_mailbox=False)
    assert ports.people_at([eloise.login]) == {}


def test_what_is_typed_finds_people_units_and_their_mailbox(viewer: Agent, eloise: Agent) -> None:
    assert [found.kind for found in ports.find_recipients(viewer.pk, "lefevre")] == ["person"]
    found = ports.find_recipients(viewer.pk, "jardins")
    kinds = {one.kind: one for one in found}
    assert kinds["mailbox"].addresses == (("Jardins du 15e", "jardins15@paris.fr"),)
    assert kinds["unit"].addresses == (("Éloïse Lefèvre", "eloise.lefevre@paris.fr"),)
    assert kinds["unit"].unreachable == 1
    assert kinds["person"].colleague is not None and kinds["person"].colleague.post == "Élagueuse"


def test_a_misspelled_name_is_found(viewer: Agent, eloise: Agent) -> None:
    assert [found.label for found in ports.find_recipients(viewer.pk, "lefaivre")] == ["Éloïse Lefèvre"]


def test_one_s_own_groups_come_first_and_those_of_others_never(viewer: Agent, eloise: Agent) -> None:
    group = ContactGroup.objects.create(owner=viewer, name="Les élagueurs")
    group.members.add(eloise)
    ContactGroup.objects.create(owner=eloise, name="Élagueurs secrets")
    first = ports.find_recipients(viewer.pk, "elag")[0]
    assert (first.kind, first.label, first.addresses) == (
        "group",
        "Les élagueurs",
        (("Éloïse Lefèvre", "eloise.lefevre@paris.fr"),),
    )
    assert [found.label for found in ports.find_recipients(eloise.pk, "secrets")] == ["Élagueurs secrets"]
    assert ports.find_recipients(viewer.pk, "secrets") == []
    assert ports.recipient(eloise.pk, first.key) is None


def test_with_nothing_typed_come_groups_and_favourites(viewer: Agent, eloise: Agent) -> None:
    ContactGroup.objects.create(owner=viewer, name="Réunion")
    Favourite.objects.create(owner=viewer, colleague=eloise)
    assert [found.label for found in ports.find_recipients(viewer.pk, " ")] == ["Réunion", "Éloïse Lefèvre"]


def test_a_key_gives_back_what_was_found(viewer: Agent, eloise: Agent) -> None:
    ContactGroup.objects.create(owner=viewer, name="Jardins").members.add(eloise)
    found = ports.find_recipients(viewer.pk, "jardins")
    assert {one.kind for one in found} == {"group", "person", "mailbox", "unit"}
    assert [ports.recipient(viewer.pk, one.key) for one in found] == found


@pytest.mark.parametrize("key", ["", "personne", "personne-", "personne-0", "unite-99999999", "boite-x", "autre-1"])
def test_a_key_of_nothing_gives_nothing(viewer: Agent, eloise: Agent, key: str) -> None:
    assert ports.recipient(viewer.pk, key) is None


def test_a_unit_of_too_many_people_is_reached_by_its_mailbox_alone(viewer: Agent, eloise: Agent, settings: Any) -> None:
    unit = eloise.assignments.get().unit
    settings.NOMADE = replace(settings.NOMADE, directory_unit_recipients=0)
    kinds = [found.kind for found in ports.find_recipients(viewer.pk, "jardins")]
    assert "mailbox" in kinds and "unit" not in kinds
    assert ports.recipient(viewer.pk, f"unite-{unit.pk}") is None


def test_recipients_cost_few_queries_whatever_their_number(viewer: Agent, eloise: Agent) -> None:
    unit = make_unit("DEVE/J15")
    for rank in range(30):
        make_agent("Paul", f"Jardins{rank}", unit=unit)
        ContactGroup.objects.create(owner=viewer, name=f"Jardins {rank}").members.add(eloise)
    refresh()
    with count_queries(at_most=12):
        assert len(ports.find_recipients(viewer.pk, "jardins", 8)) == 8
    logins = list(Agent.objects.values_list("login", flat=True))
    with count_queries(at_most=6):
        ports.people_at(logins)
