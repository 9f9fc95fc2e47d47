"""Documents that a person prepares, and the texts that human resources write."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.cases.models import CaseState
from nomade.certificates.access import content_of
from nomade.certificates.models import Certificate, CertificateRequest, TemplateText
from nomade.certificates.requests import chase
from nomade.kernel.clock import now, today
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@pytest.fixture
def owner() -> Agent:
    return make_agent("Zoé", "Lefèvre", unit=make_unit("DEVE/J15"))


@pytest.fixture
def officer() -> Agent:
    officer = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    return officer


@pytest.fixture
def foreign_officer() -> Agent:
    officer = make_agent("Paule", "Ailleurs", unit=make_unit("DPE"))
    grant(officer, Role.HR_OFFICER, make_unit("DPE"))
    return officer


def _pdf() -> SimpleUploadedFile:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return SimpleUploadedFile("etat.pdf", out.getvalue(), content_type="application/pdf")


def _ask(client: Client, token: str = "") -> CertificateRequest:
    sent = {"kind": "etat-services", "comment": "Pour ma retraite", "form_token": token or str(uuid.uuid4())}
    assert client.post(reverse("certificates:ask"), sent).status_code == 303
    return CertificateRequest.objects.latest("submitted_at")


def test_a_request_sent_twice_is_one_request(owner: Agent, signed_in: SignedIn) -> None:
    token = str(uuid.uuid4())
    client = signed_in(owner)
    _ask(client, token)
    asked = _ask(client, token)
    assert CertificateRequest.objects.count() == 1
    assert asked.promised_on is not None
    assert asked.promised_on >= today() + timedelta(days=12)
    again = client.post(
        reverse("certificates:ask"), {"kind": "etat-services", "comment": "", "form_token": str(uuid.uuid4())}
    )
    assert again.status_code == 422
    assert "déjà demandé ce document" in again.content.decode()


def test_the_officer_of_the_perimeter_delivers_and_the_agent_is_told(
    owner: Agent, officer: Agent, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    asked = _ask(client)
    desk = signed_in(officer)
    assert owner.full_name in desk.get(reverse("certificates:office")).content.decode()
    sent = {"decision": "deliver", "version": asked.version, "document": _pdf()}
    address = reverse("certificates:answer", args=[asked.pk])
    assert desk.post(address, sent).status_code == 303
    asked.refresh_from_db()
    assert asked.state == CaseState.APPROVED
    assert Notification.objects.get(agent=owner).url == reverse("certificates:request", args=[asked.pk])
    got = client.get(reverse("certificates:request-file", args=[asked.pk]))
    assert got.content.startswith(b"%PDF-")
    late = desk.post(address, {"decision": "refuse", "version": 1, "reason": "trop tard"})
    assert late.status_code == 422
    assert "déjà reçu une réponse" in late.content.decode()


def test_a_refusal_needs_its_reason_and_a_delivery_its_document(
    owner: Agent, officer: Agent, signed_in: SignedIn
) -> None:
    asked = _ask(signed_in(owner))
    desk, address = signed_in(officer), reverse("certificates:answer", args=[asked.pk])
    without = desk.post(address, {"decision": "refuse", "version": 1, "reason": ""})
    assert (without.status_code, "Écrivez le motif" in without.content.decode()) == (422, True)
    nothing = desk.post(address, {"decision": "deliver", "version": 1})
    assert (nothing.status_code, "Choisissez le document" in nothing.content.decode()) == (422, True)
    assert desk.post(address, {"decision": "refuse", "version": 1, "reason": "Déjà envoyé"}).status_code == 303
    page = signed_in(owner).get(reverse("certificates:request", args=[asked.pk])).content.decode()
    assert "Déjà envoyé" in page


def test_another_perimeter_a_stranger_and_oneself_do_not_answer(
    owner: Agent, officer: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    asked = _ask(signed_in(owner))
    address = reverse("certificates:answer", args=[asked.pk])
    for other in (foreign_officer, make_agent("Ali", "Autre"), owner):
        client = signed_in(other)
        assert client.get(address).status_code == 404
        assert client.post(address, {"decision": "refuse", "version": 1, "reason": "x"}).status_code == 404
    own = _ask(signed_in(officer))
    assert signed_in(officer).get(reverse("certificates:answer", args=[own.pk])).status_code == 404
    for other in (officer, foreign_officer):
        for name in ("request", "request-file"):
            assert signed_in(other).get(reverse(f"certificates:{name}", args=[asked.pk])).status_code == 404


def test_who_stands_in_for_the_officer_answers_in_the_same_perimeter_for_the_days_of_the_delegation_only(
    owner: Agent, officer: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    asked = _ask(signed_in(owner))
    other = _ask(signed_in(officer))
    stand_in = make_agent("Nora", "Relais", unit=make_unit("DEVE/SRH"))
    page, desk = reverse("certificates:answer", args=[asked.pk]), reverse("certificates:office")
    assert [signed_in(stand_in).get(url).status_code for url in (desk, page)] == [404, 404]
    days = {"valid_from": today(), "valid_to": today() + timedelta(days=3), "created_by": officer}
    Delegation.objects.create(giver=officer, receiver=stand_in, **days)
    Delegation.objects.create(giver=officer, receiver=owner, **days)
    listed = signed_in(stand_in).get(desk).content.decode()
    assert "Lefèvre" in listed and "Laurent" not in listed  # what the officer asks is for another to answer
    assert "document à préparer" in signed_in(stand_in).get("/").content.decode()
    mine = reverse("certificates:answer", args=[other.pk])
    assert signed_in(stand_in).get(mine).status_code == 404
    assert [signed_in(one).get(page).status_code for one in (owner, foreign_officer)] == [404, 404]
    sent = {"decision": "refuse", "reason": "Demande en double", "version": asked.version}
    assert signed_in(stand_in).post(page, sent).status_code == 303
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (CaseState.REFUSED, stand_in)
    with time_machine.travel(now() + timedelta(days=5), tick=False):
        assert signed_in(stand_in).get(page).status_code == 404


def test_an_agent_cancels_while_nobody_answered(owner: Agent, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    asked = _ask(client)
    client.post(reverse("certificates:cancel", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == CaseState.CANCELLED


def test_only_human_resources_of_the_whole_organisation_write_texts(
    owner: Agent, officer: Agent, signed_in: SignedIn
) -> None:
    address = reverse("certificates:text", args=["emploi"])
    assert signed_in(owner).get(address).status_code == 404
    assert signed_in(officer).get(address).status_code == 404
    head = make_agent("Anne", "Drh")
    grant(head, Role.HR_OFFICER)
    assert signed_in(head).get(address).status_code == 200
    assert signed_in(head).get(reverse("certificates:text", args=["inconnu"])).status_code == 404


def test_a_text_is_previewed_then_kept_as_a_version_that_applies_from_its_day(
    owner: Agent, signed_in: SignedIn
) -> None:
    head = make_agent("Anne", "Drh")
    grant(head, Role.HR_OFFICER)
    client, address = signed_in(head), reverse("certificates:text", args=["emploi"])
    sent = {
        "title": "Attestation",
        "body": "{civilite_nom} travaille ici.",
        "signatory": "La DRH",
        "valid_from": today().isoformat(),
    }
    preview = client.post(address, {**sent, "apercu": "oui"})
    assert preview.content.startswith(b"%PDF-")
    assert TemplateText.objects.count() == 0
    wrong = client.post(address, {**sent, "body": "{salaire}"})
    assert (wrong.status_code, "« salaire »" in wrong.content.decode()) == (422, True)
    past = client.post(address, {**sent, "valid_from": "2020-01-01"})
    assert past.status_code == 422
    later = {**sent, "body": "Plus tard", "valid_from": (today() + timedelta(days=9)).isoformat()}
    assert client.post(address, sent).status_code == 303
    assert client.post(address, later).status_code == 303
    signed_in(owner).post(reverse("certificates:issue"), {"kind": "emploi"})
    made = Certificate.objects.get()
    assert (made.template_version, content_of(made).paragraphs) == (1, ["Zoé Lefèvre travaille ici."])
    assert "Version 2" in client.get(address).content.decode()


def test_the_pages_of_the_officer_keep_their_number_of_queries(
    owner: Agent, officer: Agent, signed_in: SignedIn
) -> None:
    asked = _ask(signed_in(owner))
    client = signed_in(officer)
    for address in (reverse("certificates:office"), reverse("certificates:answer", args=[asked.pk])):
        with count_queries(12):
            assert client.get(address).status_code == 200
    with count_queries(12):
        signed_in(owner).get(reverse("certificates:request", args=[asked.pk]))


def test_an_office_is_reminded_before_the_promised_day_and_all_are_told_once_it_is_past(
    owner: Agent, officer: Agent, foreign_officer: Agent, signed_in: SignedIn
) -> None:
    whole = make_agent("Marc", "Dubois", unit=make_unit("DRH"))
    grant(whole, Role.HR_OFFICER)
    asked = _ask(signed_in(owner))
    assert asked.promised_on is not None and chase() == 0
    eve = asked.promised_on - timedelta(days=3 if asked.promised_on.weekday() == 0 else 1)
    for day in (eve, asked.promised_on + timedelta(days=1)):
        with time_machine.travel(f"{day} 10:00:00+01:00", tick=False):
            assert [chase(), chase()] == [1, 0]
    told_of = {
        kind: set(Notification.objects.filter(kind=kind).values_list("agent", flat=True))
        for kind in ("certificate.due", "certificate.late")
    }
    assert told_of == {"certificate.due": {officer.pk}, "certificate.late": {officer.pk, whole.pk}}
    page = signed_in(owner).get(reverse("certificates:request", args=[asked.pk])).content.decode()
    assert "Rappel envoyé à qui doit répondre" in page and "Service RH" in page
