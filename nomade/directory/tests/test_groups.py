"""One's own groups of colleagues: made, filled and written to by their owner, unknown to everybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nomade.directory.actions.lines import refresh
from nomade.directory.models import ContactGroup
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def owner() -> Agent:
    return make_agent("Zoé", "Amie")


@pytest.fixture
def eloise() -> Agent:
    eloise = make_agent("Éloïse", "Lefèvre", post="Élagueuse")
    refresh()
    return eloise


def own_group(owner: Agent, *members: Agent, name: str = "Les grimpeurs") -> ContactGroup:
    group = ContactGroup.objects.create(owner=owner, name=name)
    group.members.set(members)
    return group


def test_a_group_is_made_filled_emptied_and_forgotten(owner: Agent, eloise: Agent, signed_in: SignIn) -> None:
    client = signed_in(owner)
    answer = client.post("/annuaire/groupes/", {"name": "Les grimpeurs"}, follow=True)
    address = answer.redirect_chain[0][0]
    assert "Les grimpeurs" in answer.content.decode()
    found = client.get(address, {"q": "lefevre"}).content.decode()
    assert "Ajouter Éloïse Lefèvre" in found
    for _ in range(2):
        client.post(f"{address}personne/{eloise.pk}/")
    page = client.get(address).content.decode()
    assert "1 personne" in page and "Retirer Éloïse Lefèvre du groupe" in page
    client.post(f"{address}personne/{eloise.pk}/", {"retirer": "oui"})
    assert not ContactGroup.objects.get().members.exists()
    client.post(address, {"name": "Square Violet"})
    assert ContactGroup.objects.get().name == "Square Violet"
    assert client.post(f"{address}supprimer/").status_code == 303
    assert not ContactGroup.objects.exists()


def test_somebody_is_put_in_a_group_from_their_card(owner: Agent, eloise: Agent, signed_in: SignIn) -> None:
    group = own_group(owner)
    client = signed_in(owner)
    assert "Les grimpeurs" in client.get(f"/annuaire/personne/{eloise.pk}/").content.decode()
    client.post(f"/annuaire/personne/{eloise.pk}/groupe/", {"groupe": str(group.pk)})
    assert group.members.get() == eloise


@pytest.mark.parametrize("groupe", ["", "abc", "٣", "9" * 30])
def test_a_group_that_cannot_be_is_not_found(owner: Agent, eloise: Agent, signed_in: SignIn, groupe: str) -> None:
    address = f"/annuaire/personne/{eloise.pk}/groupe/"
    assert signed_in(owner).post(address, {"groupe": groupe}).status_code == 404


def test_the_group_of_another_is_not_found_by_any_of_its_addresses(
    owner: Agent, eloise: Agent, signed_in: SignIn
) -> None:
    group = own_group(owner, eloise)
    stranger = signed_in(eloise)
    assert stranger.get(f"/annuaire/groupes/{group.pk}/").status_code == 404
    assert stranger.post(f"/annuaire/groupes/{group.pk}/", {"name": "Volé"}).status_code == 404
    assert stranger.post(f"/annuaire/groupes/{group.pk}/supprimer/").status_code == 404
    assert stranger.post(f"/annuaire/groupes/{group.pk}/personne/{owner.pk}/").status_code == 404
    joined = stranger.post(f"/annuaire/personne/{owner.pk}/groupe/", {"groupe": str(group.pk)})
    assert joined.status_code == 404
    assert "Les grimpeurs" not in stranger.get("/annuaire/groupes/").content.decode()
    assert list(group.members.all()) == [eloise] and ContactGroup.objects.get().name == "Les grimpeurs"


def test_a_group_is_never_changed_by_a_get(owner: Agent, eloise: Agent, signed_in: SignIn) -> None:
    group = own_group(owner)
    for address in ("supprimer/", f"personne/{eloise.pk}/"):
        assert signed_in(owner).get(f"/annuaire/groupes/{group.pk}/{address}").status_code == 405


def test_a_second_group_of_the_same_name_is_refused_and_the_name_kept(owner: Agent, signed_in: SignIn) -> None:
    own_group(owner)
    answer = signed_in(owner).post("/annuaire/groupes/", {"name": "les GRIMPEURS"})
    assert answer.status_code == 422
    assert "Vous avez déjà un groupe" in answer.content.decode() and "les GRIMPEURS" in answer.content.decode()
    other = own_group(owner, name="Autre")
    assert signed_in(owner).post(f"/annuaire/groupes/{other.pk}/", {"name": "Les grimpeurs"}).status_code == 422
    own_group(make_agent(), name="Les grimpeurs")


def test_groups_and_their_people_have_a_limit(owner: Agent, eloise: Agent, signed_in: SignIn, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, directory_groups=1, directory_group_size=1)
    group = own_group(owner, eloise)
    other = make_agent("Paul", "Trop")
    refresh()
    assert signed_in(owner).post("/annuaire/groupes/", {"name": "De trop"}).status_code == 422
    assert signed_in(owner).post(f"/annuaire/groupes/{group.pk}/personne/{other.pk}/").status_code == 422
    assert ContactGroup.objects.count() == 1 and list(group.members.all()) == [eloise]


def test_a_member_who_left_is_marked_and_no_longer_written_to(owner: Agent, eloise: Agent, signed_in: SignIn) -> None:
    group = own_group(owner, eloise)
    Agent.objects.filter(pk=eloise.pk).update(exit_date=today() - timedelta(days=1))
    refresh()
    page = signed_in(owner).get(f"/annuaire/groupes/{group.pk}/").content.decode()
    assert "a quitté la collectivité" in page and "Écrire au groupe" not in page


def test_pages_of_groups_cost_few_queries(owner: Agent, eloise: Agent, signed_in: SignIn) -> None:
    members = [make_agent("Paul", f"Martin{rank}") for rank in range(30)]
    refresh()
    group = own_group(owner, *members)
    for rank in range(9):
        own_group(owner, *members[:rank], name=f"Groupe {rank}")
    client = signed_in(owner)
    client.get("/annuaire/groupes/")
    for address in ("/annuaire/groupes/", f"/annuaire/groupes/{group.pk}/?q=martin"):
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200
