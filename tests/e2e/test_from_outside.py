"""The journeys of accounts on `nomade run --zone internet`: letter, locked account, lost password, directory, attack.

One portal for all, in the order written: the attack comes last, since every stranger pays for it afterwards.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from aiosmtpd.controller import Controller
from at_home import Home
from closing import close_context
from people import CAMILLE, INES, LEILA, MEHDI, Person
from playwright.sync_api import Browser, Page, Playwright, expect
from running_portal import NOMADE, ROOT, Portal, free_port, running_portal
from steps import Hands

from conftest import chromium
from nomade.accounts.directories.testing import oidc_provider
from nomade.accounts.letters.typesetting import sign_in_address

AWA = Person("awa.diallo@paris.fr", "Awa", "Diallo")
HUGO = Person("hugo.faure@paris.fr", "Hugo", "Faure")
NEW_PASSWORD = "Huit-Pivoines-Rouges-34"
LETTER_SECONDS, RETURN_SECONDS = 120, 10


class Mailbox:
    """Personal mailboxes, somewhere on the internet."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        self.kept += [(address, body.get_content()) for address in envelope.rcpt_tos]
        return "250 OK"

    def link_for(self, address: str) -> str:
        """The link of the last message to an address, once it is there."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for to, text in reversed(self.kept):
                found = re.search(r"https://\S+lien=\S+", text)
                if to == address and found:
                    return found[0]
            time.sleep(0.2)
        raise AssertionError(f"nothing came to {address}: {self.kept}")


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port  # type: ignore[attr-defined]
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def far(mailbox: Mailbox) -> Iterator[tuple[Portal, str]]:
    """The portal, and the issuer of the employer's directory."""
    port = free_port()
    with oidc_provider(f"https://nomades.ville.localhost:{port}/connexion/annuaire/retour/") as issuer:
        settings = {
            "NOMADE_SERVICES": "home,payslips,documents,certificates,leave,directory,search,news,tools,support",
            "NOMADE_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",  # type: ignore[attr-defined]
            "NOMADE_SUPPORT_PHONE": "01 99 00 40 40",
            "NOMADE_OIDC_ISSUER": issuer,
            "NOMADE_OIDC_CLIENT_ID": "nomade",
            "NOMADE_OIDC_CLIENT_SECRET": "secret-of-the-tests",
            "NOMADE_LDAP_URL": f"ldap://127.0.0.1:{free_port()}",
            "NOMADE_LOCKOUT_SPRAY_FLOOR": "5",
        }
        with running_portal("--zone", "internet", made=True, port=port, **settings) as portal:
            yield portal, issuer


@pytest.fixture(scope="module")
def far_browser(playwright: Playwright, far: tuple[Portal, str]) -> Iterator[Browser]:
    browser = chromium(playwright, far[0])
    yield browser
    browser.close()


@pytest.fixture
def home(far_browser: Browser, far: tuple[Portal, str]) -> Iterator[type[Home]]:
    made: list[Home] = []

    def one(width: int = 360, theme: str = "light") -> Home:
        made.append(Home(far_browser, far[0], width, theme))
        return made[-1]

    yield one  # type: ignore[misc]
    for each in made:
        close_context(each.context)
    for each in made:
        each.watch.verify()


def _command(portal: Portal, *arguments: str) -> str:
    environment = {"PATH": "/usr/bin:/bin", "NOMADE_DATA_DIR": str(portal.data)}
    done = subprocess.run(
        [str(NOMADE), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _code_of(letter: Path) -> str:
    document = pypdfium2.PdfDocument(letter)
    words = document[0].get_textpage().get_text_bounded().split()
    document.close()
    return next(word for word in words if word.count("-") == 3 and len(word) == 19)


def test_at_home_from_the_letter_to_the_pay_slip_then_back_in_two_actions(
    far: tuple[Portal, str], home: type[Home], tmp_path: Path
) -> None:
    letter = tmp_path / "lettre.pdf"
    _command(far[0], "provisional-password", AWA.login, "--letter", str(letter))
    awa = home(360).with_passkeys()
    started = time.monotonic()
    awa.page.goto(sign_in_address("", AWA.login, _code_of(letter)))
    awa.press("Se connecter")
    awa.heading("Choisir votre mot de passe")
    awa.press("Proposer 5 mots")
    expect(awa.page.get_by_text("Votre phrase")).to_be_visible()
    awa.press("Enregistrer mon mot de passe")
    awa.heading("Protéger votre compte")
    awa.page.locator("#way-passkey").click()
    awa.press("Créer la clé d’accès")
    awa.heading("Être prévenu")
    awa.page.get_by_label("Sur le portail seulement").check()
    awa.press("Ouvrir le portail")
    awa.heading(AWA.first_name)
    slip = Hands(awa.page).read_pay_slip(tmp_path)
    assert slip.read_bytes().startswith(b"%PDF")
    assert time.monotonic() - started < LETTER_SECONDS
    awa.leave()

    awa.page.goto("/connexion/?suite=/paie/")
    started = time.monotonic()
    awa.press("Entrer avec une clé d’accès")
    awa.heading("Ma paie")
    awa.page.get_by_role("link", name="Ouvrir le bulletin").click()
    expect(awa.page.get_by_role("link", name=re.compile("Télécharger")).first).to_be_visible()
    assert time.monotonic() - started < RETURN_SECONDS


def test_a_locked_agent_at_home_reads_whom_to_call_and_comes_in_once_it_is_opened(
    far: tuple[Portal, str], home: type[Home]
) -> None:
    hugo = home(360)
    hugo.page.goto("/connexion/")
    hugo.page.get_by_label("Identifiant").fill(HUGO.login)
    hugo.page.get_by_label("Mot de passe").fill(HUGO.password)
    with hugo.watch.expecting(422):
        hugo.press("Se connecter")
        expect(hugo.page.get_by_role("alert").first).to_contain_text("accès temporairement suspendu")
    hugo.page.goto("/assistance/aide/compte-bloque/")
    expect(hugo.page.get_by_role("link", name="01 99 00 40 40").first).to_be_visible()
    hugo.look("locked-help")
    # The desk does not exist from here, whoever asks.
    assert far[0].get("/bureau/agents/", "support").status == 404
    _command(far[0], "unlock", HUGO.login)
    hugo.knock(HUGO)
    hugo.heading(HUGO.first_name)


def test_a_lost_password_is_replaced_by_the_link_to_the_personal_address_and_a_passkey(
    home: type[Home], mailbox: Mailbox
) -> None:
    leila = home(360).with_passkeys()
    leila.knock(LEILA)
    leila.make_passkey()
    leila.leave()
    leila.page.goto("/connexion/mot-de-passe-oublie/")
    leila.page.get_by_label("Identifiant").fill(LEILA.login)
    leila.press("Continuer")
    leila.press("Recevoir le lien")
    expect(leila.page.get_by_role("status").filter(has_text="un lien y part")).to_be_visible()
    link = mailbox.link_for(f"{LEILA.login}@example.org".replace("@paris.fr", ""))
    # The mail is read on another device, which proves nothing else.
    computer = home(1440, "dark")
    computer.page.goto(link)
    computer.look("recovery-link")
    computer.press("Oui, c’est bien moi")
    expect(computer.page.get_by_role("status")).to_contain_text("Cette preuve est acceptée")
    leila.page.goto("/connexion/mot-de-passe-oublie/preuves/")
    expect(leila.page.get_by_text("1 preuve acceptée sur 2.")).to_be_visible()
    leila.press("Utiliser ma clé d’accès")
    leila.heading("Choisir un nouveau mot de passe")
    leila.page.get_by_label("Nouveau mot de passe").press_sequentially("Trois mots")
    expect(leila.page.get_by_text("Encore 5 signes.", exact=True)).to_be_visible()
    leila.press("Proposer 5 mots")
    expect(leila.page.get_by_text("Votre phrase")).to_be_visible()
    expect(leila.page.get_by_text("Encore 5 signes.", exact=True)).to_have_count(0)
    leila.page.get_by_label("Nouveau mot de passe").fill(NEW_PASSWORD)
    leila.page.get_by_label("Le même, une seconde fois").fill(NEW_PASSWORD)
    leila.press("Enregistrer")
    leila.knock(LEILA, NEW_PASSWORD)
    leila.press("Continuer avec ma clé d’accès")
    leila.heading(LEILA.first_name)


def _leave_both(page: Page, portal: Portal, issuer: str) -> None:
    """Signed out here and at the provider, which asks for the login again."""
    page.goto("/compte/")
    page.get_by_role("button", name="Se déconnecter").locator("visible=true").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("À bientôt")
    page.get_by_role("link", name="Quitter aussi l’annuaire de la collectivité").click()
    page.wait_for_url(f"{issuer}/**")
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(portal.url("/a-bientot/**"))
    page.goto("/connexion/annuaire/")
    expect(page.locator("input[name=login]")).to_be_visible()


def test_the_directory_opens_the_portal_refuses_who_has_no_account_and_may_be_down(
    far: tuple[Portal, str], far_browser: Browser, home: type[Home]
) -> None:
    portal, issuer = far
    for login, said in ((INES.login, INES.first_name), ("personne@ailleurs.fr", "")):
        context = far_browser.new_context(base_url=portal.url(""), locale="fr-FR")
        page = context.new_page()
        page.goto("/connexion/")
        page.locator("#annuaire").click()
        page.wait_for_url(f"{issuer}/**")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill("x")
        page.locator("button[type=submit]").click()
        page.locator("button[type=submit]").click()
        page.wait_for_url(portal.url("/**"))
        expect(page.get_by_role("heading", level=1)).to_contain_text(said or "Connexion refusée")
        if said:
            _leave_both(page, portal, issuer)
        close_context(context)

    # From now on her password is the directory's, which does not answer.
    closed = home(360)
    closed.page.goto("/connexion/")
    closed.page.get_by_label("Identifiant").fill(INES.login)
    closed.page.get_by_label("Mot de passe").fill("Mot-De-L’Annuaire-1")
    with closed.watch.expecting(503):
        closed.press("Se connecter")
        expect(closed.page.get_by_role("main")).to_contain_text("L’annuaire de votre collectivité ne répond pas")
    closed.look("directory-down")
    # The local account of somebody else goes on.
    other = home(1440)
    other.knock(CAMILLE)
    other.heading(CAMILLE.first_name)


def _fail(at: Home, login: str, times: int) -> None:
    for _ in range(times):
        at.page.goto("/connexion/")
        at.page.get_by_label("Identifiant").fill(login)
        at.page.get_by_label("Mot de passe").fill("faux mot de passe")
        with at.watch.expecting(422):
            at.press("Se connecter")
            expect(at.page.get_by_role("alert")).to_be_visible()


def test_an_attacker_from_the_internet_waits_and_neither_a_known_browser_nor_a_passkey_does(
    far: tuple[Portal, str], home: type[Home]
) -> None:
    mine = home(360).with_passkeys()
    mine.knock(MEHDI)
    mine.make_passkey()
    mine.leave()
    attacker = home(768)
    _fail(attacker, MEHDI.login, 5)
    expect(attacker.page.get_by_role("alert")).to_contain_text("prochain essai possible le")
    _fail(attacker, "inconnu@paris.fr", 5)
    expect(attacker.page.get_by_role("alert")).to_contain_text("prochain essai possible le")
    for number in range(4):
        _fail(attacker, f"agent.{number}@paris.fr", 1)
    # The detector runs each minute; here, at once.
    _command(far[0], "shell", "-c", "from nomade.accounts.lockout.detector import watch; watch()")
    attacker.page.goto("/connexion/")
    expect(attacker.page.get_by_text("Le portail est attaqué en ce moment")).to_be_visible()
    attacker.look("attacked")
    # Even the right password opens nothing here, without a second factor.
    expect(attacker.page.get_by_role("status").filter(has_text="Votre navigateur est vérifié.")).to_be_visible()
    attacker.page.get_by_label("Identifiant").fill(CAMILLE.login)
    attacker.page.get_by_label("Mot de passe").fill(CAMILLE.password)
    with attacker.watch.expecting(422):
        attacker.press("Se connecter")
        expect(attacker.page.get_by_role("alert")).to_contain_text("incorrect, ou accès temporairement suspendu")

    mine.page.goto("/connexion/")
    expect(mine.page.get_by_text("Le portail est attaqué")).to_have_count(0)
    mine.knock(MEHDI)
    mine.press("Continuer avec ma clé d’accès")
    mine.heading(MEHDI.first_name)
    mine.leave()
    mine.context.clear_cookies(name="__Host-appareil")
    mine.page.goto("/connexion/")
    mine.press("Entrer avec une clé d’accès")
    mine.heading(MEHDI.first_name)
