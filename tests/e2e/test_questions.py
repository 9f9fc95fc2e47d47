"""Questions to human resources, and the desk that answers: a gardener on her phone, the pay office, her HR officer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from people import Person, sign_in
from playwright.sync_api import Page, expect
from seen import axe_violations, overflow, picture
from steps import Hands, reach

THOMAS = Person("thomas.roy@paris.fr", "Thomas", "Roy")
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
NURSE = Person("leila.martin@paris.fr", "Leïla", "Martin")
MARC = Person("marc.dubois@paris.fr", "Marc", "Dubois")


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def test_an_agent_asks_why_the_pay_changed_and_reads_the_answer(open_context: Any, camille: Any) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/paie/")
    page.get_by_role("link", name="Ouvrir le bulletin").click()
    line = page.locator(".payslip-figures > div").filter(has_text="Traitement").first
    if line.locator("summary").count():
        line.locator("summary").click()
    line.get_by_role("link", name=re.compile("Poser une question")).click()
    Hands(page).heading("Poser une question")
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile("À propos de : « Traitement.*bulletin de paie"))
    expect(page.locator("#promesse")).to_contain_text("Bureau de la paie vous répondra avant le")
    page.get_by_label("Votre question en quelques mots").fill("pourquoi mon bulletin de paie semble faux")
    expect(page.locator("#propositions")).to_contain_text("La réponse est peut-être ici")
    page.get_by_label("Précisez votre question").fill("Mon traitement a baissé et je n’ai pas changé d’horaires.")
    _checked(page, 360, "question-new")
    page.get_by_role("button", name="Envoyer la question").click()
    Hands(page).succeeded("Votre question est envoyée")
    _checked(page, 360, "question-sent")
    address = page.url

    office = open_context(1440, theme="dark").new_page()
    sign_in(office, THOMAS)
    office.goto("/questions/bureau/")
    office.get_by_role("link", name="pourquoi mon bulletin de paie semble faux").click()
    expect(office.get_by_role("main")).to_contain_text("Mon traitement a baissé")
    office.get_by_label("Réponse type", exact=True).select_option(label="Changement d’échelon")
    office.get_by_role("button", name="Insérer").click()
    expect(office.get_by_label("Votre réponse")).to_have_value(re.compile("^Bonjour Camille,"))
    _checked(office, 1440, "question-answer")
    office.get_by_role("button", name="Envoyer", exact=True).click()
    Hands(office).succeeded("Votre réponse est envoyée")

    Hands(page).was_told("Bureau de la paie vous a répondu")
    assert page.url == address
    expect(page.get_by_role("main")).to_contain_text("votre échelon a changé")
    page.get_by_role("button", name="Très bien").click()
    Hands(page).succeeded("Merci de votre avis")
    expect(page.get_by_role("button", name="Très bien")).to_have_attribute("aria-pressed", "true")
    _checked(page, 360, "question-answered")


def test_a_question_is_asked_without_javascript(open_context: Any, camille: Any) -> None:
    context = open_context(768, state=camille, java_script_enabled=False)
    page = context.new_page()
    page.goto("/questions/nouvelle/")
    page.get_by_label("Sur quoi porte votre question ?").select_option(label="Mes congés, mes RTT, mes absences")
    page.get_by_label("Votre question en quelques mots").fill("Puis-je poser un demi-jour ?")
    with context.watch.expecting(422):
        page.get_by_role("button", name="Envoyer la question").click()
        expect(page.get_by_role("alert")).to_contain_text("Précisez votre question.")
    expect(page.get_by_label("Votre question en quelques mots")).to_have_value("Puis-je poser un demi-jour ?")
    page.get_by_label("Précisez votre question").fill("Le matin seulement.")
    page.get_by_role("button", name="Envoyer la question").click()
    Hands(page, scripted=False).succeeded("Votre question est envoyée")


def test_a_question_is_asked_answered_and_rated_with_the_keyboard_alone(open_context: Any) -> None:
    page = open_context(1440).new_page()
    sign_in(page, NURSE)
    page.goto("/questions/nouvelle/")
    reach(page, "#id_subject")
    page.keyboard.type("Mon casque de chantier")
    reach(page, "#id_topic")
    page.keyboard.type("Mes cong")
    reach(page, "#id_text")
    page.keyboard.type("Où se retire-t-il ?")
    _press(page, "#envoyer")
    Hands(page).succeeded("Votre question est envoyée")

    office = open_context(1440).new_page()
    sign_in(office, MARC)
    office.goto(page.url)
    _press(office, "#prendre")
    Hands(office).succeeded("est confiée à")
    reach(office, "#id_text")
    office.keyboard.type("Au magasin du quai, le matin.")
    _press(office, "#envoyer")
    Hands(office).succeeded("Votre réponse est envoyée")

    page.reload()
    _press(page, "button.opinion[value='4']")
    Hands(page).succeeded("Merci de votre avis")


def _press(page: Page, selector: str) -> None:
    reach(page, selector)
    page.keyboard.press("Enter")


def test_the_hr_officer_handles_thirty_requests_of_four_services_in_one_sitting(open_context: Any) -> None:
    page = open_context(1440).new_page()
    sign_in(page, SOPHIE)
    page.goto("/portefeuille/demandes/")
    _checked(page, 1440, "portfolio-waiting")
    handled = _questions(page) + _certificates(page) + _changes(page) + _leave(page)
    assert handled >= 30, handled
    page.goto("/portefeuille/demandes/")
    expect(page.get_by_role("link", name=re.compile("^Attestation C-"))).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("^Dossier C-"))).to_have_count(0)


def _questions(page: Page) -> int:
    """One after the other, by « Envoyer et ouvrir la suivante »."""
    page.goto("/portefeuille/demandes/?demande=question")
    page.get_by_role("list", name="Demandes en attente").get_by_role("link").first.click()
    count = 0
    while page.get_by_role("button", name="Envoyer et ouvrir la suivante").count():
        before = page.url
        page.get_by_label("Votre réponse").fill("Bonjour, voici la réponse à votre question.")
        page.get_by_role("button", name="Envoyer et ouvrir la suivante").click()
        expect(page).not_to_have_url(before)
        count += 1
        assert count < 60
    Hands(page).heading("Bureau des questions")
    return count


def _certificates(page: Page) -> int:
    """Each is opened from the list, and answered."""
    count = 0
    while True:
        page.goto("/portefeuille/demandes/?demande=certificate")
        waiting = page.get_by_role("link", name=re.compile("^Attestation C-"))
        if not waiting.count():
            return count
        waiting.first.click()
        page.get_by_label(re.compile("Motif")).fill("Ce document se télécharge tout de suite dans « Attestations ».")
        page.get_by_role("button", name="Refuser").click()
        expect(page.get_by_role("status").first).to_be_visible()
        count += 1


def _changes(page: Page) -> int:
    """All at once, at the desk of files."""
    page.goto("/dossier/gestion/")
    boxes = page.get_by_role("main").get_by_role("checkbox", name=re.compile("Choisir|Cocher|demande", re.IGNORECASE))
    count = boxes.count()
    for place in range(count):
        boxes.nth(place).check()
    page.get_by_role("button", name="Accepter les demandes cochées").click()
    expect(page.get_by_role("status").first).to_be_visible()
    return count


def _leave(page: Page) -> int:
    """Those that wait for human resources, validated together."""
    page.goto("/conges/a-valider/")
    boxes = page.get_by_role("main").get_by_role("checkbox")
    count = boxes.count()
    for place in range(count):
        boxes.nth(place).check()
    page.locator("#valider-lot").click()
    expect(page.get_by_role("status").filter(has_text="valid").first).to_be_visible()
    return count


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (768, "light"), (1440, "dark")])
def test_the_pages_of_the_desk_and_of_the_portfolio_are_right(open_context: Any, width: int, theme: str) -> None:
    page = open_context(width, theme=theme).new_page()
    sign_in(page, MARC)
    for address, name in (
        ("/questions/", "questions"),
        ("/questions/bureau/?vue=toutes", "desk"),
        ("/questions/bureau/reponses/", "ready-answers"),
        ("/questions/bureau/bilan/", "report"),
        ("/questions/reglages/", "keeping"),
        ("/questions/reglages/sujets/", "topic"),
        ("/portefeuille/", "portfolio"),
        ("/portefeuille/alertes/", "alerts"),
        ("/portefeuille/lettres/modeles/", "letters"),
    ):
        page.goto(address)
        _checked(page, width, name)
    page.goto("/portefeuille/?fin=180")
    page.get_by_role("table").get_by_role("link").first.click()
    _checked(page, width, "card")
    page.goto("/portefeuille/?fin=180")
    page.get_by_role("checkbox", name=re.compile("^Choisir")).first.check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Préparer les lettres").click()
    assert waiting.value.suggested_filename == "lettres.pdf"
