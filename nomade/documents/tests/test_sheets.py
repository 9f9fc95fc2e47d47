"""Documents shown as pictures that the portal draws, beside their text: no browser opens somebody's PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nomade.documents.actions import collections, folders, notices
from nomade.documents.actions.folders import Label
from nomade.documents.models import CollectionItem, DocumentType, FolderDocument, MustRead
from nomade.documents.tests.samples import a_photograph, a_text_pdf
from nomade.files.drawing import HEAVIEST
from nomade.files.models import StoredFile
from nomade.files.uploads import DOCUMENTS, check_all
from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@pytest.fixture
def order(owner: Agent, officer: Agent) -> FolderDocument:
    """An order of two pages in Zoé's folder."""
    label = Label(DocumentType.objects.get(pk="arrete"), "Avancement", date(2026, 3, 1))
    [file] = check_all([a_text_pdf("Arrêté n° 12\nLa maire de Paris", "Article 2")], kinds=DOCUMENTS)
    return folders.deposit_one(owner, file, label, by=officer)


@pytest.fixture
def given(owner: Agent, officer: Agent) -> CollectionItem:
    """A licence that Zoé photographed."""
    made = collections.ask_many(
        [owner],
        title="Permis",
        instructions="",
        kind=DocumentType.objects.get(pk="justificatif"),
        wants_expiry=False,
        due_on=today() + timedelta(days=9),
        by=officer,
    )
    item: CollectionItem = made.items.get()
    collections.provide(item, check_all([a_photograph()], kinds=DOCUMENTS)[0], expires_on=None, by=owner)
    item.refresh_from_db()
    return item


@pytest.fixture
def note(owner: Agent, officer: Agent) -> MustRead:
    """A note for everybody."""
    [file] = check_all([a_text_pdf("Consigne de canicule")], kinds=DOCUMENTS)
    return notices.publish(file, title="Canicule", unit=None, status="", place="", due_on=None, by=officer)


def test_a_document_is_read_in_its_page_as_text_and_as_pictures(
    owner: Agent, order: FolderDocument, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    with count_queries(12):
        html = client.get(reverse("documents:page", args=[order.pk])).content.decode()
    assert "Arrêté n° 12" in html
    assert "Article 2" in html
    for number in (1, 2):
        address = reverse("documents:image", args=[order.pk, number])
        assert address in html
        drawn = client.get(address)
        assert drawn["Content-Type"] == "image/png"
        assert drawn["Cache-Control"] == "no-store"
        assert len(drawn.content) <= HEAVIEST
    assert client.get(reverse("documents:image", args=[order.pk, 3])).status_code == 404
    assert client.get(reverse("documents:image", args=[order.pk, 0])).status_code == 404


def test_opening_the_page_is_the_read_receipt(
    owner: Agent, officer: Agent, order: FolderDocument, signed_in: SignedIn
) -> None:
    folder = reverse("documents:folder", args=[owner.matricule])
    assert "pas encore ouvert" in signed_in(officer).get(folder).content.decode()
    signed_in(owner).get(reverse("documents:page", args=[order.pk]))
    assert "pas encore ouvert" not in signed_in(officer).get(folder).content.decode()


def test_an_officer_reads_it_in_a_page_and_the_owner_is_told_once(
    officer: Agent, order: FolderDocument, signed_in: SignedIn
) -> None:
    client = signed_in(officer)
    with count_queries(12):
        html = client.get(reverse("documents:office-page", args=[order.pk])).content.decode()
    assert "La maire de Paris" in html
    assert client.get(reverse("documents:office-image", args=[order.pk, 1])).status_code == 200
    seen = AuditEvent.objects.filter(actor_id=officer.pk, event="document.viewed")
    assert [event.facts["document"] for event in seen] == [str(order.pk)]


def test_a_picture_asked_for_alone_is_told_to_the_owner_too(
    officer: Agent, order: FolderDocument, signed_in: SignedIn
) -> None:
    signed_in(officer).get(reverse("documents:office-image", args=[order.pk, 2]))
    event = AuditEvent.objects.get(actor_id=officer.pk, event="document.viewed")
    assert (event.subject_id, event.facts["role"]) == (order.agent_id, "gestionnaire RH")


def test_a_photograph_is_drawn_light_for_its_owner_and_for_who_checks_it(
    owner: Agent, officer: Agent, given: CollectionItem, signed_in: SignedIn
) -> None:
    own = signed_in(owner).get(reverse("documents:item-image", args=[given.pk, 1]))
    ids = [given.collection_id, given.pk]
    office = signed_in(officer).get(reverse("documents:answer-image", args=[*ids, 1]))
    assert own["Content-Type"] == office["Content-Type"] == "image/jpeg"
    assert max(len(own.content), len(office.content)) <= HEAVIEST
    html = signed_in(officer).get(reverse("documents:answer-page", args=ids)).content.decode()
    assert "Accepter" in html
    assert "image sans texte" in html
    assert signed_in(owner).get(reverse("documents:item-image", args=[given.pk, 2])).status_code == 404


def test_what_must_be_read_is_read_in_its_page(owner: Agent, note: MustRead, signed_in: SignedIn) -> None:
    html = signed_in(owner).get(reverse("documents:must-read", args=[note.pk])).content.decode()
    assert "Consigne de canicule" in html
    assert signed_in(owner).get(reverse("documents:must-read-image", args=[note.pk, 1])).status_code == 200


def test_no_picture_opens_for_somebody_else(
    foreign_officer: Agent, order: FolderDocument, given: CollectionItem, signed_in: SignedIn
) -> None:
    ids = [given.collection_id, given.pk]
    for other in (foreign_officer, make_agent("Ali", "Autre")):
        client = signed_in(other)
        for name, args in (
            ("image", [order.pk, 1]),
            ("office-page", [order.pk]),
            ("office-image", [order.pk, 1]),
            ("item-image", [given.pk, 1]),
            ("answer-page", ids),
            ("answer-image", [*ids, 1]),
        ):
            assert client.get(reverse(f"documents:{name}", args=args)).status_code == 404, name


def test_a_file_that_waits_for_the_antivirus_says_so_in_the_page(
    owner: Agent, order: FolderDocument, signed_in: SignedIn
) -> None:
    StoredFile.objects.filter(pk=order.file_id).update(awaiting_scan=True)
    html = signed_in(owner).get(reverse("documents:page", args=[order.pk])).content.decode()
    assert "Analyse antivirus en cours" in html
    assert '<img class="reader__page"' not in html
    assert not AuditEvent.objects.filter(event="document.viewed").exists()
