"""What a person does, page after page, found by the words on the controls as docs promise them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from people import CAMILLE, MEHDI, Person, sign_in
from playwright.sync_api import Locator, Page, expect


def reach(page: Page, selector: str) -> None:
    """Goes to a control by Tab, as without a mouse."""
    for _step in range(120):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab on {page.url}")


@dataclass
class Hands:
    """One person at one page; `scripted` is False where JavaScript is off."""

    page: Page
    scripted: bool = True

    def heading(self, text: str | re.Pattern[str]) -> None:
        """The page that opened says where one is."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def menu(self, label: str, *, shown: str | None = None) -> None:
        """Goes somewhere by the menu, whichever of its forms this screen shows."""
        phone = self.page.get_by_role("navigation", name="Raccourcis")
        links = self.page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=label)
        if phone.is_visible():
            direct = phone.get_by_role("link", name=shown or label)
            if shown and direct.count():
                direct.click()
                return
            phone.get_by_role("link", name="Menu").click()
        links.click()

    def read_pay_slip(self, downloads: Path) -> Path:
        """Home, list of slips, the last one, its PDF."""
        self.menu("Ma paie", shown="Paie")
        self.heading("Ma paie")
        self.page.get_by_role("link", name="Ouvrir le bulletin").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"20\d\d"))
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=re.compile("Télécharger")).first.click()
        kept = downloads / waiting.value.suggested_filename
        waiting.value.save_as(kept)
        return kept

    def fill_leave(self, day: date) -> None:
        """Type and dates, then what the page counts for them."""
        self.page.goto("/conges/nouvelle/")
        self.page.get_by_label("Type d’absence").select_option(label="Congé annuel")
        self.page.get_by_label("Premier jour").fill(day.isoformat())
        self.page.get_by_label("Dernier jour").fill(day.isoformat())
        if self.scripted:
            self.page.keyboard.press("Tab")
        else:
            self.page.get_by_role("button", name="Calculer").click()
        count = self.page.get_by_role("region", name="Ce que coûte cette demande")
        expect(count).to_contain_text("1 jour")
        expect(count.get_by_role("alert")).to_have_count(0)

    def ask_for_leave(self, day: date) -> str:
        """Sends a request for one day, and gives its reference."""
        self.fill_leave(day)
        self.page.get_by_role("button", name="Envoyer la demande").click()
        self.succeeded("envoyée")
        found = re.search(r"référence\s+(\S+)", self.page.get_by_role("main").inner_text(), re.IGNORECASE)
        assert found, self.page.get_by_role("main").inner_text()
        return found[1].rstrip(".,")

    def approve_from_home(self, reference: str) -> None:
        """« À faire » on the home page leads to what waits; one more tap validates the request."""
        self.page.goto("/")
        self.page.get_by_role("region", name="À faire").get_by_role("link", name="Répondre").first.click()
        self.page.locator(f"#valider-{reference}").click()
        self.succeeded("validée")

    def succeeded(self, text: str) -> None:
        """What was done is said in a status message."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def was_told(self, text: str) -> None:
        """The portal notified, and the notification opens what it is about."""
        self.page.goto("/notifications/")
        notice = self.page.get_by_role("main").get_by_role("button", name=re.compile(text)).first
        notice.click()
        expect(self.page).not_to_have_url(re.compile("/notifications/"))

    def find_message(self, subject: str | re.Pattern[str], folder: str | None = None) -> Locator:
        """The line of a message in a folder; mail that is on its way is asked for again until it is there."""
        line = self.page.get_by_role("main").get_by_role("link", name=subject).first
        for _ in range(20):
            self.page.goto("/messagerie/")
            if folder:
                self.open_folder(folder)
            if line.count():
                break
            self.page.wait_for_timeout(500)
        expect(line).to_be_visible()
        return line

    def open_folder(self, name: str) -> None:
        """By the tree, or by the list of folders that a narrow screen folds away."""
        tree = self.page.get_by_role("navigation", name="Dossiers")
        if tree.is_visible():
            tree.get_by_role("link", name=name).first.click()  # those of shared mailboxes come after
        else:
            folded = self.page.locator("details").filter(has_text="Dossiers").first
            folded.locator("summary").click()
            folded.get_by_role("link", name=name).first.click()
        expect(self.page.locator("#mail-folder")).to_have_text(name)

    def write_to(self, person: Person, subject: str, text: str) -> None:
        """Writes a message and sends it."""
        self.page.goto("/messagerie/")
        self.page.get_by_role("link", name="Nouveau message").click()
        self.page.get_by_label("À", exact=True).fill(person.login)
        self.page.get_by_label("Objet").fill(subject)
        self.page.get_by_label(re.compile("^Message")).fill(text)
        self.page.get_by_role("button", name="Envoyer", exact=True).click()
        self.succeeded("Votre message part")
        # It is held a while, so that one may take it back: whoever waits for it hurries it.
        self.page.goto("/messagerie/envois/")
        self.page.get_by_role("button", name="Envoyer tout de suite").first.click()

    def sign_out(self) -> None:
        """By the button of the menu; the page before shows nothing any more."""
        self.page.goto("/paie/")
        self.heading("Ma paie")
        self.page.locator("form").filter(has_text="Se déconnecter").locator("visible=true").first.get_by_role(
            "button", name="Se déconnecter"
        ).click()
        self.heading("À bientôt")
        self.page.go_back()
        expect(self.page.get_by_label("Mot de passe")).to_be_visible()
        expect(self.page.get_by_role("heading", name="Ma paie")).to_have_count(0)


__all__ = ["CAMILLE", "MEHDI", "Hands", "sign_in"]
