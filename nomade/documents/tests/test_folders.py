"""Folders: one's own, deposits by the officers of the perimeter, acknowledgements, purges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nomade.accounts.models import Session
from nomade.documents.models import Deposit, DepositState, FolderDocument, Purge
from nomade.documents.tests.samples import a_pdf
from nomade.documents.views import office
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.tests.authority import make_authority, verdict
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _deposit(client: Client, agent: Agent, **fields: Any) -> Any:
    sent = {"matricule": agent.matricule, "type": "arrete", "title": "Avancement d’échelon", "dated_on": "2026-03-01"}
    return client.post(reverse("documents:deposit"), {**sent, "document": a_pdf(), **fields})


@pytest.fixture
def document(owner: Agent, officer: Agent, signed_in: SignedIn) -> FolderDocument:
    assert _deposit(signed_in(officer), owner, needs_acknowledgement="on").status_code == 303
    return FolderDocument.objects.get()


def test_a_deposited_document_is_found_read_and_told(
    owner: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    assert "Avancement d’échelon" in client.get(reverse("documents:index")).content.decode()
    assert "Avancement" in client.get(reverse("documents:index"), {"q": "echelon 2026"}).content.decode()
    assert "Aucun document ne répond" in client.get(reverse("documents:index"), {"q": "salsifis"}).content.decode()
    assert client.get(reverse("documents:download", args=[document.pk])).content.startswith(b"%PDF-")
    told = Notification.objects.get(agent=owner)
    assert "Avancement" not in told.title
    assert told.url == reverse("documents:page", args=[document.pk])


@pytest.mark.parametrize("who", ["stranger", "pay officer", "administrator", "foreign"])
def test_nobody_outside_finds_a_document(
    who: str, owner: Agent, foreign_officer: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    other = foreign_officer if who == "foreign" else make_agent("Ali", "Autre")
    if who in {"pay officer", "administrator"}:
        grant(other, {"pay officer": Role.PAY_OFFICER, "administrator": Role.ADMINISTRATOR}[who])
    client = signed_in(other)
    for name in ("page", "download", "office-download"):
        assert client.get(reverse(f"documents:{name}", args=[document.pk])).status_code == 404
    assert client.get(reverse("documents:folder", args=[owner.matricule])).status_code == 404
    assert client.post(reverse("documents:acknowledge", args=[document.pk])).status_code == 404
    if who != "foreign":
        for name in ("office", "deposit", "many", "publish", "collect"):
            assert client.get(reverse(f"documents:{name}")).status_code == 404


def test_an_officer_deposits_only_inside_the_perimeter(
    owner: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    answer = _deposit(signed_in(foreign_officer), owner)
    assert answer.status_code == 422
    assert "Aucun agent de votre périmètre" in answer.content.decode()
    assert (FolderDocument.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_owner_sees_which_officer_opened_the_folder(
    owner: Agent, officer: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    desk = signed_in(officer)
    assert "pas encore ouvert" not in desk.get(reverse("documents:folder", args=[owner.matricule])).content.decode()
    assert desk.get(reverse("documents:office-download", args=[document.pk])).status_code == 200
    events = AuditEvent.objects.filter(subject_id=owner.pk, actor_id=officer.pk).values_list("event", flat=True)
    assert set(events) == {"document.deposited", "document.viewed", "document.downloaded"}
    html = signed_in(owner).get(reverse("payslips:consultations")).content.decode()
    assert officer.full_name in html
    assert "gestionnaire RH" in html


def test_an_acknowledgement_needs_a_fresh_proof_of_identity(
    owner: Agent, officer: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    client, address = signed_in(owner), reverse("documents:acknowledge", args=[document.pk])
    Session.objects.update(authenticated_at=now() - timedelta(hours=3))
    assert "/documents/" not in client.post(address)["Location"].split("?")[0]
    assert FolderDocument.objects.filter(acknowledged_at__isnull=True).count() == 1
    Session.objects.update(authenticated_at=now())
    assert client.post(address)["Location"] == reverse("documents:page", args=[document.pk])
    client.post(address)
    assert FolderDocument.objects.filter(acknowledged_at__isnull=False).count() == 1
    assert AuditEvent.objects.filter(event="document.acknowledged").count() == 1
    assert Notification.objects.filter(agent=officer, kind="document.acknowledged").count() == 1


def test_many_files_are_tried_first_then_confirmed_by_a_second_person(
    owner: Agent,
    officer: Agent,
    second_officer: Agent,
    foreign_officer: Agent,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "SHOWN", 2)
    desk = signed_in(officer)
    files = [
        a_pdf(f"{owner.matricule}_a.pdf"),
        a_pdf("inconnu.pdf"),
        a_pdf(f"{owner.matricule}_b.pdf"),
        a_pdf(f"{foreign_officer.matricule}.pdf"),
    ]
    sent = {"type": "notification", "title": "Prime", "dated_on": "2026-03-01", "documents": files}
    answer = desk.post(reverse("documents:many"), sent)
    assert answer.status_code == 303, answer.content.decode()
    page = desk.get(answer["Location"]).content.decode()
    assert "aucun matricule connu" in page
    assert "une autre personne" in page and "Confirmer le dépôt" not in page
    assert "Confirmer le dépôt" in signed_in(second_officer).get(answer["Location"]).content.decode()
    assert "1 autre ligne dans la liste à télécharger" in page
    assert (FolderDocument.objects.count(), StoredFile.objects.count()) == (0, 1)
    own = desk.post(answer["Location"], {"decision": "confirm"})
    assert own.status_code == 422
    assert "une autre personne" in own.content.decode()
    told = desk.get(answer["Location"], {"format": "csv"}).content.decode()
    assert "second fichier pour le même agent" in told
    assert f"{owner.matricule}_a.pdf;{owner.matricule};{owner.full_name};" in told
    assert signed_in(foreign_officer).get(answer["Location"]).status_code == 404
    assert signed_in(foreign_officer).get(answer["Location"], {"format": "csv"}).status_code == 404
    assert signed_in(second_officer).post(answer["Location"], {"decision": "confirm"}).status_code == 303
    assert FolderDocument.objects.get().agent == owner
    again = signed_in(second_officer).post(answer["Location"], {"decision": "confirm"})
    assert again.status_code == 422


def test_a_deposit_given_up_leaves_no_file(owner: Agent, officer: Agent, signed_in: SignedIn, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, document_second_reading="no")
    desk = signed_in(officer)
    sent = {
        "type": "notification",
        "title": "Prime",
        "dated_on": "2026-03-01",
        "documents": [a_pdf(f"{owner.matricule}.pdf")],
    }
    address = desk.post(reverse("documents:many"), sent)["Location"]
    assert desk.post(address, {"decision": "drop"}).status_code == 303
    assert Deposit.objects.get().state == DepositState.DROPPED
    assert StoredFile.objects.count() == 0
    second = desk.post(reverse("documents:many"), {**sent, "documents": [a_pdf(f"{owner.matricule}.pdf")]})["Location"]
    assert desk.post(second, {"decision": "confirm"}).status_code == 303
    assert FolderDocument.objects.count() == 1


def test_a_purge_needs_the_visa_of_an_archivist_and_keeps_its_proof(
    owner: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    head, archivist = make_agent("Anne", "Drh"), make_agent("Paul", "Archive")
    grant(head, Role.HR_OFFICER)
    grant(archivist, Role.AUDITOR)
    assert signed_in(owner).get(reverse("documents:retention")).status_code == 404
    nothing = signed_in(head).post(reverse("documents:retention"))
    assert "Aucun document n’est au bout" in nothing.content.decode()
    Agent.objects.filter(pk=owner.pk).update(birth_date="1940-01-01")
    address = signed_in(head).post(reverse("documents:retention"))["Location"]
    refused = signed_in(head).post(address)
    assert refused.status_code == 422
    assert FolderDocument.objects.count() == 1
    assert signed_in(archivist).post(address).status_code == 303
    assert (FolderDocument.objects.count(), StoredFile.objects.count()) == (0, 0)
    proof = Purge.objects.get()
    assert (proof.lines[0][2], proof.lines[0][6], proof.signed_by) == (owner.matricule, "supprimé", archivist)
    assert signed_in(archivist).post(address).status_code == 422


def test_a_document_that_is_no_longer_due_is_kept_in_spite_of_the_list(
    owner: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    head, archivist = make_agent("Anne", "Drh"), make_agent("Paul", "Archive")
    grant(head, Role.HR_OFFICER)
    grant(archivist, Role.AUDITOR)
    Agent.objects.filter(pk=owner.pk).update(birth_date="1940-01-01")
    address = signed_in(head).post(reverse("documents:retention"))["Location"]
    Agent.objects.filter(pk=owner.pk).update(birth_date="1990-01-01")
    signed_in(archivist).post(address)
    assert FolderDocument.objects.count() == 1
    assert Purge.objects.get().lines[0][6] == "gardé"


def test_the_pages_keep_their_number_of_queries(
    owner: Agent, officer: Agent, document: FolderDocument, signed_in: SignedIn
) -> None:
    client, desk = signed_in(owner), signed_in(officer)
    for _step in range(3):
        _deposit(desk, owner)
    with count_queries(12):
        client.get(reverse("documents:index"))
    with count_queries(12):
        client.get(reverse("documents:page", args=[document.pk]))
    for address in (reverse("documents:office"), reverse("documents:folder", args=[owner.matricule])):
        with count_queries(12):
            assert desk.get(address).status_code == 200


def test_a_reminder_is_sent_once_a_week_until_the_receipt(owner: Agent, document: FolderDocument) -> None:
    from nomade.documents.actions.collections import remind

    assert remind() == 0
    with time_machine.travel(now() + timedelta(days=8)):
        assert (remind(), remind()) == (1, 0)
    FolderDocument.objects.update(acknowledged_at=now())
    with time_machine.travel(now() + timedelta(days=30)):
        assert remind() == 0


def test_a_document_leaves_under_the_seal_of_the_organisation_only_where_that_was_chosen(
    owner: Agent, officer: Agent, document: FolderDocument, settings: Any, tmp_path: Path, signed_in: SignedIn
) -> None:
    authority = make_authority(tmp_path)
    stored = store.read(document.file)
    addresses = [(owner, "download"), (officer, "office-download")]
    settings.NOMADE = authority.on(settings.NOMADE, "certificates")
    for who, name in addresses:
        assert signed_in(who).get(reverse(f"documents:{name}", args=[document.pk])).content == stored
    settings.NOMADE = authority.on(settings.NOMADE, "documents")
    for who, name in addresses:
        given = signed_in(who).get(reverse(f"documents:{name}", args=[document.pk])).content
        assert verdict(given, authority).bottom_line
        assert given.startswith(stored)
