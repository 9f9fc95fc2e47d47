"""The editor publishes to one department, counts the audience first, prints the poster, reads the receipts."""

from __future__ import annotations

import re
from collections.abc import Callable

from people import INES
from playwright.sync_api import BrowserContext, StorageState, expect

Open = Callable[..., BrowserContext]


def test_an_editor_tells_one_department_and_reads_who_has_read(
    open_context: Open, camille: StorageState, signed_in_states: Callable[..., StorageState]
) -> None:
    desk = open_context(1440, state=signed_in_states(INES)).new_page()
    desk.goto("/actualites/redaction/nouvelle/")
    everybody = desk.locator("#audience .figure").inner_text()
    desk.get_by_label("Titre").fill("Fermeture du parc dimanche")
    desk.get_by_label("Résumé").fill("Le parc ferme à midi en raison du vent.")
    desk.get_by_label(re.compile("Unité et tout ce qui en dépend")).first.fill("DEVE")
    expect(desk.locator("#audience .figure")).not_to_have_text(everybody)
    desk.get_by_label(re.compile("Lecture obligatoire")).check()
    desk.get_by_role("button", name="Enregistrer, puis publier…").click()
    expect(desk.get_by_role("heading", name="Qui le verra")).to_be_visible()
    desk.get_by_role("button", name="Publier", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("L’article est publié")

    phone = open_context(360, state=camille).new_page()
    phone.goto("/actualites/")
    phone.get_by_role("link", name=re.compile("Fermeture du parc dimanche")).click()
    with phone.expect_download() as poster:
        phone.get_by_role("link", name="Affiche à imprimer").click()
    assert poster.value.path().read_bytes().startswith(b"%PDF-1.7")
    phone.get_by_role("button", name="J’ai lu").click()
    expect(phone.get_by_role("status")).to_contain_text("votre lecture est notée")

    desk.get_by_role("link", name=re.compile("Lecteurs.*Fermeture du parc dimanche")).click()
    expect(desk.get_by_role("heading", name="1 a lu")).to_be_visible()
    expect(desk.locator("#lu")).to_contain_text("Camille Durand")
