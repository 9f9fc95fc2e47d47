"""Writing mail: with completion, a dropped file, « Annuler l'envoi », on a phone, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from closing import close_page
from people import PAUL, sign_in
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from seen import axe_violations, overflow, picture

Open = Callable[..., BrowserContext]
DROP = """(target) => {
  const data = new DataTransfer();
  data.items.add(new File(["%PDF-1.4"], "plan.pdf", {type: "application/pdf"}));
  target.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
}"""


def send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer", exact=True).click()


def kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Brouillon gardé")
    expect(page).to_have_url(re.compile("/messagerie/envois/"))


def test_a_letter_is_written_by_keyboard_with_a_dropped_file_then_taken_back(
    open_context: Open, camille: StorageState
) -> None:
    context = open_context(1440, state=camille)
    page = context.new_page()
    page.goto("/messagerie/nouveau/")
    field = page.get_by_role("combobox", name="À", exact=True)
    field.press_sequentially("mehdi")
    expect(page.get_by_role("option").first).to_contain_text("Mehdi Benali")
    assert axe_violations(page) == []
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("personnes-"))
    field.press("Enter")
    expect(field).to_have_value(re.compile(r"Mehdi Benali <mehdi\.benali@paris\.fr>, "))
    page.get_by_label("Objet").fill("Plan du verger")
    page.get_by_label("Message").fill("Bonjour Mehdi,\n\nvoici le plan ci-joint.")
    with context.watch.expecting(422):  # type: ignore[attr-defined]
        send(page)
        expect(page.get_by_role("alert")).to_contain_text("parle d’une pièce jointe")
    assert axe_violations(page) == []
    page.locator("nm-compose").evaluate(DROP)
    expect(page.get_by_role("checkbox", name=re.compile("plan.pdf"))).to_be_checked()
    send(page)
    expect(page.get_by_text("« Plan du verger » part dans moins de")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.get_by_role("heading", name="Reprendre le message")).to_be_visible()
    expect(page.get_by_label("Message")).to_have_value(re.compile("voici le plan"))
    expect(page.get_by_role("checkbox", name=re.compile("plan.pdf"))).to_be_checked()


def test_what_is_typed_survives_a_crash_and_two_tabs_do_not_overwrite_each_other(
    open_context: Open, camille: StorageState
) -> None:
    context = open_context(1440, state=camille)
    page = context.new_page()
    page.goto("/messagerie/nouveau/")
    page.get_by_label("Objet").fill("Commencé avant la panne")
    kept(page)
    address = page.url
    close_page(page)
    first, second = context.new_page(), context.new_page()
    first.goto(address)
    second.goto(address)
    expect(first.get_by_label("Objet")).to_have_value("Commencé avant la panne")
    first.get_by_label("Message").fill("du premier onglet")
    expect(first.locator("[data-saved]")).to_contain_text("Brouillon gardé")
    with context.watch.expecting(409):  # type: ignore[attr-defined]
        second.get_by_label("Message").fill("du second onglet")
        expect(second.get_by_role("alert")).to_contain_text("autre onglet")
    assert axe_violations(second) == []
    second.get_by_role("button", name="Garder celle-ci").click()
    expect(second.locator("[data-saved]")).to_contain_text("Brouillon gardé")
    first.reload()
    expect(first.get_by_label("Message")).to_have_value("du second onglet")


def test_formatted_text_is_written_by_keyboard_and_quotes_whole(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/messagerie/?q=objet:planning")
    page.get_by_role("link", name=re.compile("Planning de la semaine")).first.click()
    page.get_by_role("link", name="Répondre", exact=True).click()
    page.get_by_role("button", name="Mettre en forme").click()
    text = page.get_by_role("textbox", name="Message")
    expect(text).to_be_focused()
    expect(text.locator("blockquote").first).to_be_visible()
    bar = page.get_by_role("toolbar", name="Mise en forme")
    page.keyboard.type("Entendu")
    page.keyboard.press("Shift+Home")
    bar.get_by_role("button", name="Gras").focus()
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Italique")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(text.locator("b", has_text="Entendu")).to_be_visible()
    assert axe_violations(page) == []
    kept(page)
    page.get_by_role("button", name="Revenir au texte simple").click()
    expect(page.get_by_label("Message")).to_have_value(re.compile("Entendu"))


def test_without_javascript_somebody_is_found_and_written_to(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille, java_script_enabled=False).new_page()
    page.goto("/messagerie/nouveau/")
    page.get_by_label("Objet").fill("Sans script")
    page.get_by_label("Message").fill("Bonjour")
    page.get_by_label("Chercher une personne").fill("mehdi")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_label(re.compile("Mehdi Benali")).check()
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_label("À", exact=True)).to_have_value(re.compile("mehdi.benali@paris.fr"))
    expect(page.get_by_label("Message")).to_have_value("Bonjour")
    send(page)
    expect(page.get_by_role("status").first).to_contain_text("Votre message part")
    page.goto("/messagerie/envois/")
    page.get_by_role("button", name="Annuler l’envoi").first.click()
    expect(page.get_by_label("Objet")).to_have_value("Sans script")


def test_an_absence_is_answered_and_a_rule_is_set(open_context: Open, camille: StorageState) -> None:
    page = open_context(768, state=camille).new_page()
    page.goto("/messagerie/absence/")
    page.get_by_label("Répondre automatiquement").check()
    page.get_by_label("Réponse", exact=False).last.fill("Je suis absente.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("en place")
    page.goto("/messagerie/regles/nouvelle/")
    page.get_by_label("Nom de la règle").fill("Paie")
    page.get_by_label("Quoi").first.select_option("subject")
    page.get_by_label("Texte").first.fill("bulletin")
    page.get_by_label("Marquer comme lu").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Paie")).to_be_visible()
    page.get_by_role("button", name="Supprimer").first.click()
    expect(page.get_by_text("Aucune règle")).to_be_visible()
    page.goto("/messagerie/absence/")
    page.get_by_label("Répondre automatiquement").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("arrêtée")


PAGES = {
    "nouveau": "/messagerie/nouveau/",
    "envois": "/messagerie/envois/",
    "contacts": "/messagerie/contacts/",
    "contact": "/messagerie/contacts/nouveau/",
    "regles": "/messagerie/regles/",
    "regle": "/messagerie/regles/nouvelle/",
    "absence": "/messagerie/absence/",
    "ecrire": "/messagerie/reglages/ecrire/",
    "identite": "/messagerie/reglages/identites/nouvelle/",
}


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (360, "dark"), (768, "light"), (1440, "dark")])
def test_every_page_of_writing_reflows_and_axe_says_nothing(
    open_context: Open, camille: StorageState, width: int, theme: str
) -> None:
    page = open_context(width, theme=theme, state=camille).new_page()
    found = []
    for name, address in PAGES.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found += axe_violations(page) + overflow(page, width)
        picture(page, f"ecrire-{name}-{width}-{theme}")
    assert found == []


def test_a_formatted_signature_signs_and_leaves_with_its_identity(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    for name, words in (("Mise en forme", "Équipe des serres"), ("Autre", "")):
        page.goto("/messagerie/reglages/identites/nouvelle/")
        page.get_by_label("Intitulé").fill(name)
        if not words:
            page.get_by_label("Signature").fill("Camille\nau verger")
        else:
            page.get_by_label("L’utiliser d’habitude").check()
            page.get_by_role("button", name="Mettre en forme").click()
            expect(page.get_by_role("textbox", name="Signature")).to_be_focused()
            page.keyboard.type(words)
            page.keyboard.press("Shift+Home")
            page.get_by_role("toolbar").get_by_role("button", name="Lien").click()
            page.keyboard.type("rien")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("n’est pas complète")
            assert axe_violations(page) == []
            page.get_by_label("Adresse du lien").fill("www.paris.fr")
            page.keyboard.press("Enter")
            expect(page.get_by_role("textbox", name="Signature").locator("a")).to_have_text(words)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("status").first).to_contain_text("enregistrée")
    page.goto("/messagerie/nouveau/")
    page.get_by_role("button", name="Mettre en forme").click()
    text = page.get_by_role("textbox", name="Message", exact=True)
    expect(text.get_by_role("link", name="Équipe des serres")).to_have_attribute("href", "https://www.paris.fr")
    page.get_by_text("Identité, importance, accusé de lecture").click()
    page.get_by_label("Identité").select_option(label="Autre (Camille Durand)")
    expect(text).to_contain_text("au verger")
    expect(text).not_to_contain_text("Équipe des serres")
    for name in ("Autre", "Mise en forme"):
        page.goto("/messagerie/reglages/ecrire/")
        page.get_by_role("button", name=f"Supprimer l’identité {name}").click()


def test_a_letter_waits_on_its_page_when_the_session_was_closed_elsewhere(
    open_context: Open,
) -> None:
    context = open_context(1440)
    page, other = context.new_page(), context.new_page()
    sign_in(other, PAUL)
    page.goto("/messagerie/nouveau/")
    page.get_by_role("combobox", name="À", exact=True).fill("mehdi.benali@paris.fr")
    page.get_by_label("Objet").fill("Écrit avant la fermeture")
    other.get_by_role("button", name="Se déconnecter").click()
    expect(other).to_have_url(re.compile("/a-bientot/"))
    with context.watch.expecting(403):  # type: ignore[attr-defined]
        page.get_by_label("Message").fill("Toujours là.")
        send(page)
        expect(page.locator("[data-saved]")).to_contain_text("Votre session est fermée")
    expect(page.get_by_label("Message")).to_have_value("Toujours là.")
    sign_in(other, PAUL)
    with context.watch.expecting(403):  # type: ignore[attr-defined]
        send(page)
        expect(page.get_by_text("« Écrit avant la fermeture » part dans moins de")).to_be_visible()
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.get_by_label("Message")).to_have_value("Toujours là.")
