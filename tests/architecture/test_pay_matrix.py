"""Who opens which address of pay, certificates and documents: one row each. A new address without a row fails here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from nomade.cases.models import CaseFile
from nomade.certificates import requests as certificate_requests
from nomade.certificates import urls as certificate_urls
from nomade.certificates.actions import issue
from nomade.certificates.models import CertificateRequest, HumanKind, Kind
from nomade.certificates.talking import EXCHANGE as CERTIFICATES
from nomade.documents import urls as document_urls
from nomade.documents.actions import collections, folders, notices, schedule
from nomade.documents.actions.folders import Label
from nomade.documents.models import CollectionItem, DocumentType, Purge
from nomade.documents.tests.samples import a_text_pdf
from nomade.files.uploads import DOCUMENTS, check_all
from nomade.kernel.clock import now, today
from nomade.kernel.ids import new_id
from nomade.payslips import urls as payslip_urls
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import ImportState, KeptSource, PaperChoice, PayImport, Payslip
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]

EVERYBODY = {"owner", "supervisor", "hr", "hr elsewhere", "whole hr", "pay", "archivist", "administrator", "stranger"}
OWNER, PAY, HR = {"owner"}, {"pay"}, {"hr", "hr elsewhere", "whole hr"}
KEEPERS, FOLDER, SCHEDULE = HR, {"hr", "whole hr"}, {"whole hr", "archivist"}
WORDS, DESK = {"pay", "whole hr"}, {"hr"}

#: Name of an address: what its path holds, and who finds something there. « POST » after it: asked so.
MATRIX: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "payslips:index": ((), EVERYBODY),
    "payslips:page": (("slip",), OWNER),
    "payslips:image": (("slip", "one"), OWNER),
    "payslips:download": (("slip",), OWNER),
    "payslips:net": (("slip",), OWNER),
    "payslips:evolution": ((), EVERYBODY),
    "payslips:several": ((), EVERYBODY),
    "payslips:consultations": ((), EVERYBODY),
    "payslips:paper": ((), EVERYBODY),
    "payslips:office": ((), PAY),
    "payslips:import-new": ((), PAY),
    "payslips:import": (("import",), PAY),
    "payslips:import-list": (("import", "ready"), PAY),
    "payslips:import-accept": (("import", "POST"), PAY),
    "payslips:import-drop": (("import", "POST"), PAY),
    "payslips:batch": (("batch",), PAY),
    "payslips:release": (("batch", "POST"), PAY),
    "payslips:recall": (("batch", "POST"), PAY),
    "payslips:paper-list": ((), PAY),
    "payslips:paper-print": (("POST",), PAY),
    "payslips:explanations": ((), WORDS),
    "payslips:explanation": ((), WORDS),
    "certificates:index": ((), EVERYBODY),
    "certificates:issue": (("POST",), EVERYBODY),
    "certificates:page": (("certificate",), OWNER),
    "certificates:download": (("certificate",), OWNER),
    "certificates:configure": (("certificate", "POST"), OWNER),
    "certificates:revoke": (("certificate", "POST"), OWNER),
    "certificates:ask": ((), EVERYBODY),
    "certificates:request": (("request",), OWNER),
    "certificates:request-file": (("request",), set()),  # nothing was delivered
    "certificates:cancel": (("request", "POST"), OWNER),
    "certificates:asked-message": (("request", "POST"), OWNER | FOLDER),
    "certificates:asked-recall": (("request", "POST"), OWNER | FOLDER),
    "certificates:asked-file": (("request", "message_file"), OWNER | FOLDER),
    "certificates:office": ((), HR),
    "certificates:answer": (("request",), FOLDER),
    "certificates:text": (("kind",), {"whole hr"}),
    "documents:index": ((), EVERYBODY),
    "documents:page": (("document",), OWNER),
    "documents:image": (("document", "one"), OWNER),
    "documents:download": (("document",), OWNER),
    "documents:acknowledge": (("document", "POST"), OWNER),
    "documents:must-read": (("note",), {"owner", "supervisor"}),
    "documents:must-read-image": (("note", "one"), {"owner", "supervisor"}),
    "documents:must-read-file": (("note",), {"owner", "supervisor"}),
    "documents:read-by-team": (("note", "POST"), {"owner", "supervisor"}),
    "documents:item": (("item",), OWNER),
    "documents:item-image": (("item", "one"), OWNER),
    "documents:item-file": (("item",), OWNER),
    "documents:office": ((), KEEPERS),
    "documents:folder": (("matricule",), FOLDER),
    "documents:office-page": (("document",), FOLDER),
    "documents:office-image": (("document", "one"), FOLDER),
    "documents:office-download": (("document",), FOLDER),
    "documents:deposit": ((), KEEPERS),
    "documents:many": ((), KEEPERS),
    "documents:large": ((), KEEPERS),
    "documents:many-page": (("deposit",), FOLDER),
    "documents:publish": ((), KEEPERS),
    "documents:readers": (("note",), DESK),
    "documents:collect": ((), KEEPERS),
    "documents:collection": (("collection",), DESK),
    "documents:answer": (("collection", "item", "decision"), DESK),
    "documents:answer-page": (("collection", "item"), DESK),
    "documents:answer-image": (("collection", "item", "one"), DESK),
    "documents:answer-file": (("collection", "item"), DESK),
    "documents:retention": ((), SCHEDULE),
    "documents:rule-new": ((), SCHEDULE),
    "documents:rule": (("type",), SCHEDULE),
    "documents:rule-decide": (("change", "POST"), SCHEDULE),
    "documents:purge": (("purge",), SCHEDULE),
    "documents:purge-list": (("purge",), SCHEDULE),
    "documents:purge-certificate": (("purge",), set()),  # it is not signed yet
}
FORMS: dict[str, dict[str, str]] = {
    "payslips:paper-print": {"mois": "2026-10", "partie": "1"},
    "certificates:issue": {"kind": "emploi"},
    "documents:answer": {"decision": "approve", "version": "1"},
}


def _names() -> Iterator[str]:
    for service, module in (
        ("payslips", payslip_urls),
        ("certificates", certificate_urls),
        ("documents", document_urls),
    ):
        for pattern in module.urlpatterns:
            assert isinstance(pattern, URLPattern)
            yield f"{service}:{pattern.name}"


def test_every_address_of_the_three_services_has_its_row() -> None:
    assert set(_names()) == set(MATRIX)


@pytest.fixture
def people() -> dict[str, Agent]:
    """One person of each kind, the owner's supervisor and HR office among them."""
    owner, supervisor = make_supervised_pair()
    unit = owner.assignments.get().unit
    cast = {"owner": owner, "supervisor": supervisor}
    for name in sorted(EVERYBODY - set(cast)):
        cast[name] = make_agent(name.title(), "Matrice", unit=make_unit("DPE"))
    assert unit.path.startswith("DEVE")
    grant(cast["hr"], Role.HR_OFFICER, make_unit("DEVE"))
    grant(cast["hr elsewhere"], Role.HR_OFFICER, make_unit("DPE"))
    grant(cast["whole hr"], Role.HR_OFFICER)
    grant(cast["pay"], Role.PAY_OFFICER)
    grant(cast["archivist"], Role.AUDITOR)
    grant(cast["administrator"], Role.ADMINISTRATOR)
    return cast


@pytest.fixture
def objects(people: dict[str, Agent], tmp_path: Path) -> dict[str, Any]:
    """One object of each kind, the owner's or made by her HR office."""
    owner, hr, pay = people["owner"], people["hr"], people["pay"]
    kind = DocumentType.objects.get(pk="arrete")
    [file] = check_all([a_text_pdf("Arrêté", name=f"{owner.matricule}.pdf")], kinds=DOCUMENTS)
    label = Label(kind, "Arrêté", today(), needs_acknowledgement=True)
    import_payslips(order(payroll_file(tmp_path, [owner]), actor=pay))
    slip = Payslip.objects.select_related("batch").get(agent=owner)
    PaperChoice.objects.create(agent=owner, valid_from=OCTOBER, created_at=now())
    source = KeptSource.objects.create(sha256="0" * 64, name="paie.pdf", size=1, created_at=now())
    sent = PayImport.objects.create(
        source=source, source_name="paie.pdf", uploaded_by=pay, created_at=now(), state=ImportState.READ,
        report={
            "lists": {"ready": []}, "counts": {"ready": 0}, "pages": 1, "ready": 0, "expected": 1, "versions": 0,
            "blocked": False, "already": "",
        },
    )  # fmt: skip
    collection = collections.ask_many(
        [owner], title="Permis", instructions="", kind=kind, wants_expiry=False, due_on=today(), by=hr
    )
    item = CollectionItem.objects.get(collection=collection)
    collections.provide(item, file, expires_on=None, by=owner)
    certificate_requests.ask(owner, HumanKind.SERVICES, comment="", token=str(new_id()))
    asked = CertificateRequest.objects.get()
    CERTIFICATES.write(asked, by=owner, text="", files=[file])
    return {
        "message_file": CaseFile.objects.get().stored_id,
        "slip": slip.pk,
        "batch": slip.batch_id,
        "import": sent.pk,
        "certificate": issue(owner, Kind.EMPLOI).pk,
        "request": asked.pk,
        "kind": Kind.EMPLOI.value,
        "document": folders.deposit_one(owner, file, label, by=hr).pk,
        "note": notices.publish(
            file, title="Note", unit=make_unit("DEVE/J15"), status="", place="", due_on=None, by=hr
        ).pk,
        "item": item.pk,
        "collection": collection.pk,
        "matricule": owner.matricule,
        "deposit": folders.rehearse_many([file], label, by=hr).pk,
        "type": "arrete",
        "change": schedule.propose_rule(
            kind,
            {"label": kind.label, "years": 9, "start": kind.start, "final": kind.final, "source": "essai"},
            by=people["whole hr"],
        ).pk,
        "purge": Purge.objects.create(proposed_by=people["whole hr"], proposed_at=now(), lines=[]).pk,
        "one": 1,
        "ready": "ready",
    }


def test_each_address_opens_to_those_of_its_row_and_looks_absent_to_all_others(
    people: dict[str, Agent], objects: dict[str, Any], signed_in: SignedIn
) -> None:
    clients = {who: signed_in(agent) for who, agent in people.items()}
    wrong = []
    for name, (holds, allowed) in MATRIX.items():
        posted = bool({"POST", "decision"} & set(holds))
        address = reverse(name, args=[objects[part] for part in holds if part in objects])
        # Those who must find nothing come first: the others may change what is there.
        for who in sorted(EVERYBODY, key=lambda who: who in allowed):
            client = clients[who]
            answer = client.post(address, FORMS.get(name, {})) if posted else client.get(address)
            if (answer.status_code != 404) != (who in allowed) or answer.status_code >= 500:
                wrong.append(f"{name} {who}: {answer.status_code}")
    assert wrong == []
