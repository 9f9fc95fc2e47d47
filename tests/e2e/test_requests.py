"""What is decided is also talked about: an agent on her phone, her HR officer, her head of team."""

from __future__ import annotations

import re
from typing import Any

from people import MEHDI, Person, sign_in
from playwright.sync_api import Page, expect
from seen import axe_violations, overflow, picture
from steps import Hands, reach

SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def _checked(page: Page, width: int, name: str) -> None:
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def test_an_agent_and_human_resources_write_to_each_other_on_the_page_of_a_certificate(
    open_context: Any, camille: Any
) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/attestations/demander/?document=certificat-travail")
    page.get_by_role("button", name=re.compile("Envoyer|Demander")).last.click()
    Hands(page).succeeded("Demande envoyée")
    address = page.url
    page.get_by_text("Écrire un message").click()
    page.get_by_label("Votre message").fill("C’est pour ma banque, avant le 15.")
    page.get_by_label("Photos ou fichiers").set_input_files(
        {"name": "lettre.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Envoyer", exact=True).click()
    Hands(page).succeeded("Votre message est envoyé")
    _checked(page, 360, "request-talk")

    office = open_context(1440, theme="dark").new_page()
    sign_in(office, SOPHIE)
    office.goto("/attestations/gestion/")
    _checked(office, 1440, "requests-with-messages")
    office.get_by_role("row", name=re.compile("Camille Durand.*certificat de travail", re.DOTALL)).get_by_role(
        "link", name="1 message"
    ).click()
    expect(office.get_by_role("main")).to_contain_text("C’est pour ma banque")
    expect(office.get_by_role("link", name="lettre.png")).to_be_visible()
    for text, internal in (("Vous l’aurez lundi.", False), ("Voir avec Marc", True)):
        office.get_by_text("Écrire à Camille Durand").click()
        office.get_by_label("Votre message").fill(text)
        if internal:
            office.get_by_label(re.compile("Note interne")).check()
        office.get_by_role("button", name="Envoyer", exact=True).click()
        Hands(office).succeeded("Note gardée" if internal else "Votre message est envoyé")
    _checked(office, 1440, "request-desk-talk")

    Hands(page).was_told("Vous avez un message sur votre demande")
    assert page.url == address
    expect(page.get_by_role("main")).to_contain_text("Vous l’aurez lundi.")
    expect(page.get_by_role("main")).not_to_contain_text("Voir avec Marc")


def test_a_message_about_an_absence_is_written_with_the_keyboard_and_answered_without_scripts(
    open_context: Any, camille: Any
) -> None:
    context = open_context(768, state=camille)
    page = context.new_page()
    page.goto("/conges/")
    links = [link.get_attribute("href") or "" for link in page.get_by_role("main").locator("a").all()]
    address = next(link for link in links if re.fullmatch("/conges/[0-9a-f-]{36}/", link))
    page.goto(address)
    reach(page, "#ecrire > summary")
    page.keyboard.press("Enter")
    reach(page, "#envoyer")
    with context.watch.expecting(422):
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Écrivez un message, ou joignez un fichier.")
    reach(page, "#message_text")
    page.keyboard.type("Puis-je revenir un jour plus tôt ?")
    reach(page, "#envoyer")
    page.keyboard.press("Enter")
    Hands(page).succeeded("Votre message est envoyé")
    _checked(page, 768, "leave-talk")

    head = open_context(360, java_script_enabled=False).new_page()
    sign_in(head, MEHDI)
    head.goto(address)
    head.get_by_text("Écrire à Camille Durand").click()
    head.get_by_label("Votre message").fill("Oui, dites-moi quel jour.")
    head.get_by_role("button", name="Envoyer", exact=True).click()
    expect(head.get_by_role("status").first).to_contain_text("Votre message est envoyé")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("Oui, dites-moi quel jour.")
