"""The gardener finds a colleague on a phone, half spelled; the organisation chart is walked by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, StorageState, expect

Open = Callable[..., BrowserContext]


def test_a_colleague_is_found_on_a_phone_without_accents_and_half_spelled(
    open_context: Open, camille: StorageState
) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/annuaire/")
    page.get_by_role("searchbox", name="Nom, métier, service, lieu ou téléphone").press_sequentially("mehd bena")
    results = page.locator("#resultats")
    expect(results).to_have_attribute("aria-live", "polite")
    results.get_by_role("link", name=re.compile("Mehdi Benali")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mehdi Benali")
    page.get_by_role("button", name="Ajouter à mes favoris").click()
    expect(page.get_by_role("status")).to_contain_text("est dans vos favoris")
    expect(page.get_by_role("link", name="Écrire")).to_have_attribute(
        "href", re.compile(r"/messagerie/nouveau/\?a=mehdi")
    )


def test_the_directory_answers_without_scripts(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille, java_script_enabled=False).new_page()
    page.goto("/annuaire/")
    page.get_by_role("searchbox").fill("benali")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("link", name=re.compile("Mehdi Benali"))).to_be_visible()


def test_the_organisation_chart_is_walked_by_keyboard(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/annuaire/unites/")
    branch = page.locator("summary", has_text="Direction des espaces verts")
    branch.focus()
    page.keyboard.press("Enter")
    below = page.get_by_role("link", name="Ouvrir la page de l’unité")
    expect(below).to_be_visible()
    page.keyboard.press("Tab")
    expect(below).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("espaces verts")


def test_the_search_opens_by_keyboard_from_anywhere(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/conges/")
    page.keyboard.press("Control+k")
    page.keyboard.type("bulletin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recherche")
    page.locator("#resultats").get_by_role("link", name=re.compile("Ma paie")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ma paie")
