"""Help for all, from anywhere; reports, signed in or not; the state of the services; the knowledge base."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.kernel import health
from nomade.kernel.clock import now
from nomade.kernel.opening import read_opening
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions.knowledge import announce_incident, save_article, watch_parts
from nomade.support.actions.purging import purge
from nomade.support.factories import make_technician, make_ticket
from nomade.support.guides import GUIDES
from nomade.support.models import Article, PartState, PublicReport, Ticket
from nomade.support.wording import blocks, contacts, opening_in_words

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
OUTSIDE: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.mark.parametrize("address", ["/assistance/", *(f"/assistance/aide/{guide.slug}/" for guide in GUIDES)])
def test_help_opens_to_all_from_anywhere(address: str, agent: Agent, signed_in: SignIn, settings: Any) -> None:
    settings.NOMADE = replace(
        settings.NOMADE, support_phone="01 42 76 00 00", support_numbers=("Poste interne=4 50 50",)
    )
    for client in (client_on("portal"), signed_in(agent)):
        with count_queries(at_most=12):
            page = client.get(address, **OUTSIDE)
        assert page.status_code == 200
        html = page.content.decode()
        assert 'href="tel:0142760000"' in html
        assert "4 50 50" in html
        assert "du lundi au vendredi" in html


def test_an_unknown_help_page_is_absent() -> None:
    assert client_on("portal").get("/assistance/aide/autre/").status_code == 404


def test_from_the_internet_the_support_portal_is_explained_and_not_linked(agent: Agent, signed_in: SignIn) -> None:
    inside = signed_in(agent).get("/assistance/").content.decode()
    outside = signed_in(agent).get("/assistance/", **OUTSIDE).content.decode()
    assert "https://assistance.ville.localhost:8443/" in inside
    assert "https://assistance.ville.localhost" not in outside
    assert "seulement depuis le réseau professionnel" in outside


def test_from_the_internet_every_page_of_the_support_host_is_absent(agent: Agent, signed_in: SignIn) -> None:
    ticket = make_ticket(agent)
    client = signed_in(agent, "support")
    for address in ("/", "/demandes/", "/demandes/nouvelle/", f"/demandes/{ticket.pk}/", "/connaissances/"):
        assert client.get(address).status_code == 200
        assert client.get(address, **OUTSIDE).status_code == 404
        assert client.post(address, **OUTSIDE).status_code == 404


def test_from_the_internet_a_ticket_says_where_it_stands_and_nothing_of_what_was_written(
    agent: Agent, signed_in: SignIn
) -> None:
    ticket = make_ticket(agent, subject="Secret du sujet")
    address = ticket.get_absolute_url()
    inside = signed_in(agent).get(address)
    assert inside["Location"] == f"https://assistance.ville.localhost:8443/demandes/{ticket.pk}/"
    page = signed_in(agent).get(address, **OUTSIDE).content.decode()
    assert ticket.reference in page
    assert "Secret du sujet" not in page
    assert "plus rien ne sort" not in page
    assert signed_in(make_agent()).get(address).status_code == 404


def report(**fields: str) -> dict[str, str]:
    return {"form_token": str(uuid.uuid4()), "text": "La page tourne.", "page": "/paie/", **fields}


def test_a_report_of_somebody_signed_in_is_a_ticket_with_page_and_reference(agent: Agent, signed_in: SignIn) -> None:
    client, sent = signed_in(agent), report(error_reference="ABCD-2345")
    answers = [client.post("/assistance/signaler/", sent, **OUTSIDE) for _time in range(2)]
    ticket = Ticket.objects.get()
    assert (ticket.page, ticket.error_reference, ticket.owner) == ("/paie/", "ABCD-2345", agent)
    assert all(ticket.reference in answer.content.decode() for answer in answers)


def test_a_report_of_somebody_not_signed_in_waits_at_the_desk(signed_in: SignIn) -> None:
    stranger, sent = client_on("portal"), report(contact="Nadia Leroy, 06 12 34 56 78")
    references = set()
    for _time in range(2):
        page = stranger.post("/assistance/signaler/", sent)
        assert page.status_code == 200
        references.add(PublicReport.objects.get().reference)
    assert len(references) == 1
    desk = signed_in(make_technician(), "support")
    assert "06 12 34 56 78" in desk.get("/bureau/signalements/").content.decode()
    kept = PublicReport.objects.get()
    assert signed_in(make_agent(), "support").post(f"/bureau/signalements/{kept.pk}/").status_code == 404
    assert desk.post(f"/bureau/signalements/{kept.pk}/").status_code == 303
    assert "06 12 34 56 78" not in desk.get("/bureau/signalements/").content.decode()


def test_reports_from_one_address_are_few_an_hour_and_what_was_typed_stays(settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, support_reports_per_hour=2)
    stranger = client_on("portal")
    statuses = [
        stranger.post("/assistance/signaler/", report(contact="Moi"), **OUTSIDE).status_code for _time in range(3)
    ]
    assert statuses == [200, 200, 422]
    assert PublicReport.objects.count() == 2
    assert stranger.post("/assistance/signaler/", report(contact="Moi")).status_code == 200


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_page_that_is_not_ours_is_not_kept(page: str) -> None:
    client_on("portal").post("/assistance/signaler/", report(contact="Moi", page=page))
    assert PublicReport.objects.get().page == ""


def test_an_incomplete_report_says_what_is_missing() -> None:
    answer = client_on("portal").post("/assistance/signaler/", report(text="", error_reference="n’importe"))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Dites ce qui s’est passé." in html
    assert "Dites comment vous joindre." in html
    assert "deux groupes de quatre signes" in html


def test_every_page_and_every_error_leads_to_a_report_with_its_address(agent: Agent, signed_in: SignIn) -> None:
    assert "/assistance/signaler/?page=/conges/" in signed_in(agent).get("/conges/").content.decode()
    assert "/assistance/signaler/?page=/connexion/" in client_on("portal").get("/connexion/").content.decode()
    error = client_on("portal").get("/inconnue/")
    reference = error["X-Request-Reference"]
    assert f"/assistance/signaler/?page=/inconnue/&amp;reference={reference}" in error.content.decode()
    on_webmail = signed_in(agent, "webmail").get("/compte/").content.decode()
    assert "https://nomades.ville.localhost:8443/assistance/signaler/?page=/compte/" in on_webmail


def test_the_state_of_each_service_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = {
        "a": health.HealthCheck("a", "Lire la messagerie", lambda: True),
        "b": health.HealthCheck("b", "Envoyer un courriel", lambda: False),
    }
    monkeypatch.setattr(health, "_checks", checks)
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
        assert watch_parts() == 1
        html = client_on("portal").get("/assistance/").content.decode()
    assert "Lire la messagerie" in html
    assert "ne répond pas" in html
    before = PartState.objects.get(key="b").since
    with time_machine.travel("2026-11-23T08:01:00Z", tick=False):
        watch_parts()
    assert PartState.objects.get(key="b").since == before
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False):
        assert "Lire la messagerie" not in client_on("portal").get("/assistance/").content.decode()


def test_an_incident_is_announced_to_all_and_ends(signed_in: SignIn) -> None:
    desk = signed_in(make_technician(), "support")
    sent = {"title": "La messagerie est lente", "text": "Nous y travaillons."}
    assert desk.post("/bureau/incidents/", sent).status_code == 303
    assert "La messagerie est lente" in client_on("portal").get("/assistance/").content.decode()
    stranger = signed_in(make_agent(), "support")
    assert stranger.post("/bureau/incidents/", sent).status_code == 404
    incident = announce_incident(by=make_technician(), title="Autre", text="")
    assert stranger.post(f"/bureau/incidents/{incident.pk}/fin/").status_code == 404
    assert desk.post(f"/bureau/incidents/{incident.pk}/fin/").status_code == 303
    assert "Autre" not in client_on("portal").get("/assistance/").content.decode()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("imprimante bloquée", "imprimante-n-imprime-pas"),
        ("imprimante bloquee", "imprimante-n-imprime-pas"),
        ("mon imprimante ne marche plus", "imprimante-n-imprime-pas"),
        ("l’écran est noir", "ecran-noir-au-demarrage"),
        ("ECRAN NOIR", "ecran-noir-au-demarrage"),
        ("boîte plei", "boite-pleine"),
        ("phishing courriel suspect", "courriel-suspect"),
    ],
)
def test_an_article_is_found_as_one_types_whatever_the_accents(
    typed: str, first: str, agent: Agent, signed_in: SignIn
) -> None:
    client = signed_in(agent, "support")
    html = client.get("/connaissances/", {"q": typed}).content.decode()
    assert html.index(f"/connaissances/{first}/") == min(
        html.index(f"/connaissances/{article.slug}/")
        for article in Article.objects.all()
        if f"/connaissances/{article.slug}/" in html
    )
    proposed = client.get("/demandes/nouvelle/articles/", {"subject": typed}, headers={"HX-Request": "true"})
    assert f"/connaissances/{first}/" in proposed.content.decode()


@pytest.mark.parametrize("typed", ["", "  ", "!!!", "le la les", "'; DROP TABLE", "a & | ! :* <->", "zzzzzz"])
def test_a_search_of_nothing_finds_nothing_and_breaks_nothing(typed: str, agent: Agent, signed_in: SignIn) -> None:
    assert signed_in(agent, "support").get("/demandes/nouvelle/articles/", {"subject": typed}).status_code == 200


def test_articles_are_written_by_technicians_and_editors_and_drafts_are_theirs(agent: Agent, signed_in: SignIn) -> None:
    editor = make_agent("Inès", "Moreau")
    grant(editor, Role.EDITOR)
    writes, reads = signed_in(editor, "support"), signed_in(agent, "support")
    assert reads.get("/connaissances/nouveau/").status_code == 404
    sent = {"title": "Tout va bien", "summary": "Rien à faire", "body": "## Titre\n\n- un\n- deux", "version": ""}
    address = writes.post("/connaissances/nouveau/", sent)["Location"]
    assert writes.get(address).status_code == 200
    assert reads.get(address).status_code == 404
    assert reads.post(f"{address}modifier/", sent).status_code == 404
    published = writes.post(f"{address}modifier/", {**sent, "published": "on", "version": "1"})
    assert published.status_code == 303
    assert "<li>deux</li>" in reads.get(address).content.decode()
    late = writes.post(f"{address}modifier/", {**sent, "title": "Autre", "version": "1"})
    assert late.status_code == 422
    assert "entre-temps" in late.content.decode()


def test_two_articles_of_one_title_have_two_addresses(agent: Agent) -> None:
    saved = [save_article(None, by=agent, title="Même", summary="s", body="b").slug for _time in range(2)]
    assert saved == ["meme", "meme-2"]


def test_markup_in_an_article_is_text(agent: Agent, signed_in: SignIn) -> None:
    article = save_article(None, by=None, title="<b>x</b>", summary="s", body="<script>alert(1)</script>")
    html = signed_in(agent, "support").get(f"/connaissances/{article.slug}/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert [block.kind for block in blocks("## a\n\n- b\n\n1. c\n\nd")] == ["heading", "bullets", "steps", "paragraph"]


def test_hours_and_numbers_are_said_in_words(settings: Any) -> None:
    written = "lundi-jeudi 8:30-12:00, lundi-jeudi 13:00-17:30, vendredi 8:00-12:00, dimanche 9:00-10:00"
    assert opening_in_words(read_opening(written)) == [
        "du lundi au jeudi, de 8\xa0h\xa030 à 12\xa0h et de 13\xa0h à 17\xa0h\xa030",
        "le vendredi, de 8\xa0h à 12\xa0h",
        "le dimanche, de 9\xa0h à 10\xa0h",
    ]
    settings.NOMADE = replace(settings.NOMADE, support_phone="+33 1 42 76 00 00", support_numbers=("Nuit=3975",))
    assert [(contact.label, contact.dialled) for contact in contacts()] == [
        ("Support informatique", "+33142760000"),
        ("Nuit", "3975"),
    ]


def test_old_reports_of_strangers_are_deleted() -> None:
    for days in (10, 400):
        PublicReport.objects.create(
            token=uuid.uuid4(), reference=f"C-{days}", text="x", contact="y", created_at=now() - timedelta(days=days)
        )
    assert purge().reports == 1
    assert PublicReport.objects.get().reference == "C-10"
