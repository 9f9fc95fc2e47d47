"""A mailbox that a team has in common: seen apart, read, sorted, answered in its name; and what goes for good."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, StorageState, expect
from seen import axe_violations

Open = Callable[..., BrowserContext]
SHARED = "/messagerie/?dossier=shared%2Fparc.brassens%40paris.fr"


def test_a_shared_mailbox_is_read_sorted_and_answered_in_its_name(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/messagerie/")
    tree = page.locator("#mail-tree")
    expect(tree.get_by_role("heading", name="parc.brassens@paris.fr")).to_be_visible()
    expect(tree.locator(".mail-room")).to_contain_text("sur 10")
    tree.get_by_role("list", name="parc.brassens@paris.fr").get_by_role("link", name="Boîte de réception").click()
    expect(page.get_by_text("Vous y lisez, rangez et supprimez comme dans la vôtre.")).to_be_visible()
    assert axe_violations(page) == []
    page.locator(".mail-line__link", has_text="roseraie").click()
    expect(page.locator("#mail-subject")).to_contain_text("roseraie")
    assert axe_violations(page) == []
    page.keyboard.press("#")
    expect(page.locator(".mail-done")).to_contain_text("corbeille")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status").filter(has_text="C’est annulé")).to_be_visible()
    page.locator(".mail-line__link", has_text="roseraie").click()
    page.locator("#repondre").click()
    expect(page.get_by_text("au nom de la boîte partagée parc.brassens@paris.fr")).to_be_visible()
    assert axe_violations(page) == []


def test_a_shared_mailbox_on_a_phone_and_the_room_that_is_left(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille, theme="dark").new_page()
    page.goto(SHARED)
    expect(page.get_by_role("link", name="Écrire en son nom")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe_violations(page) == []
    page.goto("/messagerie/dossiers/")
    expect(page.get_by_role("heading", name="Place dans votre boîte")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe_violations(page) == []


def test_who_wished_it_is_asked_before_the_trash_is_emptied(open_context: Open, mehdi: StorageState) -> None:
    page = open_context(1440, state=mehdi).new_page()
    page.goto("/messagerie/reglages/")
    page.get_by_label("Confirmer avant de supprimer définitivement").check()
    page.locator("#enregistrer-lecture").click()
    expect(page.get_by_role("status").filter(has_text="enregistrés")).to_be_visible()
    page.goto("/messagerie/dossiers/dossier/?dossier=Trash")
    page.locator("#vider").click()
    expect(page.get_by_role("heading", name="Vider ce dossier définitivement")).to_be_visible()
    assert axe_violations(page) == []
    page.locator("#garder-dans-la-corbeille").click()
    expect(page.get_by_role("heading", name="Dossiers de la messagerie")).to_be_visible()
