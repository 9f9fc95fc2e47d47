"""The schedule of retention: proposed by one, signed by an archivist, followed by a proof."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from nomade.accounts.models import Session
from nomade.documents.actions import folders
from nomade.documents.actions.folders import Label
from nomade.documents.models import DocumentType, FolderDocument, Purge, RuleChange
from nomade.documents.paper import fingerprint_of
from nomade.documents.tests.samples import a_pdf
from nomade.files import drawing
from nomade.files.models import StoredFile
from nomade.files.uploads import DOCUMENTS, check_all
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
WANTED = {"label": "Fiche de poste", "years": "10", "start": "exit", "final": "destroy", "source": "décision du 3 mars"}


@pytest.fixture
def head(db: None) -> Agent:
    head = make_agent("Anne", "Drh")
    grant(head, Role.HR_OFFICER)
    return head


@pytest.fixture
def archivist(db: None) -> Agent:
    archivist = make_agent("Élise", "Archive")
    grant(archivist, Role.AUDITOR)
    return archivist


def _propose(client: Client, **fields: str) -> Any:
    return client.post(reverse("documents:rule", args=["fiche-poste"]), {**WANTED, **fields})


def _decide(client: Client, decision: str) -> Any:
    return client.post(
        reverse("documents:rule-decide", args=[RuleChange.objects.latest("proposed_at").pk]), {"decision": decision}
    )


def test_a_rule_changes_only_with_the_visa_of_an_archivist(head: Agent, archivist: Agent, signed_in: SignedIn) -> None:
    assert _propose(signed_in(head)).status_code == 303
    assert DocumentType.objects.get(pk="fiche-poste").years == 5
    assert Notification.objects.filter(agent=archivist, kind="document.rule_proposed").count() == 1
    assert "visa est donné par l’archiviste" in _decided(signed_in(head), "sign")
    assert DocumentType.objects.get(pk="fiche-poste").years == 5
    assert "la règle s’applique" in _decided(signed_in(archivist), "sign")
    kept = DocumentType.objects.get(pk="fiche-poste")
    assert (kept.years, kept.signed_by, kept.source) == (10, archivist, "décision du 3 mars")
    event = AuditEvent.objects.get(event="documents.rule_signed")
    assert (event.actor_id, event.facts["code"]) == (archivist.pk, "fiche-poste")
    html = signed_in(head).get(reverse("documents:retention")).content.decode()
    assert "10 ans après le départ de l’agent, puis destruction" in html
    assert "Élise Archive" in html


def _decided(client: Client, decision: str) -> str:
    answer = _decide(client, decision)
    assert answer.status_code == 303
    text: str = client.get(answer["Location"]).content.decode()
    return text


def test_an_archivist_never_signs_what_they_proposed(archivist: Agent, signed_in: SignedIn) -> None:
    client = signed_in(archivist)
    _propose(client)
    assert "jamais par la personne qui a proposé" in _decided(client, "sign")
    assert DocumentType.objects.get(pk="fiche-poste").years == 5


def test_a_visa_asks_who_is_there_once_the_session_is_no_longer_fresh(
    head: Agent, archivist: Agent, signed_in: SignedIn
) -> None:
    _propose(signed_in(head))
    client = signed_in(archivist)
    Session.objects.update(authenticated_at="2020-01-01T00:00:00Z")
    assert "/connexion/" in _decide(client, "sign")["Location"]
    assert RuleChange.objects.get().decided_at is None


def test_a_refused_rule_leaves_the_former_and_another_may_be_proposed(
    head: Agent, archivist: Agent, signed_in: SignedIn
) -> None:
    client = signed_in(head)
    _propose(client)
    again = _propose(client, years="12")
    assert (again.status_code, "attend déjà le visa" in again.content.decode()) == (422, True)
    assert 'value="12"' in again.content.decode()
    _decide(signed_in(archivist), "refuse")
    assert DocumentType.objects.get(pk="fiche-poste").years == 5
    assert _propose(client, years="12").status_code == 303


def test_a_new_type_serves_once_it_is_signed(head: Agent, archivist: Agent, signed_in: SignedIn) -> None:
    client = signed_in(head)
    taken = client.post(reverse("documents:rule-new"), {**WANTED, "code": "arrete"})
    assert (taken.status_code, "déjà pris" in taken.content.decode()) == (422, True)
    assert client.post(reverse("documents:rule-new"), {**WANTED, "code": "medaille"}).status_code == 303
    assert not DocumentType.objects.filter(pk="medaille").exists()
    _decide(signed_in(archivist), "sign")
    assert DocumentType.objects.get(pk="medaille").years == 10


@pytest.mark.parametrize("years", ["0", "121", "", "dix"])
def test_an_impossible_duration_is_said_and_nothing_typed_is_lost(years: str, head: Agent, signed_in: SignedIn) -> None:
    answer = _propose(signed_in(head), years=years)
    assert (answer.status_code, "décision du 3 mars" in answer.content.decode()) == (422, True)
    assert not RuleChange.objects.exists()


def test_what_does_not_change_is_not_proposed(head: Agent, signed_in: SignedIn) -> None:
    kept = DocumentType.objects.get(pk="fiche-poste")
    same = {"label": kept.label, "years": "5", "start": kept.start, "final": kept.final, "source": kept.source}
    answer = _propose(signed_in(head), **same)
    assert (answer.status_code, "Rien ne change" in answer.content.decode()) == (422, True)


def test_the_schedule_is_closed_to_who_keeps_one_department_only(
    owner: Agent, officer: Agent, head: Agent, signed_in: SignedIn
) -> None:
    _propose(signed_in(head))
    for other in (owner, officer):
        client = signed_in(other)
        for name, args in (("retention", []), ("rule-new", []), ("rule", ["arrete"])):
            assert client.get(reverse(f"documents:{name}", args=args)).status_code == 404
        assert _decide(client, "sign").status_code == 404
    with count_queries(12):
        signed_in(head).get(reverse("documents:retention"))


@pytest.fixture
def purged(owner: Agent, officer: Agent, head: Agent, archivist: Agent, signed_in: SignedIn) -> Purge:
    """An old proof of address, listed by the head of human resources and destroyed on the archivist's visa."""
    label = Label(DocumentType.objects.get(pk="justificatif"), "Domicile", date(2019, 3, 1))
    document = folders.deposit_one(owner, check_all([a_pdf()], kinds=DOCUMENTS)[0], label, by=officer)
    FolderDocument.objects.filter(pk=document.pk).update(deposited_at="2019-03-01T12:00:00Z")
    address = signed_in(head).post(reverse("documents:retention"))["Location"]
    assert signed_in(head).get(f"{address}certificat.pdf").status_code == 404
    assert signed_in(archivist).post(address).status_code == 303
    return Purge.objects.get()


def test_a_destruction_leaves_a_certificate_that_the_journal_vouches_for(
    owner: Agent, head: Agent, purged: Purge, signed_in: SignedIn
) -> None:
    assert (FolderDocument.objects.count(), StoredFile.objects.count()) == (0, 0)
    answer = signed_in(head).get(reverse("documents:purge-certificate", args=[purged.pk]))
    text = " ".join(" ".join(row) for page in drawing.pages_of_text(answer.content) for row in page)
    assert owner.matricule in text
    assert "Élise Archive" in text
    digest = AuditEvent.objects.get(event="documents.purge_signed").facts["sha256"]
    assert digest == fingerprint_of(purged)
    assert digest in text.replace(" ", "")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr-FR"
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata


def test_the_list_is_given_to_a_spreadsheet_with_what_became_of_each_line(
    owner: Agent, head: Agent, purged: Purge, signed_in: SignedIn
) -> None:
    text = signed_in(head).get(reverse("documents:purge-list", args=[purged.pk])).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [(row["matricule"], row["résultat"]) for row in rows] == [(owner.matricule, "supprimé")]
