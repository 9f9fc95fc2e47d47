"""A town is put in service: the set-up assistant from an empty base, agents by both kinds of file, then the roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from people import PAUL, Person
from playwright.sync_api import Page, Playwright, StorageState, expect
from running_portal import Portal, running_portal
from seen import axe_violations, overflow, picture
from steps import Hands
from watch import Watch

from conftest import HEIGHTS, Open, chromium

SENTENCE = "Girafe-Tilleul-Canot-58"


@pytest.fixture(scope="module")
def empty_portal() -> Iterator[Portal]:
    """`nomade run --no-demo` on an empty base."""
    with running_portal("--no-demo") as portal:
        yield portal


@pytest.fixture
def page(playwright: Playwright, empty_portal: Portal) -> Iterator[Any]:
    browser = chromium(playwright, empty_portal)
    context = browser.new_context(base_url=empty_portal.url(""), locale="fr-FR", viewport={"width": 360, "height": 740})
    watch = Watch.over(context, empty_portal.origins)
    context.watch = watch  # type: ignore[attr-defined]
    yield context.new_page()
    browser.close()
    watch.verify()


def looked_at(page: Page, name: str) -> None:
    """Nothing for axe to say on a phone nor on a desk, nothing sticks out, a picture for whoever looks."""
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        assert axe_violations(page) == []
        assert overflow(page, width) == []
        picture(page, f"mise-en-service-{name}-{width}")


def rows(*people: dict[str, str]) -> list[list[str]]:
    return [list(people[0]), *[list(person.values()) for person in people]]


def agent(matricule: str, name: str, **more: str) -> dict[str, str]:
    return {
        "matricule": matricule,
        "login": f"{name.lower()}@mairie-exemple.fr",
        "civilite": "Mme",
        "nom": name,
        "prenom": "Anne",
        "date_naissance": "1984-03-12",
        "unite": "MAIRIE",
        "statut": "titulaire",
        "categorie": "C",
        "quotite": "100",
        "cycle": "LMMJV",
        "messagerie": "non",
        "date_entree": "2020-09-01",
        "superieur": "",
    } | more


def code_of(portal: Portal) -> str:
    """What the operator reads in the terminal."""
    found = re.search(r"Code d’installation : (\S+)", portal.log.read_text(encoding="utf-8"))
    assert found, portal.tail()
    return found[1]


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def test_a_town_is_in_service_from_an_empty_base(page: Page, empty_portal: Portal, tmp_path: Path) -> None:
    hands = Hands(page)
    page.goto("/")
    hands.heading("Installer le portail")
    looked_at(page, "code")
    with page.context.watch.expecting(422):  # type: ignore[attr-defined]
        page.get_by_label("Code d’installation").fill("AAAA-BBBB-CCCC-DDDD")
        page.get_by_role("button", name="Commencer").click()
        expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas le code")
    page.get_by_label("Code d’installation").fill(code_of(empty_portal))
    page.keyboard.press("Enter")
    hands.heading("Votre collectivité")
    page.get_by_label("Nom de la collectivité").fill("Mairie d’Exemple")
    page.get_by_label("Domaine des adresses électroniques").fill("mairie-exemple.fr")
    with page.context.watch.expecting(422):  # type: ignore[attr-defined]
        page.get_by_label("Couleur").fill("vert")
        go_on(page)
        expect(page.get_by_role("alert")).to_contain_text("#1d3f7a")
        expect(page.get_by_label("Nom de la collectivité")).to_have_value("Mairie d’Exemple")
    page.get_by_label("Couleur").fill("#2b6e3f")
    looked_at(page, "collectivite")
    go_on(page)
    hands.heading("Les adresses du portail")
    looked_at(page, "adresses")
    go_on(page)
    administrator(page, hands)
    agents_by_csv(page, hands, tmp_path)
    hands.heading("Le portail est prêt")
    expect(page.get_by_role("main")).to_contain_text("nomade activation-letters")
    looked_at(page, "pret")
    agents_by_workbook(page, hands, tmp_path)


def administrator(page: Page, hands: Hands) -> None:
    """The first account; its password obeys the same rules as everybody's."""
    hands.heading("Le premier administrateur")
    page.get_by_label("Prénom").fill("Paule")
    page.get_by_label("Nom", exact=True).fill("Mairand")
    page.get_by_label("Identifiant").fill("paule.mairand@mairie-exemple.fr")
    with page.context.watch.expecting(422):  # type: ignore[attr-defined]
        for label in ("Mot de passe", "Le même, une seconde fois"):
            page.get_by_label(label, exact=True).fill("motdepasse")
        page.get_by_role("main").get_by_role("button", name="Créer le compte").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(page.get_by_label("Prénom")).to_have_value("Paule")
    looked_at(page, "administrateur")
    for label in ("Mot de passe", "Le même, une seconde fois"):
        page.get_by_label(label, exact=True).fill(SENTENCE)
    page.get_by_role("main").get_by_role("button", name="Créer le compte").click()


def agents_by_csv(page: Page, hands: Hands, folder: Path) -> None:
    """A file with a wrong line says which; the right one is shown, then confirmed."""
    hands.heading("Importer les agents")
    looked_at(page, "agents")
    file = folder / "agents.csv"
    wrong = rows(agent("M001", "Aubry"), agent("M002", "Besson", date_naissance="31/31/1990"))
    file.write_text("\n".join(";".join(line) for line in wrong), encoding="utf-8")
    with page.context.watch.expecting(422):  # type: ignore[attr-defined]
        send(page, file)
        expect(page.get_by_role("main")).to_contain_text("ligne 3")
        expect(page.get_by_role("main")).to_contain_text("31/31/1990")
    looked_at(page, "ligne-fausse")
    right = rows(agent("M001", "Aubry"), agent("M002", "Besson", superieur="M001"))
    file.write_text("\n".join(";".join(line) for line in right), encoding="utf-8")
    send(page, file)
    hands.heading("Confirmer l’import")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Agents créés\s: 2"))
    looked_at(page, "confirmer")
    page.get_by_role("button", name="Importer").click()


def agents_by_workbook(page: Page, hands: Hands, folder: Path) -> None:
    """The same from a spreadsheet, later, from the administration."""
    book = openpyxl.Workbook()
    for line in rows(agent("M003", "Chauvin")):
        book.active.append(line)
    file = folder / "agents.xlsx"
    book.save(file)
    page.goto("/administration/agents/")
    send(page, file)
    hands.heading("Confirmer l’import")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Agents créés\s: 1"))
    page.get_by_role("button", name="Importer").click()
    hands.succeeded("Import terminé")


def send(page: Page, file: Path) -> None:
    page.locator("input[name=agents]").set_input_files(file)
    page.get_by_label("Créer les unités que seul le fichier des agents nomme").check()
    page.get_by_role("button", name="Vérifier le fichier").click()


def test_a_role_is_given_and_ended_by_the_keyboard_alone(
    open_context: Open, signed_in_states: Callable[[Person], StorageState]
) -> None:
    context = open_context(1440, state=signed_in_states(PAUL))
    page = context.new_page()
    page.goto("/administration/roles/")
    assert axe_violations(page) == []
    with context.watch.expecting(422):  # type: ignore[attr-defined]
        typed(page, "Agent", "personne@paris.fr")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(page.get_by_label("Agent", exact=True)).to_have_value("personne@paris.fr")
    typed(page, "Agent", "moussa.keita@paris.fr")
    page.keyboard.press("Tab")
    page.get_by_label("Rôle", exact=True).select_option(label="rédacteur")
    page.keyboard.press("Tab")
    page.keyboard.type("DEVE")
    page.keyboard.press("Enter")
    Hands(page).succeeded("a ce rôle")
    row = page.get_by_role("row").filter(has_text="Keita")
    expect(row).to_contain_text("Rédacteur")
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        assert overflow(page, width) == []
        assert axe_violations(page) == []
        picture(page, f"roles-{width}")
    row.get_by_role("button", name=re.compile("Mettre fin")).focus()
    page.keyboard.press("Enter")
    Hands(page).succeeded("est terminé")
    expect(page.get_by_role("row").filter(has_text="Keita")).to_have_count(0)


def typed(page: Page, label: str, text: str) -> None:
    """Into a field reached by the keyboard, in place of what it held."""
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
