"""Somebody who fails at the door, and somebody else who does not pay for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from people import CAMILLE, MEHDI, PAUL, sign_in
from playwright.sync_api import Browser, Page, Playwright, expect
from running_portal import Portal, running_portal
from seen import axe_violations, overflow, picture

from conftest import chromium


@pytest.fixture(scope="module")
def strict_portal() -> Iterator[Portal]:
    """A portal that brakes an address after few failures, loopback included."""
    settings = {"NOMADE_LOCKOUT_SOURCE_FAILURES": "12", "NOMADE_LOCKOUT_PROFESSIONAL_FACTOR": "1"}
    with running_portal(made=True, **settings) as portal:
        yield portal


@pytest.fixture(scope="module")
def strict_browser(playwright: Playwright, strict_portal: Portal) -> Iterator[Browser]:
    browser = chromium(playwright, strict_portal)
    yield browser
    browser.close()


def _stranger(browser: Browser, portal: Portal, width: int = 360, **options: Any) -> Page:
    context = browser.new_context(
        base_url=portal.url(""), locale="fr-FR", viewport={"width": width, "height": 740}, **options
    )
    return context.new_page()


def _fail(page: Page, login: str, times: int) -> None:
    for _ in range(times):
        page.goto("/connexion/")
        page.get_by_label("Identifiant").fill(login)
        page.get_by_label("Mot de passe").fill("faux mot de passe")
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_role("alert")).to_be_visible()


def _well(page: Page, name: str, width: int = 360) -> None:
    assert not axe_violations(page) + overflow(page, width)
    picture(page, name)


def test_an_attack_makes_strangers_wait_and_prove_but_never_a_known_browser(
    strict_browser: Browser, strict_portal: Portal
) -> None:
    mine = _stranger(strict_browser, strict_portal)
    sign_in(mine, CAMILLE)
    mine.context.clear_cookies(name="__Host-session")

    attacker = _stranger(strict_browser, strict_portal)
    _fail(attacker, CAMILLE.login, 5)
    expect(attacker.get_by_role("alert")).to_contain_text("prochain essai possible le")
    _well(attacker, "connexion-attente-360")
    _fail(attacker, "inconnu@paris.fr", 5)
    expect(attacker.get_by_role("alert")).to_contain_text("prochain essai possible le")
    _fail(attacker, "autre@paris.fr", 2)

    # The address owes a proof now: the browser finds it by itself, the person does nothing more.
    proving = _stranger(strict_browser, strict_portal)
    proving.goto("/connexion/")
    expect(proving.get_by_role("status").filter(has_text="Votre navigateur est vérifié.")).to_be_visible()
    _well(proving, "connexion-preuve-360")
    sign_in(proving, MEHDI)

    plain = _stranger(strict_browser, strict_portal, java_script_enabled=False)
    plain.goto("/connexion/")
    expect(plain.get_by_text("Cette vérification demande JavaScript.")).to_be_visible()

    sign_in(mine, CAMILLE)


def test_a_known_browser_that_fails_ten_times_is_told_whom_to_call(
    strict_browser: Browser, strict_portal: Portal
) -> None:
    page = _stranger(strict_browser, strict_portal, width=1440, color_scheme="dark")
    page.goto("/connexion/")
    sign_in(page, MEHDI)
    page.context.clear_cookies(name="__Host-session")
    _fail(page, MEHDI.login, 10)
    expect(page.get_by_role("alert")).to_contain_text("Cet appareil est bloqué")
    _well(page, "connexion-appareil-bloque-1440", 1440)
    page.get_by_role("link", name="J’ai un code du support").click()
    page.get_by_label("Identifiant").fill(MEHDI.login)
    page.get_by_label("Code donné par le support").fill("ABCD-EFGH-JKMN")
    page.get_by_role("button", name="Ouvrir cet appareil").click()
    expect(page.get_by_role("alert").first).to_contain_text("Ce code ne convient pas")
    _well(page, "ouvrir-cet-appareil-1440", 1440)


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "light"), (1440, "dark")])
def test_the_journal_is_read_by_an_administrator(
    strict_browser: Browser, strict_portal: Portal, width: int, theme: str
) -> None:
    page = _stranger(strict_browser, strict_portal, width=width, color_scheme=theme)
    sign_in(page, PAUL)
    page.goto("/administration/journal/")
    page.get_by_label("Agent").fill("mehdi.benali")
    page.get_by_label("Événement").select_option(label="Connexion refusée")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("rowheader", name="Connexion refusée").first).to_be_visible()
    _well(page, f"journal-{width}-{theme}", width)
