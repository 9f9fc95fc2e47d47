"""Each type with its own form: hours, computed dates, documents, counters one chooses; and who reads what of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from nomade.cases.models import CaseState
from nomade.kernel.models import AuditEvent
from nomade.leave.access import document_for
from nomade.leave.advice import advice_on
from nomade.leave.factories import leave_type, open_rights
from nomade.leave.facts import current_law
from nomade.leave.models import Counter, EntryKind, LeaveDocument, LeaveRequest, LedgerEntry
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.validity import NO_YEAR, RECOVERY
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
TODAY = date(2026, 11, 27)
MONDAY = date(2026, 12, 14)
TOKEN = "e4a0f0a6-0e0a-4a63-a0f3-6f3dd90d3b1e"


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-27T09:00:00+00:00"):
        yield


@pytest.fixture
def pair() -> tuple[Agent, Agent]:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    return agent, supervisor


def photo() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    return SimpleUploadedFile("arret.jpg", drawn.getvalue(), content_type="image/jpeg")


def form(code: str, first: date = MONDAY, last: date = MONDAY, **more: object) -> dict[str, Any]:
    return {
        "leave_type": leave_type(code).pk, "first_day": first.isoformat(), "last_day": last.isoformat(),
        "first_half": 0, "last_half": 1, "comment": "", "form_token": TOKEN, **more,
    }  # fmt: skip


def fragment(client: Client, sent: dict[str, Any]) -> str:
    return client.post("/conges/nouvelle/", sent, headers={"HX-Request": "true"}).content.decode()


def test_the_list_of_types_is_grouped_and_changing_it_changes_the_fields_without_losing_anything(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    client = signed_in(pair[0])
    page = client.get("/conges/nouvelle/").content.decode()
    assert '<optgroup label="Congés annuels">' in page
    assert "à préciser" not in page
    fields = fragment(client, {"leave_type": leave_type("MATERNITE").pk, "champs": "1"})
    assert "<html" not in fragment(client, {"leave_type": leave_type("CA").pk, "champs": "1"})
    for label in ("Date prévue de la naissance", "Rang de l’enfant", "Certificat de grossesse", "obligatoire"):
        assert label in fields
    assert "lira seulement « Absence justifiée »" in fields


def test_maternity_dates_are_computed_before_any_date_is_chosen_and_taken_by_one_button(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    client = signed_in(pair[0])
    asked = {"leave_type": leave_type("MATERNITE").pk, "due_date": "2027-03-01", "rank": "1", "children": "1"}
    shown = fragment(client, asked | {"apercu": "1"})
    assert "16 semaines : 6 avant" in shown
    assert 'value="2027-01-18/2027-05-09"' in shown
    page = client.post("/conges/nouvelle/", asked | {"prendre": "2027-01-18/2027-05-09"}).content.decode()
    assert 'value="2027-01-18"' in page
    assert 'value="2027-03-01"' in page


def test_a_family_leave_needs_its_details_and_its_document_then_goes_to_hr(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    client = signed_in(agent)
    bare = form("MATERNITE", date(2027, 1, 18), date(2027, 5, 9))
    answer = client.post("/conges/nouvelle/", bare)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ce renseignement est nécessaire" in page
    assert "Joignez la pièce demandée" in page
    whole = bare | {"due_date": "2027-03-01", "rank": "1", "children": "1", "documents": photo()}
    assert client.post("/conges/nouvelle/", whole).status_code == 303
    leave = LeaveRequest.objects.get()
    assert (leave.waits_for, leave.state) == ("hr", CaseState.SUBMITTED)
    assert leave.details == {"due_date": "2027-03-01", "rank": 1, "children": 1}
    own = client.get(f"/conges/{leave.pk}/").content.decode()
    assert "1er mars 2027" in own
    assert "arret.jpg" in own
    boss = signed_in(supervisor).get(f"/conges/{leave.pk}/").content.decode()
    assert "Absence justifiée" in boss
    for secret in ("aternité", "1er mars 2027", "arret.jpg", "naissance"):
        assert secret not in boss


@pytest.mark.parametrize(
    ("code", "details", "words"),
    [
        ("ADOPTION", {"arrival": date(2026, 12, 14), "children": 1, "dependants": 0, "shared": True}, "16 semaines"),
        ("PATERNITE", {"birth": date(2026, 12, 10), "children": 1}, "4 jours obligatoires"),
        ("ASA_DECES_ENFANT", {"child_age": 20}, "14 jours ouvrables"),
        ("MALADIE", {}, "sous 48 heures"),
        ("GREVE", {}, "Effet sur la paie"),
    ],
)
def test_the_preview_says_what_follows_from_the_law_in_plain_words(
    code: str, details: dict[str, Any], words: str
) -> None:
    advice = advice_on(leave_type(code), details, Period(MONDAY, MONDAY + timedelta(days=9)), current_law(), TODAY)
    assert any(words in line for line in advice.lines)
    assert not advice.refusals


@pytest.mark.parametrize(
    ("code", "details", "days", "words"),
    [
        ("PATERNITE", {"birth": date(2026, 12, 10), "children": 1}, 2, "durée n’est pas permise"),
        ("PATERNITE", {"birth": date(2026, 3, 10), "children": 1}, 9, "six mois"),
        ("NAISSANCE_SUP", {"birth": date(2025, 12, 10)}, 30, "2026"),
        ("ENFANT_MALADE", {"child": date(2010, 5, 20)}, 1, "16 ans"),
    ],
)
def test_a_rule_of_the_type_stops_the_request_with_its_source(
    code: str, details: dict[str, Any], days: int, words: str
) -> None:
    period = Period(MONDAY, MONDAY + timedelta(days=days - 1))
    (refusal,) = advice_on(leave_type(code), details, period, current_law(), TODAY).refusals
    assert words in refusal.message
    assert refusal.rule


def test_hours_to_recover_are_asked_in_hours_of_one_day_and_taken_in_minutes(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, _supervisor = pair
    counter = Counter.objects.create(agent=agent, code=RECOVERY, year=NO_YEAR)
    LedgerEntry.objects.create(
        counter=counter, kind=EntryKind.RIGHT, half_days=600, date=TODAY, author=None, reason="Heures de novembre"
    )
    client = signed_in(agent)
    shown = fragment(client, form("RECUP", starts_at="13:30", ends_at="17:00", apercu="1"))
    assert "3 h 30" in shown.replace("\u00a0", " ")
    assert "6 h 30" in shown.replace("\u00a0", " ")
    for wrong in ({"starts_at": "", "ends_at": ""}, {"starts_at": "17:00", "ends_at": "13:30"}):
        assert client.post("/conges/nouvelle/", form("RECUP") | wrong).status_code == 422
    two_days = form("RECUP", last=MONDAY + timedelta(days=1), starts_at="13:30", ends_at="17:00")
    assert "un seul jour à la fois" in client.post("/conges/nouvelle/", two_days).content.decode()
    assert client.post("/conges/nouvelle/", form("RECUP", starts_at="13:30", ends_at="17:00")).status_code == 303
    leave = LeaveRequest.objects.get()
    assert (leave.minutes, leave.first_half, leave.last_half) == (210, Half.AFTERNOON, Half.AFTERNOON)
    counter.refresh_from_db()
    assert counter.half_days == 390


def test_days_are_proposed_from_what_expires_first_and_one_may_choose_another_counter(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, _supervisor = pair
    carried = Counter.objects.create(
        agent=agent, code="REPORT", year=2025, usable_from=date(2026, 1, 1), expires_on=date(2026, 12, 15)
    )
    LedgerEntry.objects.create(
        counter=carried, kind=EntryKind.CARRIED_OVER, half_days=2, date=TODAY, author=None, reason="Report"
    )
    client = signed_in(agent)
    wish = form("CA", last=MONDAY + timedelta(days=2))
    shown = fragment(client, wish | {"apercu": "1"})
    assert "Choisir les compteurs" in shown
    assert "Congés reportés" in shown
    assert "Congés annuels" in shown
    assert "jusqu’au 15/12/2026" in shown
    assert client.post("/conges/nouvelle/", wish | {"counters": ["CA"]}).status_code == 303
    carried.refresh_from_db()
    assert carried.half_days == 2
    taken = LeaveRequest.objects.get().entries.values_list("counter__code", "half_days")
    assert list(taken) == [("CA", -6)]


def test_a_sick_note_goes_in_with_its_document_later_and_only_the_owner_and_hr_read_it(
    pair: tuple[Agent, Agent], signed_in: SignIn
) -> None:
    agent, supervisor = pair
    hr, elsewhere = (make_agent(name, "RH", unit=make_unit("DRH")) for name in ("Ici", "Ailleurs"))
    grant(hr, Role.HR_OFFICER, make_unit("DEVE"))
    grant(elsewhere, Role.HR_OFFICER, make_unit("DSIN"))
    client = signed_in(agent)
    today_off = form("MALADIE", date(2026, 11, 27), date(2026, 11, 30))
    assert client.post("/conges/nouvelle/", today_off).status_code == 303
    leave = LeaveRequest.objects.get()
    page = client.get(f"/conges/{leave.pk}/").content.decode()
    assert "à envoyer avant le" in page
    assert client.post(f"/conges/{leave.pk}/pieces/", {"documents": photo()}).status_code == 303
    document = LeaveDocument.objects.get()
    address = f"/conges/pieces/{document.pk}/"
    expected = {agent: 200, hr: 200, supervisor: 404, elsewhere: 404}
    assert {person: signed_in(person).get(address).status_code for person in expected} == expected
    assert document_for(hr, document.pk) == document
    assert AuditEvent.objects.filter(event="leave.document_read", actor_id=hr.pk).count() == 1
    for person in (supervisor, hr):
        assert signed_in(person).post(f"/conges/{leave.pk}/pieces/", {"documents": photo()}).status_code == 404
    bad = SimpleUploadedFile("arret.exe", b"MZ", content_type="application/octet-stream")
    client.post(f"/conges/{leave.pk}/pieces/", {"documents": bad})
    assert "seuls ces fichiers sont acceptés" in client.get(f"/conges/{leave.pk}/").content.decode()
    assert LeaveDocument.objects.count() == 1
