"""Somebody at home: a browser of one's own, with or without a way of knowing its owner."""

from __future__ import annotations

import re

from people import Person
from playwright.sync_api import Browser, BrowserContext, Page, expect
from running_portal import Portal
from seen import axe_violations, overflow, picture
from watch import Watch

from conftest import HEIGHTS, PATIENCE_MS


class Home:
    """Somebody at home, on a device that has its own way of knowing them."""

    def __init__(self, browser: Browser, portal: Portal, width: int = 360, theme: str = "light") -> None:
        self.width = width
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=theme,  # type: ignore[arg-type]
            locale="fr-FR",
            timezone_id="Europe/Paris",
            base_url=portal.url(""),
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.watch = Watch.over(self.context, portal.origins)
        self.page: Page = self.context.new_page()

    def with_passkeys(self) -> Home:
        """A device that unlocks with a finger, always the right one."""
        debugger = self.context.new_cdp_session(self.page)
        debugger.send("WebAuthn.enable")
        debugger.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return self

    def look(self, name: str) -> None:
        """The page is fit for everybody."""
        assert axe_violations(self.page) == []
        assert overflow(self.page, self.width) == []
        picture(self.page, f"factors-{name}-{self.width}")

    def knock(self, person: Person, password: str = "") -> None:
        self.page.goto("/connexion/")
        self.page.get_by_label("Identifiant").fill(person.login)
        self.page.get_by_label("Mot de passe").fill(password or person.password)
        self.page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(self.page).not_to_have_url(re.compile("/connexion/$"))

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def make_passkey(self) -> None:
        self.page.goto("/compte/securite/facteurs/")
        self.page.locator("#way-passkey").click()
        self.look("passkey")
        self.press("Créer la clé d’accès")
        expect(self.page.get_by_role("status").filter(has_text="Votre clé d’accès est enregistrée")).to_be_visible()

    def leave(self) -> None:
        self.page.goto("/compte/")
        self.page.locator("form").filter(has_text="Se déconnecter").locator("visible=true").first.get_by_role(
            "button", name="Se déconnecter"
        ).click()
        self.heading("À bientôt")
