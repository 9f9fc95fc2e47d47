"""The support in a browser: help for all, a ticket from the agent to its answer, the desk, a locked account."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from people import Person, sign_in
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from running_portal import Portal
from seen import axe_violations, overflow, picture

Open = Callable[..., BrowserContext]
LUCAS = Person("lucas.petit@paris.fr", "Lucas", "Petit")
HUGO = Person("hugo.faure@paris.fr", "Hugo", "Faure")
HELP = ("/assistance/", "/assistance/aide/compte-bloque/", "/assistance/signaler/?page=/paie/")


def _succeeded(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def test_help_is_read_on_a_phone_without_signing_in_nor_scripts(open_context: Open) -> None:
    page = open_context(360, java_script_enabled=False).new_page()
    page.goto("/connexion/")
    page.get_by_role("link", name="Signaler un dysfonctionnement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signaler un dysfonctionnement")
    expect(page.get_by_text("/connexion/")).to_be_visible()
    page.get_by_label("Que s’est-il passé ?").fill("La page ne s’ouvre pas.")
    with page.context.watch.expecting(422):  # type: ignore[attr-defined]
        page.get_by_role("button", name="Envoyer le signalement").click()
        expect(page.get_by_role("alert")).to_contain_text("Dites comment vous joindre.")
    expect(page.get_by_label("Que s’est-il passé ?")).to_have_value("La page ne s’ouvre pas.")
    page.get_by_label("Votre nom et comment vous joindre").fill("Nadia Leroy, 06 39 98 00 00")
    page.get_by_role("button", name="Envoyer le signalement").click()
    _succeeded(page, "votre signalement est bien arrivé")
    page.goto("/assistance/")
    page.get_by_role("link", name="Mon compte est bloqué").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte est bloqué")
    expect(page.get_by_role("link", name="01 99 00 40 40")).to_have_attribute("href", "tel:0199004040")


def test_a_locked_agent_is_unlocked_by_the_technician_with_two_proofs(open_context: Open, portal: Portal) -> None:
    hugo = open_context(360).new_page()
    hugo.goto("/connexion/")
    hugo.get_by_label("Identifiant").fill(HUGO.login)
    hugo.get_by_label("Mot de passe").fill(HUGO.password)
    with hugo.context.watch.expecting(422):  # type: ignore[attr-defined]
        hugo.get_by_role("button", name="Se connecter", exact=True).click()
        expect(hugo.get_by_role("alert").first).to_contain_text("suspendu")

    desk = open_context(1440).new_page()
    sign_in(desk, LUCAS)
    desk.goto(portal.url("/bureau/agents/", "support"))
    desk.get_by_role("searchbox", name="Nom, identifiant, matricule ou téléphone").fill("hugo faure")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Hugo Faure").click()
    expect(desk.get_by_role("region", name="État du compte")).to_contain_text("Compte bloqué")
    desk.get_by_role("button", name="Vérifier l’identité").click()
    expect(desk.get_by_role("button", name="Débloquer le compte")).to_have_count(0)
    desk.get_by_role("button", name="L’agent a répondu à ce numéro").click()
    _succeeded(desk, "La preuve est notée")
    expect(desk.get_by_role("button", name="Débloquer le compte")).to_have_count(0)
    desk.get_by_role("button", name="J’ai vu l’agent et son badge").click()
    found = axe_violations(desk) + overflow(desk, 1440)
    picture(desk, "verification-1440-light")
    desk.get_by_role("button", name="Débloquer le compte").click()
    _succeeded(desk, "déblocage")
    assert not found, "\n".join(found)
    sign_in(hugo, HUGO)


def test_a_ticket_goes_from_the_agent_to_its_answer_and_back(
    open_context: Open, portal: Portal, camille: StorageState, tmp_path: Path
) -> None:
    agent = open_context(768, state=camille).new_page()
    agent.goto("/assistance/")
    agent.get_by_role("link", name="Ouvrir le portail de support").click()
    expect(agent.get_by_role("heading", level=1)).to_have_text("Portail de support")
    agent.get_by_role("link", name="Imprimante ou copieur").click()
    agent.get_by_label("En quelques mots").press_sequentially("Le copieur imprime en rose")
    expect(agent.locator("#propositions")).to_contain_text("L’imprimante n’imprime pas")
    expect(agent.get_by_label("Imprimante ou copieur")).to_be_checked()
    agent.get_by_label("Que se passe-t-il ?").fill("Toutes les pages sortent roses depuis lundi.")
    note = tmp_path / "page.png"
    agent.screenshot(path=note)
    agent.get_by_label("Photos ou fichiers").set_input_files(note)
    agent.get_by_role("button", name="Envoyer la demande").click()
    _succeeded(agent, "Votre demande est envoyée")
    address = agent.url

    desk = open_context(1440).new_page()
    sign_in(desk, LUCAS)
    desk.goto(portal.url("/bureau/?q=copieur rose", "support"))
    desk.get_by_role("link", name="Le copieur imprime en rose").click()
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="page.png").click()
    assert waiting.value.suggested_filename == "page.png"
    desk.get_by_role("button", name="Prendre cette demande").click()
    _succeeded(desk, "est confiée à Lucas Petit")
    desk.get_by_label("Votre réponse").fill("Le toner magenta fuit, il est changé.")
    desk.get_by_label("Ensuite").select_option(label="C’est résolu")
    desk.get_by_role("button", name="Envoyer", exact=True).click()
    _succeeded(desk, "Votre réponse est envoyée")

    agent.goto("/notifications/")
    agent.get_by_role("main").get_by_role("button", name=re.compile("Votre demande est résolue")).first.click()
    agent.wait_for_url(address)
    expect(agent.get_by_text("Le toner magenta fuit")).to_be_visible()
    agent.get_by_role("button", name="Très bien").click()
    _succeeded(agent, "Merci de votre avis")
    agent.get_by_role("button", name="C’est réglé, clore ma demande").click()
    _succeeded(agent, "close")
    found = axe_violations(agent) + overflow(agent, 768)
    assert not found, "\n".join(found)


def test_the_technician_walks_fifty_tickets_by_keyboard(open_context: Open, portal: Portal) -> None:
    desk = open_context(1440).new_page()
    sign_in(desk, LUCAS)
    desk.goto("/")
    desk.get_by_role("region", name="À faire").get_by_role("link", name="Ouvrir le bureau").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bureau du support")
    desk.get_by_role("link", name="Toutes", exact=True).focus()
    desk.keyboard.press("Enter")
    lines = desk.get_by_role("list", name="Demandes").get_by_role("listitem")
    expect(lines).to_have_count(50)
    first = lines.first.get_by_role("link")
    first.focus()
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile(r"/demandes/[0-9a-f-]{36}/"))
    desk.wait_for_load_state()
    answer = desk.get_by_label("Votre réponse")
    if answer.count():  # a closed ticket takes no answer
        answer.focus()
        desk.keyboard.type("Bonjour, je regarde.")
        for _ in range(12):
            desk.keyboard.press("Tab")
            if desk.evaluate("() => document.activeElement?.id") == "envoyer":
                break
        desk.keyboard.press("Enter")
        _succeeded(desk, "Votre réponse est envoyée")


def test_the_pages_of_the_support_pass_axe_and_fit(open_context: Open, portal: Portal, camille: StorageState) -> None:
    found = []
    for width, theme in ((320, "dark"), (1440, "light")):
        stranger = open_context(width, theme=theme).new_page()
        for place, address in enumerate(HELP):
            stranger.goto(address)
            found += axe_violations(stranger) + overflow(stranger, width)
            picture(stranger, f"assistance-{place}-{width}-{theme}")
        agent = open_context(width, theme=theme, state=camille).new_page()
        own = ("/", "/demandes/", "/demandes/nouvelle/?objet=wifi", "/connaissances/", "/connaissances/boite-pleine/")
        for place, address in enumerate(own):
            agent.goto(portal.url(address, "support"))
            found += axe_violations(agent) + overflow(agent, width)
            picture(agent, f"support-{place}-{width}-{theme}")
        desk = open_context(width, theme=theme).new_page()
        sign_in(desk, LUCAS)
        for place, address in enumerate(
            (
                "/bureau/",
                "/bureau/agents/?q=dur",
                "/bureau/signalements/",
                "/bureau/incidents/",
                "/connaissances/nouveau/",
            )
        ):
            desk.goto(portal.url(address, "support"))
            found += axe_violations(desk) + overflow(desk, width)
            picture(desk, f"bureau-{place}-{width}-{theme}")
        desk.goto(portal.url("/bureau/?vue=a-moi", "support"))
        desk.get_by_role("list", name="Demandes").get_by_role("link").first.click()
        found += axe_violations(desk) + overflow(desk, width)
        picture(desk, f"bureau-demande-{width}-{theme}")
    assert not found, "\n".join(found)
