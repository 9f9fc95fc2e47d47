"""Certificates as their owner has them, as a checker reads them, as nobody else finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nomade.accounts.factories import make_account
from nomade.accounts.testing import client_of, client_on
from nomade.certificates.access import content_of, hash_of
from nomade.certificates.models import Certificate, CheckWindow
from nomade.files.models import StoredFile
from nomade.files.tests.authority import HOLDER, make_authority, verdict
from nomade.kernel.clock import today
from nomade.kernel.encryption import DecryptionFailed
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people import ports
from nomade.people.factories import grant, make_agent, make_supervised_pair
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@pytest.fixture
def owner() -> Agent:
    return make_agent("Zoé", "Lefèvre", civility="Mme")


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes drawn, which the portal forgets."""
    from nomade.certificates import actions
    from nomade.certificates.rules import code_from as plain

    drawn: list[str] = []

    def noted(random: bytes) -> str:
        drawn.append(plain(random))
        return drawn[-1]

    monkeypatch.setattr(actions, "code_from", noted)
    return drawn


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve known months."""

    def pay(agent: int, first: date, last: date) -> list[ports.PayMonth]:
        month, known = today().replace(day=1), []
        for _step in range(13):
            month = (month - timedelta(days=1)).replace(day=1)
            known.append(
                ports.PayMonth(month, Decimal("2635.55"), Decimal("2184.07"), Decimal("2107.14"), Decimal("61.05"))
            )
        return known

    monkeypatch.setattr(ports, "pay_lines", pay)


def _issue(client: Client, kind: str = "emploi") -> Certificate:
    answer = client.post(reverse("certificates:issue"), {"kind": kind})
    assert answer.status_code == 303, answer.content.decode()
    return Certificate.objects.latest("issued_at")


def _check(code: str, **extra: Any) -> Any:
    return client_on().post("/verifier/", {"code": code}, **extra)


def test_two_clicks_give_a_numbered_certificate_whose_content_is_frozen(owner: Agent, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    assert "etablir-emploi" in client.get(reverse("certificates:index")).content.decode()
    made = _issue(client)
    assert re.fullmatch(r"A-20\d\d-\d{6}", made.number)
    pdf = client.get(reverse("certificates:download", args=[made.pk]))
    assert pdf.content.startswith(b"%PDF-")
    Agent.objects.filter(pk=owner.pk).update(last_name="Autrement")
    assert content_of(Certificate.objects.get()).holder == "Mme Zoé Lefèvre"


def test_a_button_pressed_twice_makes_one_certificate(owner: Agent, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    page = client.get(reverse("certificates:index")).content.decode()
    found = re.search(r'name="kind" value="emploi"><input type="hidden" name="form_token" value="([^"]+)"', page)
    assert found is not None
    sent = {"kind": "emploi", "form_token": found[1]}
    first, second = (client.post(reverse("certificates:issue"), sent) for _press in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("who", ["supervisor", "hr officer", "pay officer", "administrator", "stranger"])
def test_nobody_else_finds_a_certificate(who: str, signed_in: SignedIn) -> None:
    agent, supervisor = make_supervised_pair()
    made = _issue(signed_in(agent))
    other = supervisor if who == "supervisor" else make_agent("Ali", "Autre")
    roles = {"hr officer": Role.HR_OFFICER, "pay officer": Role.PAY_OFFICER, "administrator": Role.ADMINISTRATOR}
    if who in roles:
        grant(other, roles[who])
    client = signed_in(other)
    for name in ("page", "download"):
        assert client.get(reverse(f"certificates:{name}", args=[made.pk])).status_code == 404
    for name in ("configure", "revoke"):
        assert client.post(reverse(f"certificates:{name}", args=[made.pk])).status_code == 404
    assert Certificate.objects.get().revoked_at is None


def test_a_checker_reads_what_the_paper_says_and_the_owner_sees_the_check(
    owner: Agent, signed_in: SignedIn, codes: list[str]
) -> None:
    client = signed_in(owner)
    made = _issue(client)
    form = client_on().get("/verifier/", {"code": codes[0]})
    assert f"{codes[0][:4]}-{codes[0][4:8]}" in form.content.decode()
    assert "Lefèvre" not in form.content.decode()
    answer = _check(codes[0].lower())
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "authentique" in html
    assert "Mme Zoé Lefèvre" in html
    assert answer["Referrer-Policy"] == "same-origin"
    made.refresh_from_db()
    assert made.checks == 1
    assert AuditEvent.objects.filter(event="certificate.checked", subject_id=owner.pk, actor_id=None).count() == 1
    page = client.get(reverse("certificates:page", args=[made.pk])).content.decode()
    assert "Personne ne l’a encore vérifiée" not in page


def test_a_wrong_code_shows_no_name_and_too_many_close_the_door(
    owner: Agent, signed_in: SignedIn, settings: Any, codes: list[str]
) -> None:
    settings.NOMADE = replace(settings.NOMADE, check_wrong_codes=3, check_window_minutes=15)
    _issue(signed_in(owner))
    for _try in range(3):
        answer = _check("ABCDEFGHJKMNPQRS")
        assert answer.status_code == 422
        assert "Lefèvre" not in answer.content.decode()
        assert "Aucune attestation ne porte ce code" in answer.content.decode()
    blocked = _check(codes[0])
    assert blocked.status_code == 429
    assert "Lefèvre" not in blocked.content.decode()
    assert _check(codes[0], REMOTE_ADDR="203.0.113.9").status_code == 200
    with time_machine.travel(today() + timedelta(days=1)):
        assert _check(codes[0]).status_code == 200
    assert CheckWindow.objects.count() == 2


def test_the_code_is_nowhere_in_the_base(owner: Agent, signed_in: SignedIn, codes: list[str]) -> None:
    made = _issue(signed_in(owner))
    assert made.code_sha256 == hash_of(codes[0])
    assert codes[0] not in str(AuditEvent.objects.values_list("facts", flat=True))
    assert codes[0].encode() not in bytes(made.content_sealed)


def test_amounts_are_hidden_from_a_checker_until_the_owner_allows_them(
    owner: Agent, signed_in: SignedIn, codes: list[str], paid: None
) -> None:
    client = signed_in(owner)
    made = _issue(client, "salaire-3")
    hidden = _check(codes[0]).content.decode()
    assert "2 107,14" not in hidden.replace("\u202f", " ").replace("\xa0", " ")
    assert "Les montants ne sont pas montrés" in hidden
    address = reverse("certificates:configure", args=[made.pk])
    client.post(address, {"valid_until": made.valid_until.isoformat(), "shows_salary": "on"})
    shown = _check(codes[0]).content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "2 107,14" in shown


def test_a_revoked_or_late_certificate_says_so_and_nothing_more(
    owner: Agent, signed_in: SignedIn, codes: list[str]
) -> None:
    client = signed_in(owner)
    made = _issue(client)
    with time_machine.travel(made.valid_until + timedelta(days=2)):
        late = _check(codes[0]).content.decode()
    assert "n’est plus valable" in late
    assert "Lefèvre" not in late
    client.post(reverse("certificates:revoke", args=[made.pk]))
    client.post(reverse("certificates:revoke", args=[made.pk]))
    revoked = _check(codes[0]).content.decode()
    assert "a été révoquée" in revoked
    assert "Lefèvre" not in revoked
    assert AuditEvent.objects.filter(event="certificate.revoked").count() == 1


def test_the_validity_stays_within_its_limits(owner: Agent, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    made = _issue(client)
    address = reverse("certificates:configure", args=[made.pk])
    for day in (today() - timedelta(days=1), today() + timedelta(days=4000)):
        answer = client.post(address, {"valid_until": day.isoformat()})
        assert answer.status_code == 422
        assert "La date doit être entre" in answer.content.decode()
    soon = today() + timedelta(days=3)
    assert client.post(address, {"valid_until": soon.isoformat()}).status_code == 303
    made.refresh_from_db()
    assert made.valid_until == soon


def test_a_fact_that_nobody_knows_is_a_refusal_and_makes_nothing(
    owner: Agent, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "pay_lines", lambda *given: None)
    answer = signed_in(owner).post(reverse("certificates:issue"), {"kind": "salaire-12"})
    assert answer.status_code == 422
    assert "Demandez ce document à vos ressources humaines" in answer.content.decode()
    assert (Certificate.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert signed_in(owner).post(reverse("certificates:issue"), {"kind": "inconnue"}).status_code == 404


def test_a_year_with_a_hole_is_never_told_as_a_whole_one(
    owner: Agent, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, paid: None
) -> None:
    whole = ports.pay_lines
    monkeypatch.setattr(ports, "pay_lines", lambda *given: (whole(*given) or [])[:5] + (whole(*given) or [])[6:])
    client = signed_in(owner)
    assert client.post(reverse("certificates:issue"), {"kind": "salaire-12"}).status_code == 422
    assert client.post(reverse("certificates:issue"), {"kind": "salaire-3"}).status_code == 303


def test_somebody_who_left_gets_no_certificate_of_today() -> None:
    gone = make_agent("Parti", "Ailleurs", exit_date=today() - timedelta(days=3))
    client = client_of(make_account(gone), factor="totp")  # who has left comes in with a factor of their own
    answer = client.post(reverse("certificates:issue"), {"kind": "emploi"})
    assert answer.status_code == 422
    assert "Vous n’êtes plus en fonction" in answer.content.decode()


@pytest.mark.parametrize("kind", ["emploi", "quotite", "salaire-3", "salaire-12", "transport"])
def test_each_kind_is_made_from_what_is_known(kind: str, owner: Agent, signed_in: SignedIn, paid: None) -> None:
    made = _issue(signed_in(owner), kind)
    assert content_of(made).rows
    assert made.kind == kind


def test_a_certificate_put_in_anothers_place_does_not_open(owner: Agent, signed_in: SignedIn) -> None:
    mine, theirs = _issue(signed_in(owner)), _issue(signed_in(make_agent("Ali", "Autre")))
    Certificate.objects.filter(pk=mine.pk).update(content_sealed=theirs.content_sealed)
    with pytest.raises(DecryptionFailed):
        content_of(Certificate.objects.get(pk=mine.pk))


def test_the_pages_keep_their_number_of_queries(owner: Agent, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    made = _issue(client)
    with count_queries(12) as few:
        client.get(reverse("certificates:index"))
    count = len(few)
    _issue(client)
    with count_queries(count):
        client.get(reverse("certificates:index"))
    with count_queries(12):
        client.get(reverse("certificates:page", args=[made.pk]))


def test_where_the_organisation_has_a_seal_the_paper_bears_it_and_the_pages_say_whose(
    owner: Agent, codes: list[str], settings: Any, tmp_path: Path, signed_in: SignedIn, client: Client
) -> None:
    authority = make_authority(tmp_path)
    settings.NOMADE = authority.on(settings.NOMADE, "certificates")
    mine = signed_in(owner)
    page = mine.post(reverse("certificates:issue"), {"kind": "emploi"}, follow=True)
    made = Certificate.objects.get()
    assert HOLDER in page.content.decode()
    paper = mine.get(reverse("certificates:download", args=[made.pk])).content
    assert verdict(paper, authority).bottom_line
    checked = client.post(reverse("certificates_check:check"), {"code": codes[0]})
    assert HOLDER in checked.content.decode()


def test_a_salary_is_a_table_of_months_on_the_page_on_paper_and_for_who_checks(
    owner: Agent, paid: None, codes: list[str], signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    made = _issue(client, "salaire-3")
    content = content_of(made)
    assert content.head == ["Mois", "Brut", "Net avant impôt", "Net payé"]
    assert [row[0] for row in content.rows][-1] == "Moyenne"
    assert {len(row) for row in content.rows} == {4}
    page = client.get(reverse("certificates:page", args=[made.pk])).content.decode()
    assert '<th scope="col" class="number">Net avant impôt</th>' in page
    with pikepdf.open(BytesIO(client.get(reverse("certificates:download", args=[made.pk])).content)) as pdf:
        headers = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/TH"]
        assert len(headers) == 4
    client.post(
        reverse("certificates:configure", args=[made.pk]), {"valid_until": made.valid_until, "shows_salary": "on"}
    )
    assert "Net avant impôt" in _check(codes[0]).content.decode()
