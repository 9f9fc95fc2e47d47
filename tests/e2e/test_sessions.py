"""How a session ends: announced, prolonged by one key, told at the door when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable

from people import Person, sign_in
from playwright.sync_api import BrowserContext, expect
from seen import axe_violations, overflow, picture

Open = Callable[..., BrowserContext]
# Nobody else in these tests: so many sign-ins would close the sessions of others.
CHRISTINE = Person("christine.benahmed@paris.fr", "Christine", "Benahmed")


def test_the_end_of_a_session_is_announced_and_one_key_keeps_it_open(open_context: Open) -> None:
    page = open_context(360).new_page()
    page.clock.install()
    sign_in(page, CHRISTINE)
    page.goto("/compte/")
    warning = page.get_by_role("alertdialog", name="Votre session va se fermer")
    page.clock.fast_forward("27:30")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:35")
    expect(warning).to_be_visible()
    assert axe_violations(page) + overflow(page, 360) == []
    picture(page, "session-warning-360")
    with page.expect_response("**/connexion/prolonger/") as kept:
        page.keyboard.press("Enter")
    assert kept.value.status == 204
    expect(warning).to_be_hidden()
    page.clock.fast_forward("27:00")
    expect(warning).to_be_hidden()
    # Left alone, the page goes to the door and says why; this server has not seen time go by, and lets in at once.
    with page.expect_request(re.compile(r"/connexion/\?suite=%2Fcompte%2F&fin=idle$")):
        page.clock.fast_forward("03:05")


def test_a_device_closed_from_another_reads_why_at_the_door_and_comes_back_to_its_page(open_context: Open) -> None:
    first, last = (open_context(360).new_page() for _device in range(2))
    for page in (first, last):
        sign_in(page, CHRISTINE)
    last.goto("/compte/securite/appareils/")
    last.get_by_role("button", name="Tout déconnecter sauf cet appareil").click()
    expect(last.get_by_role("status").first).to_be_visible()
    first.goto("/paie/")
    expect(first.get_by_text("Votre session est terminée : déconnexion depuis un autre appareil")).to_be_visible()
    assert axe_violations(first) + overflow(first, 360) == []
    picture(first, "session-over-360")
    first.get_by_label("Identifiant").fill(CHRISTINE.login)
    first.get_by_label("Mot de passe").fill(CHRISTINE.password)
    first.get_by_label("Ordinateur partagé").check()
    first.get_by_role("button", name="Se connecter", exact=True).click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("Ma paie")
    first.goto("/compte/securite/appareils/")
    expect(first.get_by_text("ordinateur partagé")).to_be_visible()
    cookies = {cookie["name"] for cookie in first.context.cookies()}
    assert "__Host-appareil" in cookies, "this browser was known before"
