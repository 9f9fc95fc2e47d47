"""From a paper letter to the latest pay slip, on a telephone; and the office that prints the letter."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
from people import PAUL, Person
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from running_portal import NOMADE, ROOT, Portal
from seen import axe_violations, overflow, picture
from steps import Hands

from nomade.accounts.letters.typesetting import sign_in_address

Open = Callable[..., BrowserContext]
# Her password changes here: no other test signs her in.
GABRIEL = Person("gabriel.simon@paris.fr", "Gabriel", "Simon")
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
NEWCOMER = Person("salome.vidal@paris.fr", "Salomé", "Vidal")
TWO_MINUTES = 120


def _command(portal: Portal, *arguments: str) -> str:
    """What an operator types beside the running portal."""
    done = subprocess.run(
        [str(NOMADE), *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "NOMADE_DATA_DIR": str(portal.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _code_of(letter: Path) -> str:
    """What somebody reads on the letter."""
    document = pypdfium2.PdfDocument(letter)
    words = document[0].get_textpage().get_text_bounded().split()
    document.close()
    return next(word for word in words if word.count("-") == 3 and len(word) == 19)


def _look(page: Page, name: str, width: int) -> None:
    assert axe_violations(page) + overflow(page, width) == []
    picture(page, f"first-{name}-{width}")


def _told_as_one_types(page: Page) -> None:
    """A common password is said to be one before it is sent; five words are proposed and written."""
    field = page.get_by_label("Nouveau mot de passe")
    field.press_sequentially("Motdepasse12345!", delay=5)
    expect(page.locator("#aide-mot-de-passe").get_by_text("Trop facile à deviner")).to_be_visible()
    field.fill("")
    page.get_by_role("button", name="Proposer 5 mots").click()
    expect(page.get_by_text("Votre phrase")).to_be_visible()
    expect(page.get_by_label("Nouveau mot de passe")).not_to_have_value("")


def test_from_the_letter_to_the_pay_slip_on_a_telephone_in_under_two_minutes(
    portal: Portal, open_context: Open, tmp_path: Path
) -> None:
    letter = tmp_path / "lettre.pdf"
    _command(portal, "provisional-password", GABRIEL.login, "--letter", str(letter))
    page = open_context(360, accept_downloads=True).new_page()
    started = time.monotonic()
    page.goto(sign_in_address("", GABRIEL.login, _code_of(letter)))
    expect(page.get_by_label("Identifiant")).to_have_value(GABRIEL.login)
    expect(page.get_by_text("sont remplis")).to_be_visible()
    assert "#" not in page.url and "code" not in page.url, "the address bar keeps no code"
    _look(page, "door", 360)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Choisir votre mot de passe")
    _told_as_one_types(page)
    _look(page, "password", 360)
    page.get_by_role("button", name="Enregistrer mon mot de passe").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Être prévenu")
    _look(page, "notices", 360)
    page.get_by_label("Sur le portail seulement").check()
    page.get_by_role("button", name="Ouvrir le portail").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(GABRIEL.first_name)
    slip = Hands(page).read_pay_slip(tmp_path)
    assert slip.read_bytes().startswith(b"%PDF")
    assert time.monotonic() - started < TWO_MINUTES

    other = open_context(360)
    again = other.new_page()
    again.goto("/connexion/")
    again.get_by_label("Identifiant").fill(GABRIEL.login)
    again.get_by_label("Mot de passe").fill(_code_of(letter))
    with other.watch.expecting(422):  # type: ignore[attr-defined]
        again.get_by_role("button", name="Se connecter", exact=True).click()
        expect(again.get_by_role("alert").first).to_contain_text("Identifiant ou mot de passe incorrect")


def test_the_office_prints_the_letter_of_a_newcomer_who_opens_it_without_scripts(
    portal: Portal, open_context: Open, signed_in_states: Callable[[Person], StorageState], tmp_path: Path
) -> None:
    arrival = tmp_path / "arrivee.csv"
    entered = (datetime.now(ZoneInfo("Europe/Paris")) - timedelta(days=1)).strftime("%d/%m/%Y")
    arrival.write_text(
        "matricule;login;nom;prenom;date_naissance;unite;statut;date_entree\n"
        f"09900001;{NEWCOMER.login};{NEWCOMER.last_name};{NEWCOMER.first_name};03/02/1999;DEVE;contractuel;{entered}\n",
        encoding="utf-8",
    )
    _command(portal, "import-agents", str(arrival))
    office = open_context(1440, state=signed_in_states(SOPHIE), accept_downloads=True).new_page()
    office.goto("/")
    office.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Premières connexions").click()
    office.get_by_label("Nom ou matricule").fill(NEWCOMER.last_name)
    office.get_by_role("button", name="Filtrer").click()
    expect(office.get_by_text("Sans lettre", exact=True).last).to_be_visible()
    _look(office, "office", 1440)
    with office.expect_download() as waiting:
        office.get_by_role("button", name="Imprimer une lettre").click()
    letter = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(letter)
    # The page opens again by itself: what records the hand-over is there at once.
    expect(office.get_by_role("status").filter(has_text="est faite")).to_be_visible()
    expect(office.get_by_text(re.compile("Imprimée le"))).to_be_visible()
    office.get_by_role("button", name="Lettre remise").click()
    expect(office.get_by_role("status").filter(has_text="est enregistrée")).to_be_visible()

    home = open_context(768, java_script_enabled=False).new_page()
    home.goto("/connexion/")
    home.get_by_label("Identifiant").fill(NEWCOMER.login)
    home.get_by_label("Mot de passe").fill(_code_of(letter).lower().replace("-", ""))
    home.get_by_role("button", name="Se connecter", exact=True).click()
    expect(home.get_by_label("Votre date de naissance")).to_have_count(0)
    home.get_by_role("button", name="Proposer 5 mots").click()
    expect(home.get_by_text("Votre phrase")).to_be_visible()
    home.get_by_role("button", name="Enregistrer mon mot de passe").click()
    home.get_by_label("Par courriel, à mon adresse personnelle").check()
    home.get_by_label("Votre adresse personnelle").fill("salome@exemple.fr")
    home.get_by_role("button", name="Ouvrir le portail").click()
    expect(home.get_by_role("status").filter(has_text="Un lien part à salome@exemple.fr")).to_be_visible()
    home.goto("/paie/")
    expect(home.get_by_role("heading", level=1)).to_contain_text("Ma paie")


def test_the_policy_reads_on_a_small_telephone(
    open_context: Open, signed_in_states: Callable[[Person], StorageState]
) -> None:
    page = open_context(320, state=signed_in_states(PAUL)).new_page()
    page.goto("/administration/")
    page.get_by_role("link", name="Politique de sécurité").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Politique de sécurité")
    expect(page.get_by_text("NOMADE_PASSWORD_PRIVILEGED_MINIMUM")).to_be_visible()
    _look(page, "policy", 320)
