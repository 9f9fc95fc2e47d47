"""Documents that many read, documents asked from many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nomade.documents.models import Collection, CollectionItem, FolderDocument, ItemState, MustRead, Reading
from nomade.documents.tests.samples import a_pdf
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent, make_supervised_pair
from nomade.people.models import Agent, Assignment, OrgUnit

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _publish(client: Client, **fields: Any) -> Any:
    return client.post(reverse("documents:publish"), {"title": "Consignes canicule", "document": a_pdf(), **fields})


def test_a_document_is_aimed_and_only_those_aimed_at_open_it(
    owner: Agent, officer: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    assert _publish(signed_in(officer), unit="DEVE/J15").status_code == 303
    found = MustRead.objects.get()
    assert set(Notification.objects.filter(kind="document.must_read").values_list("agent", flat=True)) == {owner.pk}
    client = signed_in(owner)
    assert "Consignes canicule" in client.get(reverse("documents:index")).content.decode()
    assert "Consignes canicule" in client.get("/").content.decode()
    address = reverse("documents:must-read", args=[found.pk])
    assert client.get(address).status_code == 200
    assert Reading.objects.count() == 0
    client.post(address)
    client.post(address)
    assert Reading.objects.get().agent == owner
    for name in ("must-read", "must-read-file"):
        assert signed_in(foreign_officer).get(reverse(f"documents:{name}", args=[found.pk])).status_code == 404
    assert signed_in(foreign_officer).get(reverse("documents:readers", args=[found.pk])).status_code == 404


def test_nobody_aimed_at_is_said_and_nothing_is_kept(officer: Agent, signed_in: SignedIn) -> None:
    answer = _publish(signed_in(officer), place="Nulle part")
    assert (answer.status_code, "Personne ne correspond" in answer.content.decode()) == (422, True)
    wrong = _publish(signed_in(officer), unit="ABSENT")
    assert (wrong.status_code, "Cette unité n’existe pas" in wrong.content.decode()) == (422, True)
    assert MustRead.objects.count() == 0


def test_a_supervisor_notes_a_reading_with_the_team_and_nobody_elses(officer: Agent, signed_in: SignedIn) -> None:
    agent, supervisor = make_supervised_pair()
    stranger = make_agent("Ali", "Autre", unit=Assignment.objects.get(agent=agent).unit)
    unit = OrgUnit.objects.get(assignments__agent=agent)
    assert _publish(signed_in(officer), unit=unit.path).status_code == 303
    found = MustRead.objects.get()
    address = reverse("documents:read-by-team", args=[found.pk])
    answer = signed_in(supervisor).post(address, {"agent": [agent.pk, supervisor.pk, 999999, "x"]})
    assert answer.status_code == 303
    noted = Reading.objects.filter(noted_by=supervisor)
    assert [reading.agent for reading in noted] == [agent]
    signed_in(stranger).post(address, {"agent": [agent.pk, stranger.pk]})
    assert Reading.objects.count() == 1
    page = signed_in(officer).get(reverse("documents:readers", args=[found.pk])).content.decode()
    assert "en équipe avec" in page
    text = signed_in(officer).get(reverse("documents:readers", args=[found.pk]), {"format": "csv"}).content.decode()
    assert f"{agent.matricule};" in text


def _collect(client: Client, **fields: Any) -> Any:
    sent = {"title": "Permis de conduire", "type": "habilitation", "due_on": (today() + timedelta(days=20)).isoformat()}
    return client.post(reverse("documents:collect"), {**sent, **fields})


@pytest.fixture
def item(owner: Agent, officer: Agent, signed_in: SignedIn) -> CollectionItem:
    assert _collect(signed_in(officer), matricules=owner.matricule, wants_expiry="on").status_code == 303
    return CollectionItem.objects.get()


def _provide(client: Client, item: CollectionItem, **fields: Any) -> Any:
    return client.post(reverse("documents:item", args=[item.pk]), {"document": a_pdf("permis.pdf"), **fields})


def test_a_document_is_asked_given_accepted_and_joins_the_folder(
    owner: Agent, officer: Agent, item: CollectionItem, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    assert "Permis de conduire" in client.get("/").content.decode()
    without = _provide(client, item)
    assert (without.status_code, "fin de validité" in without.content.decode()) == (422, True)
    until = today() + timedelta(days=40)
    assert _provide(client, item, expires_on=until.isoformat()).status_code == 303
    desk, collection = signed_in(officer), item.collection_id
    item.refresh_from_db()
    assert desk.get(reverse("documents:answer-file", args=[collection, item.pk])).content.startswith(b"%PDF-")
    address = reverse("documents:answer", args=[collection, item.pk])
    desk.post(address, {"decision": "approve", "version": item.version})
    item.refresh_from_db()
    assert item.state == ItemState.APPROVED
    assert FolderDocument.objects.get().agent == owner
    desk.post(address, {"decision": "refuse", "version": 1, "reason": "trop tard"})
    item.refresh_from_db()
    assert item.state == ItemState.APPROVED


def test_a_refusal_needs_a_reason_and_the_document_can_be_given_again(
    owner: Agent, officer: Agent, item: CollectionItem, signed_in: SignedIn
) -> None:
    client, desk = signed_in(owner), signed_in(officer)
    until = (today() + timedelta(days=400)).isoformat()
    _provide(client, item, expires_on=until)
    item.refresh_from_db()
    address = reverse("documents:answer", args=[item.collection_id, item.pk])
    desk.post(address, {"decision": "refuse", "version": item.version, "reason": ""})
    item.refresh_from_db()
    assert item.state == ItemState.PROVIDED
    desk.post(address, {"decision": "refuse", "version": item.version, "reason": "Illisible"})
    assert "Illisible" in client.get(reverse("documents:item", args=[item.pk])).content.decode()
    assert _provide(client, item, expires_on=until).status_code == 303
    item.refresh_from_db()
    assert item.state == ItemState.PROVIDED
    twice = _provide(client, item, expires_on=until)
    assert (twice.status_code, "déjà été fourni" in twice.content.decode()) == (422, True)


def test_nobody_else_gives_nor_answers(
    owner: Agent, officer: Agent, foreign_officer: Agent, item: CollectionItem, signed_in: SignedIn
) -> None:
    for other in (officer, foreign_officer, make_agent("Ali", "Autre")):
        assert _provide(signed_in(other), item).status_code == 404
        assert signed_in(other).get(reverse("documents:item-file", args=[item.pk])).status_code == 404
    for name in ("collection",):
        assert (
            signed_in(foreign_officer).get(reverse(f"documents:{name}", args=[item.collection_id])).status_code == 404
        )
    answer = reverse("documents:answer", args=[item.collection_id, item.pk])
    assert signed_in(foreign_officer).post(answer, {"decision": "approve", "version": 1}).status_code == 404
    assert signed_in(owner).post(answer, {"decision": "approve", "version": 1}).status_code == 404


def test_asking_outside_the_perimeter_is_refused_with_the_matricule(
    officer: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    answer = _collect(signed_in(officer), matricules=foreign_officer.matricule)
    assert answer.status_code == 422
    assert foreign_officer.matricule in answer.content.decode()
    assert Collection.objects.count() == 0


def test_what_is_not_given_is_reminded_and_what_expires_is_told(
    owner: Agent, officer: Agent, item: CollectionItem, signed_in: SignedIn
) -> None:
    from nomade.documents.actions.collections import remind

    with time_machine.travel(today() + timedelta(days=9)):
        assert (remind(), remind()) == (1, 0)
    _provide(signed_in(owner), item, expires_on=(today() + timedelta(days=60)).isoformat())
    item.refresh_from_db()
    address = reverse("documents:answer", args=[item.collection_id, item.pk])
    signed_in(officer).post(address, {"decision": "approve", "version": item.version})
    with time_machine.travel(today() + timedelta(days=20)):
        assert remind() == 0
    with time_machine.travel(today() + timedelta(days=40)):
        assert remind() == 1
    assert Notification.objects.filter(agent=owner, title__startswith="Bientôt périmé").count() == 1


def test_the_pages_of_the_officer_keep_their_number_of_queries(
    owner: Agent, officer: Agent, item: CollectionItem, signed_in: SignedIn
) -> None:
    desk = signed_in(officer)
    _publish(desk, unit="DEVE")
    for address in (
        reverse("documents:collection", args=[item.collection_id]),
        reverse("documents:readers", args=[MustRead.objects.get().pk]),
        reverse("documents:publish"),
        reverse("documents:collect"),
        reverse("documents:retention"),
    ):
        with count_queries(12):
            desk.get(address)
    client = signed_in(owner)
    for address in (
        reverse("documents:item", args=[item.pk]),
        reverse("documents:must-read", args=[MustRead.objects.get().pk]),
    ):
        with count_queries(12):
            assert client.get(address).status_code == 200
