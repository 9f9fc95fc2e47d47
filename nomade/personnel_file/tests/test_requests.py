"""Requests with documents: from the agent's form to the file, by the desk of each subject."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nomade.cases.idempotency import new_form_token
from nomade.cases.models import CaseMessage, CaseState, Draft
from nomade.files.models import StoredFile
from nomade.kernel.clock import now, today
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role
from nomade.personnel_file.access import recognition_of
from nomade.personnel_file.actions.deciding import apply_due, chase, remind_desks
from nomade.personnel_file.history import history_of
from nomade.personnel_file.models import ChangeRequest, Child, CivilStatus, Subject, Title, WaitingPiece
from nomade.personnel_file.retention import purge_waiting_pieces
from nomade.personnel_file.tests.test_own import picture

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
ADDRESS = {"street": "12 rue des Lilas", "complement": "", "postcode": "75015", "city": "Paris"}
TYPED: dict[str, dict[str, str]] = {
    "adresse": ADDRESS,
    "nom": {"last_name": "Durand", "usage_name": "Morel", "first_name": "Camille"},
    "famille": {"family": "pacse"},
    "enfant": {"first_name": "Lou", "last_name": "Durand", "birth_date": "2024-02-29", "custody": "complete"},
    "diplome": {"label": "CAP jardinier", "obtained_on": "2010-06-30"},
    "permis": {"kind": "permis", "label": "Permis C", "obtained_on": "2020-01-10", "expires_on": "2030-01-09"},
    "handicap": {"recognised_on": "2025-03-01", "recognised_until": "2030-02-28"},
    "rectification": {"what": "Date d’entrée", "wrong": "01/09/2015", "right": "01/09/2013"},
}
DESK = {
    "adresse": "hr", "nom": "hr", "famille": "hr", "enfant": "pay", "diplome": "hr", "permis": "hr",
    "handicap": "referent", "rectification": "dpo",
}  # fmt: skip


@dataclass
class People:
    """Everybody around one agent."""

    owner: Agent
    supervisor: Agent
    hr: Agent
    other_hr: Agent
    pay: Agent
    referent: Agent
    dpo: Agent
    stranger: Agent

    def all_but_owner(self) -> dict[str, Agent]:
        return {name: agent for name, agent in vars(self).items() if name != "owner"}


@pytest.fixture
def people() -> People:
    unit = make_unit("DEVE/J15")
    supervisor = make_agent("Mehdi", "Benali", unit=unit)
    found = People(
        owner=make_agent("Camille", "Durand", unit=unit, supervisor=supervisor, address="1 place d’Italie"),
        supervisor=supervisor,
        hr=make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH")),
        other_hr=make_agent("Paule", "Ailleurs", unit=make_unit("DPE")),
        pay=make_agent("Thomas", "Roy", unit=make_unit("DRH")),
        referent=make_agent("Élise", "Garnier", unit=make_unit("DRH")),
        dpo=make_agent("Denis", "Prot", unit=make_unit("DRH")),
        stranger=make_agent("Nina", "Autre", unit=make_unit("DPE")),
    )
    grant(found.hr, Role.HR_OFFICER, make_unit("DEVE"))
    grant(found.other_hr, Role.HR_OFFICER, make_unit("DPE"))
    grant(found.pay, Role.PAY_OFFICER)
    grant(found.referent, Role.DISABILITY_REFERENT)
    grant(found.dpo, Role.DATA_PROTECTION_OFFICER)
    return found


def form_of(slug: str, **typed: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "effective_on": today().isoformat(), "form_token": str(uuid.uuid4()), "pieces": picture(),
    }  # fmt: skip
    return {name: value for name, value in (sent | TYPED[slug] | typed).items() if value is not None}


def ask(client: Client, slug: str, **typed: Any) -> ChangeRequest:
    answer = client.post(reverse("personnel_file:new", args=[slug]), form_of(slug, **typed))
    assert answer.status_code == 303, answer.content.decode()
    return ChangeRequest.objects.latest("submitted_at")


def decide(client: Client, asked: ChangeRequest, decision: str, **typed: Any) -> Any:
    sent = {"decision": decision, "version": asked.version, "effective_on": asked.effective_on.isoformat()} | typed
    return client.post(reverse("personnel_file:decide", args=[asked.pk]), sent)


@pytest.mark.parametrize("slug", TYPED)
def test_each_subject_goes_from_its_form_to_its_desk_and_to_the_file(
    people: People, signed_in: SignedIn, slug: str
) -> None:
    asked = ask(signed_in(people.owner), slug)
    assert asked.state == CaseState.SUBMITTED and asked.promised_on is not None
    desk = signed_in(getattr(people, DESK[slug]))
    assert asked.reference in desk.get(reverse("personnel_file:desk")).content.decode()
    page = desk.get(reverse("personnel_file:decide", args=[asked.pk]))
    assert slug != "rectification" or "c’est un ajout" not in page.content.decode()
    assert decide(desk, asked, "approve").status_code == 303
    asked.refresh_from_db()
    assert asked.state == CaseState.APPROVED and asked.applied_at is not None
    assert Notification.objects.filter(agent=people.owner, kind="file.answered").exists()
    assert history_of(people.owner)[0].origin == "ressources humaines"


@pytest.mark.parametrize("slug", TYPED)
def test_only_the_desk_of_a_subject_finds_a_request(people: People, signed_in: SignedIn, slug: str) -> None:
    client = signed_in(people.owner)
    asked = ask(client, slug)
    piece = StoredFile.objects.filter(owner=people.owner).get()
    own = reverse("personnel_file:request", args=[asked.pk])
    there = reverse("personnel_file:decide", args=[asked.pk])
    document = reverse("personnel_file:request-file", args=[asked.pk, piece.pk])
    assert client.get(own).status_code == 200 and client.get(there).status_code == 404
    for name, agent in people.all_but_owner().items():
        expected = 200 if name == DESK[slug] else 404
        other = signed_in(agent)
        assert other.get(own).status_code == 404, name
        assert other.get(there).status_code == expected, name
        assert other.get(document).status_code == expected, name
        assert decide(other, asked, "ask", missing="x").status_code == (303 if expected == 200 else 404), name
    assert signed_in(people.stranger).get(reverse("personnel_file:desk")).status_code == 404


def test_what_is_approved_is_written_in_the_file(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    for slug in ("adresse", "nom", "famille", "enfant", "diplome", "permis", "handicap"):
        asked = ask(client, slug)
        decide(signed_in(getattr(people, DESK[slug])), asked, "approve")
    people.owner.refresh_from_db()
    assert people.owner.address == "12 rue des Lilas, 75015 Paris"
    assert people.owner.full_name == "Camille Morel" and "morel" in people.owner.search_name
    assert CivilStatus.objects.get(agent=people.owner).family == "pacse"
    assert Child.objects.get(agent=people.owner).first_name == "Lou"
    assert {title.label for title in Title.objects.filter(agent=people.owner)} == {"CAP jardinier", "Permis C"}
    assert recognition_of(people.owner) == TYPED["handicap"]
    page = client.get(reverse("personnel_file:index")).content.decode()
    assert "Supplément familial de traitement" in page and "Permis C" in page


def test_a_recognition_is_named_nowhere_outside_its_desk(people: People, signed_in: SignedIn) -> None:
    asked = ask(signed_in(people.owner), "handicap")
    decide(signed_in(people.referent), asked, "approve")
    assert "handicap" not in Notification.objects.get(agent=people.owner, kind="file.answered").title.lower()
    for officer in (people.hr, people.pay, people.dpo):
        assert asked.reference not in signed_in(officer).get(reverse("personnel_file:desk")).content.decode()


def test_a_document_stays_with_a_form_that_is_wrong_elsewhere(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    address = reverse("personnel_file:new", args=["adresse"])
    answer = client.post(address, form_of("adresse", postcode="7501"))
    assert answer.status_code == 422 and "cinq chiffres" in answer.content.decode()
    assert "moi.jpg" in answer.content.decode() and "12 rue des Lilas" in answer.content.decode()
    ask(client, "adresse", pieces=None)
    assert not WaitingPiece.objects.exists() and StoredFile.objects.count() == 1


def test_enter_in_the_field_of_a_document_to_ask_for_accepts_nothing(people: People, signed_in: SignedIn) -> None:
    asked, desk = ask(signed_in(people.owner), "adresse"), signed_in(people.hr)
    for field, button in (("missing", "Demander cette pièce"), ("reason", "Refuser")):
        answer = decide(desk, asked, "approve", **{field: "Un papier daté"})
        assert answer.status_code == 422
        assert f"Choisissez « {button} »" in answer.content.decode() and "Un papier daté" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == CaseState.SUBMITTED


def test_a_document_is_asked_for_with_a_sentence(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    answer = client.post(reverse("personnel_file:new", args=["enfant"]), form_of("enfant", pieces=None))
    assert answer.status_code == 422 and "Livret de famille" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_document_can_be_taken_out_of_a_form_by_its_owner_only(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    client.post(reverse("personnel_file:new", args=["adresse"]), form_of("adresse", postcode="x"))
    piece = WaitingPiece.objects.get()
    address = reverse("personnel_file:drop-piece", args=["adresse", piece.pk])
    assert signed_in(people.stranger).post(address).status_code == 404
    assert client.post(address).status_code == 303
    assert not StoredFile.objects.exists()


def test_documents_of_forms_that_nobody_sends_go_after_a_month(people: People, signed_in: SignedIn) -> None:
    signed_in(people.owner).post(reverse("personnel_file:new", args=["adresse"]), form_of("adresse", postcode="x"))
    assert purge_waiting_pieces() == 0
    WaitingPiece.objects.update(at=now() - timedelta(days=31))
    assert purge_waiting_pieces() == 1 and not StoredFile.objects.exists()


def test_what_was_typed_is_back_on_another_device(people: People, signed_in: SignedIn) -> None:
    signed_in(people.owner).post(reverse("cases:keep-draft", args=["file.adresse"]), {"street": "12 rue des Lilas"})
    another = signed_in(people.owner)
    page = another.get(reverse("personnel_file:new", args=["adresse"])).content.decode()
    assert "12 rue des Lilas" in page and "Votre brouillon" in page
    ask(another, "adresse")
    assert not Draft.objects.exists()


def test_a_form_sent_fifty_times_is_one_request(people: People, signed_in: SignedIn) -> None:
    client, token = signed_in(people.owner), str(uuid.uuid4())
    sent = form_of("adresse", form_token=token)
    assert client.post(reverse("personnel_file:new", args=["adresse"]), sent).status_code == 303
    sent["pieces"] = None
    del sent["pieces"]
    for _again in range(49):
        assert client.post(reverse("personnel_file:new", args=["adresse"]), sent).status_code == 303
    assert ChangeRequest.objects.count() == 1


def test_two_waiting_addresses_are_refused_and_two_children_are_not(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    ask(client, "adresse")
    again = client.post(reverse("personnel_file:new", args=["adresse"]), form_of("adresse"))
    assert again.status_code == 422 and "attend déjà" in again.content.decode()
    ask(client, "enfant")
    ask(client, "enfant", first_name="Noé")


def test_one_more_document_is_asked_given_and_the_desk_decides(people: People, signed_in: SignedIn) -> None:
    client, desk = signed_in(people.owner), signed_in(people.hr)
    asked = ask(client, "adresse")
    assert decide(desk, asked, "ask", missing="").status_code == 422
    assert decide(desk, asked, "ask", missing="La facture de septembre").status_code == 303
    assert "La facture de septembre" in client.get("/").content.decode()
    page = client.get(reverse("personnel_file:request", args=[asked.pk])).content.decode()
    assert "Répondre, joindre ce qui est demandé" in page and 'id="ecrire" open' in page
    reply = reverse("personnel_file:request-message", args=[asked.pk])
    token = {"form_token": new_form_token()}
    assert client.post(reply, token | {"text": ""}).status_code == 422
    for _tap in range(2):
        assert client.post(reply, token | {"text": "La voici", "pieces": picture()}).status_code == 303
    assert CaseMessage.objects.filter(case_id=asked.pk, author=people.owner, text="La voici").count() == 1
    late = decide(desk, asked, "approve")
    assert late.status_code == 422 and "a changé entre-temps" in late.content.decode()
    asked.refresh_from_db()
    assert decide(desk, asked, "approve").status_code == 303


def test_a_refusal_needs_a_reason_that_the_agent_reads(people: People, signed_in: SignedIn) -> None:
    client, desk = signed_in(people.owner), signed_in(people.hr)
    asked = ask(client, "adresse")
    assert decide(desk, asked, "refuse", reason=" ").status_code == 422
    assert decide(desk, asked, "refuse", reason="Justificatif trop ancien").status_code == 303
    page = client.get(reverse("personnel_file:request", args=[asked.pk])).content.decode()
    assert "Justificatif trop ancien" in page
    people.owner.refresh_from_db()
    assert people.owner.address == "1 place d’Italie"


def test_of_two_officers_the_slower_reads_who_answered(people: People, signed_in: SignedIn) -> None:
    colleague = make_agent("Rose", "Seconde", unit=make_unit("DEVE/SRH"))
    grant(colleague, Role.HR_OFFICER, make_unit("DEVE"))
    asked = ask(signed_in(people.owner), "adresse")
    decide(signed_in(people.hr), asked, "approve")
    late = decide(signed_in(colleague), asked, "refuse", reason="non")
    assert late.status_code == 422 and "déjà été traitée par Sophie Laurent" in late.content.decode()
    assert Notification.objects.filter(agent=people.owner, kind="file.answered").count() == 1


def test_an_officer_never_answers_their_own_request_even_by_delegation(people: People, signed_in: SignedIn) -> None:
    asked = ask(signed_in(people.hr), "adresse")
    Delegation.objects.create(
        giver=people.dpo, receiver=people.hr, valid_from=today(), valid_to=today(), created_by=people.dpo
    )
    assert decide(signed_in(people.hr), asked, "approve").status_code == 404


def test_a_delegate_holds_the_desk_for_the_days_of_the_delegation(people: People, signed_in: SignedIn) -> None:
    asked = ask(signed_in(people.owner), "adresse")
    delegate = signed_in(people.stranger)
    there = reverse("personnel_file:decide", args=[asked.pk])
    given = Delegation.objects.create(
        giver=people.hr, receiver=people.stranger, valid_from=today(), valid_to=today(), created_by=people.hr
    )
    assert delegate.get(there).status_code == 200
    given.valid_from = given.valid_to = today() - timedelta(days=1)
    given.save()
    assert delegate.get(there).status_code == 404


def test_several_are_accepted_at_once_and_what_changed_meanwhile_is_named(people: People, signed_in: SignedIn) -> None:
    client, desk = signed_in(people.owner), signed_in(people.hr)
    first, second = ask(client, "adresse"), ask(client, "famille")
    said = {"text": "Attendez", "form_token": new_form_token()}
    client.post(reverse("personnel_file:request-message", args=[second.pk]), said)
    ticked = [f"{one.pk}:{one.version}" for one in (first, second)]
    answer = desk.post(reverse("personnel_file:approve-several"), {"demande": ticked}, follow=True)
    page = answer.content.decode()
    assert "1 changement accepté." in page and second.reference in page and "relisez-la" in page
    foreign = signed_in(people.other_hr).post(reverse("personnel_file:approve-several"), {"demande": ticked[1:]})
    assert foreign.status_code == 303
    second.refresh_from_db()
    assert second.state == CaseState.SUBMITTED


@time_machine.travel("2026-11-09 10:00:00+01:00", tick=False)
def test_a_change_enters_the_pay_of_the_month_until_the_cut_off(people: People, signed_in: SignedIn) -> None:
    asked = ask(signed_in(people.owner), "adresse")
    page = signed_in(people.hr).get(reverse("personnel_file:decide", args=[asked.pk])).content.decode()
    assert "paie de novembre 2026" in page and "10 novembre 2026" in page
    decide(signed_in(people.hr), asked, "approve")
    asked.refresh_from_db()
    assert asked.pay_month is not None and asked.pay_month.isoformat() == "2026-11-01"


def test_a_change_of_a_later_day_is_written_on_that_day(people: People, signed_in: SignedIn) -> None:
    later = today() + timedelta(days=10)
    asked = ask(signed_in(people.owner), "adresse", effective_on=later.isoformat())
    decide(signed_in(people.hr), asked, "approve")
    assert apply_due() == 0
    with time_machine.travel(now() + timedelta(days=10), tick=False):
        assert apply_due() == 1
        assert apply_due() == 0
    people.owner.refresh_from_db()
    assert people.owner.address == "12 rue des Lilas, 75015 Paris"


def test_a_rectification_has_a_month_and_its_desk_is_told_on_day_25_and_on_the_last(
    people: People, signed_in: SignedIn
) -> None:
    with time_machine.travel("2026-09-10 10:00:00+02:00", tick=False):
        asked = ask(signed_in(people.owner), "rectification", pieces=None)
        assert asked.promised_on is not None and asked.promised_on.isoformat() == "2026-10-10"
        assert remind_desks() == 0
    for day, told in (("2026-10-04", 0), ("2026-10-05", 1), ("2026-10-09", 0), ("2026-10-10", 1), ("2026-10-12", 0)):
        with time_machine.travel(f"{day} 10:00:00+02:00", tick=False):
            assert remind_desks() == told, day
    assert Notification.objects.filter(agent=people.dpo, kind="file.request_due").count() == 2
    assert not Notification.objects.filter(agent=people.hr, kind="file.request_due").exists()


def test_a_desk_is_reminded_before_the_promised_day_and_all_above_it_are_told_once_it_is_past(
    people: People, signed_in: SignedIn
) -> None:
    whole = make_agent("Marc", "Dubois", unit=make_unit("DRH"))
    grant(whole, Role.HR_OFFICER)
    asked = ask(signed_in(people.owner), "adresse")
    assert asked.promised_on is not None
    eve = asked.promised_on - timedelta(days=3 if asked.promised_on.weekday() == 0 else 1)
    assert remind_desks() == 0 and chase() == 0
    with time_machine.travel(f"{eve} 10:00:00+01:00", tick=False):
        assert [remind_desks(), remind_desks(), chase()] == [1, 0, 0]
    with time_machine.travel(f"{asked.promised_on + timedelta(days=1)} 10:00:00+01:00", tick=False):
        assert [chase(), chase(), remind_desks()] == [1, 0, 0]
    told = {
        kind: set(Notification.objects.filter(kind=kind).values_list("agent", flat=True))
        for kind in ("file.request_due", "file.request_late")
    }
    assert told == {"file.request_due": {people.hr.pk}, "file.request_late": {people.hr.pk, whole.pk}}


def test_a_cancelled_request_is_answered_by_nobody(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.owner)
    asked = ask(client, "adresse")
    assert signed_in(people.hr).post(reverse("personnel_file:cancel", args=[asked.pk])).status_code == 404
    assert client.post(reverse("personnel_file:cancel", args=[asked.pk])).status_code == 303
    assert decide(signed_in(people.hr), asked, "approve").status_code == 422


def test_the_pages_of_requests_cost_few_queries(people: People, signed_in: SignedIn) -> None:
    client, desk = signed_in(people.owner), signed_in(people.hr)
    first, *_others = [ask(client, slug) for slug in ("adresse", "famille", "nom", "diplome", "permis")]
    for reader, address in (
        (client, reverse("personnel_file:requests")),
        (client, reverse("personnel_file:new", args=["permis"])),
        (client, reverse("personnel_file:request", args=[first.pk])),
        (desk, reverse("personnel_file:desk")),
        (desk, reverse("personnel_file:decide", args=[first.pk])),
    ):
        reader.get(address)
        with count_queries(at_most=12):
            assert reader.get(address).status_code == 200


def test_a_subject_that_does_not_exist_is_not_found(people: People, signed_in: SignedIn) -> None:
    assert signed_in(people.owner).get(reverse("personnel_file:new", args=["salaire"])).status_code == 404
    assert set(Subject.values) == set(TYPED)
