"""A day at a desk with the mail, two minutes on a phone, and the worst messages: nothing runs, nothing leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Dialog, Page, StorageState, expect
from seen import axe_violations

Open = Callable[..., BrowserContext]
OURS = re.compile(r"(?:data|blob|about):|https://[a-z]+\.ville\.localhost:")
ATTACKS = Path(__file__).parents[2] / "mailkit" / "tests" / "attacks"


def lines(page: Page) -> list[str]:
    return page.locator(".mail-line__subject").all_inner_texts()


def open_first(page: Page, subject: str) -> None:
    page.locator(".mail-line__link", has_text=subject).first.click()
    expect(page.locator("#mail-subject")).to_contain_text(subject)


def test_a_day_at_a_desk(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/messagerie/")
    expect(page.get_by_role("heading", name="Boîte de réception")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#mail-subject")).to_be_visible()
    expect(page.locator("#mail-lines")).to_be_visible()
    assert axe_violations(page) == []
    assert page.locator("h1").count() == 1
    # `e` waits for the message that `j` asked for, and archives that one: never the one that was open before.
    shown = page.locator(".mail-message").get_attribute("data-key")
    after = page.locator(f".mail-line[data-key='{shown}'] + .mail-line").get_attribute("data-key")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".mail-done")).to_contain_text("archivé")
    expect(page.locator(f".mail-line[data-key='{after}']")).to_have_count(0)
    expect(page.locator(f".mail-line[data-key='{shown}']")).to_have_count(1)
    page.evaluate("document.querySelector('#mail-rafraichir').click()")
    expect(page.locator("#mail-lines")).not_to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status").filter(has_text="C’est annulé")).to_be_visible()

    page.locator("input[name=choix]").nth(0).check()
    page.locator("input[name=choix]").nth(1).check()
    page.get_by_role("button", name="Mettre à la corbeille").first.click()
    expect(page.locator(".mail-done")).to_contain_text("2 messages sont dans la corbeille")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status").filter(has_text="C’est annulé")).to_be_visible()

    # « Annuler » leads to a new page, whose keys work once its script is there.
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#mail-q")).to_be_focused()
    page.keyboard.type("conge")
    page.keyboard.press("Enter")
    expect(page.locator(".mail-line__subject").first).to_contain_text(re.compile("congé", re.IGNORECASE))
    page.locator("#mail-q").fill("texte:bonjour dans:tout")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recherche terminée")).to_be_visible()
    assert axe_violations(page) == []
    page.goto("/messagerie/?filtre=nonlus")
    assert axe_violations(page) == []


def test_folders_labels_and_settings(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille, theme="dark").new_page()
    page.goto("/messagerie/dossiers/")
    page.get_by_label("Nom du dossier").fill("Projets d’été")
    page.get_by_role("button", name="Créer le dossier").click()
    expect(page.get_by_role("status")).to_contain_text("est créé")
    assert axe_violations(page) == []
    page.goto("/messagerie/reglages/etiquettes/nouvelle/")
    page.get_by_label("nom", exact=False).first.fill("À traiter")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("enregistrée")
    assert axe_violations(page) == []
    page.goto("/messagerie/")
    subject = lines(page)[0]
    page.locator(".mail-line").first.drag_to(page.locator("[data-folder='Projets d’été']"))
    expect(page.locator(".mail-done")).to_contain_text("Projets d’été")
    page.locator("[data-folder='Projets d’été']").click()
    expect(page.locator(".mail-line__subject").first).to_contain_text(subject)
    page.locator("input[name=choix]").first.check()
    page.locator(".mail-bulk__more summary").first.click()
    page.locator("#bulk-etiqueter").click()
    expect(page.locator(".mail-done")).to_contain_text("À traiter")
    expect(page.locator(".mail-label").first).to_have_text("À traiter")
    assert axe_violations(page) == []
    page.goto("/messagerie/raccourcis/")
    assert axe_violations(page) == []


def test_two_minutes_on_a_phone(open_context: Open, camille: StorageState) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/messagerie/")
    assert axe_violations(page) == []
    page.locator(".mail-line__link").nth(1).click()
    expect(page.locator("#mail-subject")).to_be_visible()
    expect(page.locator("#mail-lines")).to_be_hidden()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#retour-liste").click()
    expect(page.locator("#mail-lines")).to_be_visible()


def test_without_a_script_one_reads_ticks_and_moves(open_context: Open, camille: StorageState) -> None:
    page = open_context(1440, state=camille, java_script_enabled=False).new_page()
    page.goto("/messagerie/?tri=date")
    page.locator("input[name=choix]").first.check()
    page.locator("#bulk-suivre").click()
    expect(page.locator(".mail-done")).to_contain_text("suivi")
    page.locator("#mail-annuler").click()
    page.locator(".mail-line__link").first.click()
    expect(page.locator("#mail-subject")).to_be_visible()


def test_the_worst_messages_run_nothing_and_call_nobody(open_context: Open, camille: StorageState) -> None:
    """Every sample is opened in a browser that records each request, dialog, page and console line."""
    context = open_context(1440, state=camille)
    page = context.new_page()
    dialogs: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.goto("/messagerie/dossiers/")
    page.get_by_label("Nom du dossier").fill("Attaques")
    page.get_by_role("button", name="Créer le dossier").click()
    samples = sorted(ATTACKS.glob("*.eml"))
    assert len(samples) > 20
    page.goto("/messagerie/dossiers/dossier/?dossier=Attaques")
    page.locator("#messages-eml").set_input_files(samples)
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_role("status").filter(has_text=f"{len(samples)} messages importés")).to_be_visible()
    addresses = [link.get_attribute("href") or "" for link in page.locator(".mail-line__link").all()]
    assert len(addresses) == len(samples)
    for address in addresses:
        page.goto(address)
        expect(page.locator("#mail-subject")).to_be_visible()
        framed = page.locator(".mail-frame").count() > 0
        if framed:
            inside = page.frame_locator(".mail-frame").locator("body")
            expect(inside).to_contain_text(re.compile("corps visible|trop compliquée"))
        answer = page.locator("#repondre").get_attribute("href") or ""
        for seen in [link.get_attribute("href") or "" for link in page.locator(".mail-file__see").all()]:
            page.goto(seen)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        if framed:
            quoted_in_the_editor(page, answer)
    every_wall_held(page, context, dialogs)


def quoted_in_the_editor(page: Page, answer: str) -> None:
    """The same message as a quotation, in formatted text: the editor is in our own page."""
    page.goto(answer)
    page.get_by_role("button", name="Mettre en forme").click()
    text = page.get_by_role("textbox", name="Message", exact=True)
    expect(text).to_be_visible()
    forbidden = "script, style, svg, math, form, input, iframe, object, video, audio, link, meta, img:not([data-cid])"
    assert text.locator(forbidden).count() == 0
    assert text.evaluate(
        "e => [...e.querySelectorAll('*')].every(x => ![...x.attributes].some(a => /^on/i.test(a.name)))"
    )


def every_wall_held(page: Page, context: BrowserContext, dialogs: list[str]) -> None:
    """Nothing ran, nothing opened, nobody was called."""
    assert dialogs == []
    assert len(context.pages) == 1
    called = [url for url in context.watch.requests if not OURS.match(url)]  # type: ignore[attr-defined]
    assert called == []


def test_pictures_of_inner_addresses_are_asked_of_nobody_even_when_wanted(
    open_context: Open, camille: StorageState
) -> None:
    """« Afficher les images »: the reader's browser is no door to the machines of the house."""
    context = open_context(1440, state=camille)
    page = context.new_page()
    bring(page, ATTACKS / "inner-addresses.eml")
    page.locator(".mail-line__link", has_text="inner-addresses").first.click()
    expect(page.frame_locator(".mail-frame").locator("body")).to_contain_text("corps visible")
    shown = page.url + ("&" if "?" in page.url else "?") + "images=1"
    page.goto(shown)
    expect(page.frame_locator(".mail-frame").locator("body")).to_contain_text("corps visible")
    page.wait_for_load_state("networkidle")
    every_wall_held(page, context, [])


def test_what_is_kept_and_what_is_sent_back_runs_nothing(open_context: Open, camille: StorageState) -> None:
    """Names in contacts and groups, labels, folders, drafts, and words that a page says again."""
    context = open_context(1440, state=camille)
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    page.goto("/messagerie/contacts/nouveau/")
    page.locator("[name=name]").fill(f"Zorglub {hostile}")
    page.locator("[name=email]").fill("zorglub@mechant.test")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Zorglub").first).to_be_visible()
    page.goto("/messagerie/reglages/etiquettes/nouvelle/")
    page.locator("[name=name]").fill(hostile[:40])
    page.get_by_role("button", name="Enregistrer").click()
    page.goto("/messagerie/nouveau/")
    page.get_by_role("combobox", name="À", exact=True).press_sequentially("zorglub")
    expect(page.get_by_role("option").first).to_contain_text("Zorglub")
    page.get_by_role("option").first.click()
    page.get_by_label("Objet").fill(hostile)
    page.get_by_label("Message").fill(hostile)
    expect(page.locator("[data-saved]")).to_contain_text("Brouillon gardé")
    page.goto("/messagerie/envois/")
    expect(page.get_by_text(hostile).first).to_be_visible()
    page.get_by_role("link", name="Reprendre").first.click()
    page.get_by_role("button", name="Mettre en forme").click()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_contain_text("onerror")
    for words in (hostile, f"dans:{hostile}", "texte:{{7*7}}", "de:*)(uid=*", "a\r\nA1 LOGOUT"):
        page.goto("/messagerie/recherche/?" + urlencode({"q": words}))
        expect(page.locator("#mail-q")).to_be_visible()
    with context.watch.expecting(404):  # type: ignore[attr-defined]
        page.goto("/messagerie/?" + urlencode({"dossier": hostile}))
    every_wall_held(page, context, dialogs)


def bring(page: Page, *files: Path) -> None:
    """Imports messages in the inbox."""
    page.goto("/messagerie/dossiers/dossier/?dossier=INBOX")
    page.locator("#messages-eml").set_input_files(files)
    page.get_by_role("button", name="Importer").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("import"))).to_be_visible()
