"""From home, on a portal that counts everybody outside: passkey, application, lost telephone, lost password."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from at_home import Home
from closing import close_context
from people import CAMILLE, LEILA, MEHDI, NADIA
from playwright.sync_api import Browser, Page, Playwright, expect
from running_portal import Portal, running_portal
from steps import reach

from conftest import chromium
from nomade.accounts.factors import totp

NEW_PASSWORD = "Sept-Glycines-Bleues-21"


@pytest.fixture(scope="module")
def outside() -> Iterator[Portal]:
    with running_portal("--zone", "internet", made=True) as portal:
        yield portal


@pytest.fixture(scope="module")
def far_browser(playwright: Playwright, outside: Portal) -> Iterator[Browser]:
    browser = chromium(playwright, outside)
    yield browser
    browser.close()


@pytest.fixture
def home(far_browser: Browser, outside: Portal) -> Iterator[type[Home]]:
    made: list[Home] = []

    def one(width: int = 360, theme: str = "light") -> Home:
        made.append(Home(far_browser, outside, width, theme))
        return made[-1]

    yield one  # type: ignore[misc]
    for each in made:
        close_context(each.context)
    for each in made:
        each.watch.verify()


def test_a_passkey_opens_what_the_password_leaves_closed_then_is_enough_alone(home: type[Home]) -> None:
    camille = home(360).with_passkeys()
    camille.knock(CAMILLE)
    with camille.watch.expecting(403):
        camille.page.goto("/paie/")
    camille.heading("Ma paie")
    camille.look("closed")
    camille.page.get_by_role("link", name="Protéger mon compte").click()
    camille.heading("Vérification en deux étapes")
    camille.look("ways")
    camille.make_passkey()
    camille.look("factors")
    camille.page.goto("/paie/")
    expect(camille.page.get_by_role("link", name="Ouvrir le bulletin")).to_be_visible()
    camille.leave()
    camille.page.goto("/connexion/?suite=/paie/")
    camille.look("door")
    camille.press("Entrer avec une clé d’accès")
    camille.heading("Ma paie")
    camille.page.goto("/compte/securite/appareils/")
    camille.look("devices")

    # The telephone is lost; her head of team prints a card for her and hands it over.
    mehdi = home(1440).with_passkeys()
    mehdi.knock(MEHDI)
    mehdi.make_passkey()
    mehdi.page.goto("/connexion/aider/?q=Durand")
    mehdi.look("team")
    mehdi.page.get_by_role("link", name="Camille Durand").click()
    with mehdi.page.expect_download() as waiting:
        mehdi.press("Imprimer une carte")
    codes = _codes(waiting.value.path())
    assert len(codes) == 20
    mehdi.page.reload()
    mehdi.press("J’ai remis la carte")
    expect(mehdi.page.get_by_role("status").filter(has_text="La remise est enregistrée")).to_be_visible()
    mehdi.look("person")
    other = home(768, "dark")
    other.knock(CAMILLE)
    other.heading("Confirmer que c’est bien vous")
    other.page.get_by_label("Code n° 1 de votre carte").fill(codes[0].lower())
    other.look("ask")
    other.press("Continuer")
    other.heading("Camille")

    # The password is lost on a Sunday: the telephone that came back, and a code that Mehdi reads to her.
    mehdi.press("Donner un code")
    code = mehdi.page.locator("#code").inner_text()
    camille.leave()
    camille.page.get_by_role("link", name="Se connecter de nouveau").click()
    camille.page.get_by_role("link", name="Mot de passe oublié ?").click()
    camille.look("lost")
    camille.page.get_by_label("Identifiant").fill(CAMILLE.login)
    camille.press("Continuer")
    camille.heading("Deux preuves")
    camille.look("proofs")
    camille.press("Utiliser ma clé d’accès")
    expect(camille.page.get_by_text("1 preuve acceptée sur 2.")).to_be_visible()
    camille.page.get_by_label("Code donné par votre responsable").fill(code)
    camille.press("Vérifier le code donné")
    camille.heading("Choisir un nouveau mot de passe")
    camille.look("lost-new")
    camille.page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    camille.page.get_by_label("Le même, une seconde fois").fill(NEW_PASSWORD)
    camille.press("Enregistrer")
    expect(camille.page.get_by_role("status").filter(has_text="Votre mot de passe est remplacé")).to_be_visible()
    other.page.goto("/paie/")
    other.heading("Se connecter")
    camille.knock(CAMILLE, NEW_PASSWORD)
    camille.press("Continuer avec ma clé d’accès")
    camille.heading("Camille")


def _codes(path: Path) -> list[str]:
    """What is printed on the card, in the order of the numbers."""
    pdf = pypdfium2.PdfDocument(path)
    text = pdf[0].get_textpage().get_text_bounded()
    pdf.close()
    found = re.findall(r"\b(\d{1,2})\s+([A-Z2-9]{4}-[A-Z2-9]{4})\b", text)
    return [code for _number, code in sorted(found, key=lambda pair: int(pair[0]))]


def test_the_code_of_an_application_by_keyboard_alone_with_a_browser_that_is_trusted(home: type[Home]) -> None:
    leila = home(320, "dark")
    leila.knock(LEILA)
    leila.page.goto("/compte/securite/facteurs/")
    _reach(leila.page, "#way-totp")
    leila.heading("Installer l’application")
    _reach(leila.page, "#show-qr")
    expect(leila.page.locator("#secret")).to_be_visible()
    leila.look("authenticator")
    secret = base64.b32decode(leila.page.locator("#secret").inner_text().replace(" ", ""))
    now = int(time.time()) // totp.STEP
    _type(leila.page, "#id_code", totp.code_at(secret, now))
    expect(leila.page.get_by_role("status").filter(has_text="Votre application est enregistrée")).to_be_visible()
    leila.leave()
    leila.knock(LEILA)
    leila.heading("Confirmer que c’est bien vous")
    leila.look("ask-totp")
    with leila.watch.expecting(422):
        _type(leila.page, "#id_code", totp.code_at(secret, now))  # a code serves once
        expect(leila.page.get_by_role("alert")).to_contain_text("il a déjà servi")
    leila.page.locator("#confiance-code").focus()
    leila.page.keyboard.press("Space")
    _type(leila.page, "#id_code", totp.code_at(secret, now + 1))
    leila.heading("Leïla")
    leila.leave()
    leila.knock(LEILA)
    leila.heading("Leïla")
    # A trusted browser never skips what is sensitive.
    leila.page.goto("/compte/securite/")
    leila.heading("Confirmer que c’est toujours vous")
    leila.look("confirm")


def _reach(page: Page, selector: str) -> None:
    """Goes to a control by Tab and presses it by Enter, as without a mouse."""
    reach(page, selector)
    page.keyboard.press("Enter")


def _type(page: Page, selector: str, text: str) -> None:
    """Writes in a field and sends the form by Enter."""
    page.locator(selector).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_newcomer_at_home_chooses_password_protection_and_notices_then_opens_her_pay(home: type[Home]) -> None:
    nadia = home(360).with_passkeys()
    nadia.knock(NADIA)
    nadia.heading("Choisir votre mot de passe")
    nadia.press("Proposer 5 mots")
    expect(nadia.page.get_by_text("Votre phrase")).to_be_visible()
    nadia.press("Enregistrer mon mot de passe")
    nadia.heading("Protéger votre compte")
    nadia.look("newcomer")
    nadia.page.goto("/paie/")
    nadia.heading("Protéger votre compte")
    nadia.page.locator("#way-passkey").click()
    nadia.press("Créer la clé d’accès")
    nadia.heading("Être prévenu")
    nadia.page.get_by_label("Sur le portail seulement").check()
    nadia.press("Ouvrir le portail")
    nadia.heading("Nadia")
    nadia.page.goto("/paie/")
    nadia.heading("Ma paie")
