"""Home, search and directory as a screen reader goes through them; groups, the visit, a tool for one unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from people import CAMILLE, LEILA, PAUL, Person
from playwright.sync_api import BrowserContext, Page, StorageState, expect

Open = Callable[..., BrowserContext]
States = Callable[[Person], StorageState]


def titles_in_order(page: Page) -> None:
    """One title of the first level, and no level skipped on the way down."""
    levels = [
        int(level)
        for level in page.locator("h1, h2, h3, h4").evaluate_all(
            "titles => titles.filter(t => t.checkVisibility()).map(t => t.tagName[1])"
        )
    ]
    assert levels.count(1) == 1, levels
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels


def test_the_home_page_is_heard_in_order(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    titles_in_order(page)
    expect(page.get_by_role("banner")).to_match_aria_snapshot("""
      - banner:
        - link /Nomade/
        - search:
          - searchbox "Chercher dans le portail"
        - link /Notifications/
        - link /Camille Durand/
    """)
    expect(page.get_by_role("navigation", name="Menu principal")).to_match_aria_snapshot("""
      - navigation "Menu principal":
        - list:
          - listitem:
            - link "Accueil"
    """)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Bonjour Camille")
    expect(main.get_by_role("region", name="À faire")).to_be_visible()
    expect(main.get_by_role("region").first).to_be_visible()
    unnamed = main.locator("section.card:not([aria-labelledby])")
    assert unnamed.count() == 0, "a card of the home page has no name"
    # What arrives while one reads is said, politely.
    expect(page.locator("#annonces")).to_have_attribute("aria-live", "polite")


def test_the_directory_says_what_it_finds(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/annuaire/")
    titles_in_order(page)
    search = page.get_by_role("search", name="Chercher une personne")
    search.get_by_role("searchbox", name="Nom, métier, service, lieu ou téléphone").press_sequentially("mehdi benal")
    results = page.locator("#resultats")
    expect(results).to_have_attribute("aria-live", "polite")
    expect(results).to_match_aria_snapshot("""
      - heading /\\d+ personnes? trouvée/ [level=2]
      - list:
        - listitem:
          - link /Mehdi Benali/
    """)
    results.get_by_role("link", name=re.compile("Mehdi Benali")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mehdi Benali")
    titles_in_order(page)
    expect(page.get_by_role("navigation", name="Fil d’Ariane")).to_be_visible()
    expect(page.get_by_role("region", name="Joindre")).to_match_aria_snapshot("""
      - region "Joindre":
        - heading "Joindre" [level=2]
        - term: Téléphone professionnel
        - term: Adresse de messagerie
    """)


def test_the_search_says_how_many_it_found_by_kind(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/recherche/")
    titles_in_order(page)
    page.get_by_role("search", name="Chercher", exact=True).get_by_role(
        "searchbox", name="Que cherchez-vous ?"
    ).press_sequentially("conge")
    results = page.locator("#resultats")
    expect(results).to_have_attribute("aria-live", "polite")
    expect(results.get_by_role("heading", level=2)).to_have_text(re.compile(r"\d+ résultats?"))
    services = results.get_by_role("region", name="Services")
    expect(services.get_by_role("link", name=re.compile("Mes congés"))).to_be_visible()
    expect(results.get_by_role("region", name="Aide")).to_be_visible()
    titles_in_order(page)


def test_a_group_is_made_on_a_phone_and_written_to(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/annuaire/groupes/")
    page.get_by_role("textbox", name="Nom du groupe").fill("Square Violet")
    page.get_by_role("button", name="Créer le groupe").click()
    expect(page.get_by_role("status")).to_contain_text("est créé")
    page.get_by_role("searchbox", name="Nom, métier ou service").press_sequentially("benali mehdi")
    page.get_by_role("button", name="Ajouter Mehdi Benali").click()
    expect(page.get_by_role("status")).to_contain_text(
        "Mehdi Benali est dans « Square Violet »".replace("« ", "«\xa0").replace(" »", "\xa0»")
    )
    expect(page.get_by_role("link", name="Écrire au groupe")).to_have_attribute(
        "href", re.compile(r"/messagerie/nouveau/\?vers=groupe-\d+$")
    )


def test_the_visit_is_walked_and_left_without_scripts(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille, java_script_enabled=False).new_page()
    page.goto("/aide/")
    page.get_by_role("link", name="Guides par rôle et visite du portail").click()
    page.get_by_role("link", name="Revoir la visite du portail").click()
    for _ in range(3):
        expect(page.get_by_role("button", name="Passer la visite")).to_be_visible()
        page.get_by_role("link", name="Continuer").click()
    page.get_by_role("button", name="Terminer la visite").click()
    expect(page.get_by_role("status")).to_contain_text("La visite reste dans l’aide")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_an_administrator_adds_a_tool_for_one_unit(open_context: Open, signed_in_states: States) -> None:
    office = open_context(1440, state=signed_in_states(PAUL)).new_page()
    office.goto("/outils/gestion/nouveau/")
    office.get_by_label("Nom", exact=True).fill("Plan des massifs")
    office.get_by_label("À quoi il sert, en une phrase").fill("Le plan de plantation de chaque square.")
    office.get_by_label(re.compile("Adresse")).fill("https://massifs.example/")
    office.get_by_label(re.compile("Unité")).first.fill("DEVE")
    office.get_by_role("button", name="Enregistrer").click()
    expect(office.get_by_role("status")).to_be_visible()
    for person, seen in ((CAMILLE, 1), (LEILA, 0)):
        page = open_context(360, state=signed_in_states(person)).new_page()
        page.goto("/outils/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("Plan des massifs"))).to_have_count(seen)
