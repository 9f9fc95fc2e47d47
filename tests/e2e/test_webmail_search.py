"""A search that takes time shows how far it is, is stopped, and goes on from where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, StorageState, expect
from seen import axe_violations

Open = Callable[..., BrowserContext]
COUNT, AT_ONCE, FIRST_STEP = 135, 45, 100


def fill(page: Page, folder: Path) -> None:
    """A folder with more than one step of messages."""
    page.goto("/messagerie/dossiers/")
    page.get_by_label("Nom du dossier").fill("Meule")
    page.get_by_role("button", name="Créer le dossier").click()
    files = []
    for number in range(COUNT):
        path = folder / f"{number}.eml"
        path.write_bytes(
            b"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: Aiguille %d\r\nMessage-ID: <aiguille-%d@x.fr>\r\n"
            b"\r\ndans le foin\r\n" % (number, number)
        )
        files.append(path)
    for start in range(0, COUNT, AT_ONCE):
        page.goto("/messagerie/dossiers/dossier/?dossier=Meule")
        page.locator("#messages-eml").set_input_files(files[start : start + AT_ONCE])
        page.get_by_role("button", name="Importer").click()
        expect(page.get_by_role("status").filter(has_text=f"{AT_ONCE} messages importés")).to_be_visible()


def test_a_long_search_shows_its_progress_and_is_stopped_then_goes_on(
    open_context: Open, camille: StorageState, tmp_path: Path
) -> None:
    page = open_context(1440, state=camille).new_page()
    fill(page, tmp_path)
    held: list[Route] = []
    page.route("**/messagerie/recherche/?*etape=*", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks it
    page.goto("/messagerie/?dossier=Meule")
    page.locator("#mail-q").fill("aiguille dans:tout")
    page.keyboard.press("Enter")
    expect(page.locator(".mail-line")).to_have_count(FIRST_STEP)
    expect(page.locator("#mail-suite")).to_contain_text("Messages parcourus")
    expect(page.locator("#mail-suite progress")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Arrêter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Recherche arrêtée").first).to_be_visible()
    more = page.get_by_role("link", name="Continuer la recherche")
    expect(more).to_be_focused()
    assert axe_violations(page) == []
    # The request that was on its way goes on, and changes nothing any more.
    assert held
    page.unroute("**/messagerie/recherche/?*etape=*")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".mail-line")).to_have_count(FIRST_STEP)
    more.click()
    expect(page.get_by_text("Recherche terminée")).to_be_visible()
    expect(page.locator(".mail-line")).to_have_count(COUNT - FIRST_STEP)
