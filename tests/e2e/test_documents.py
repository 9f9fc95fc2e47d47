"""Folders as their people go through them: the gardener on a phone, her HR office, the archivist; a retired agent."""

from __future__ import annotations

import base64
import re
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from people import CAMILLE, Person
from playwright.sync_api import Page, expect
from running_portal import ROOT, Portal
from seen import axe_violations, overflow, picture
from steps import Hands

sys.path.insert(0, str(ROOT))
from nomade.accounts.factors import totp  # needs the root of the clone on the path
from nomade.documents.tests.samples import a_text_pdf

SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
MARC = Person("marc.dubois@paris.fr", "Marc", "Dubois")
ELISE = Person("elise.bonnet@paris.fr", "Élise", "Bonnet")
JEANNE = Person("jeanne.lambert@paris.fr", "Jeanne", "Lambert")
JOB_MS = 60_000


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def _drawn(page: Page) -> int:
    """How wide the first page of the document was drawn; 0 when the picture does not load."""
    image = page.locator(".reader__page").first
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    return int(image.evaluate("async element => { await element.decode(); return element.naturalWidth; }"))


def _press(page: Page, name: str, person: Person) -> None:
    """Presses a sensitive button; when the session is no longer fresh, proves again who is there."""
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Confirmer que c’est toujours vous").count():
        page.get_by_label("Mot de passe").fill(person.password)
        page.get_by_role("button", name="Confirmer").click()


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_the_gardener_reads_her_folder_without_any_pdf_viewer(
    open_context: Any, camille: Any, width: int, theme: str
) -> None:
    page = open_context(width, theme=theme, state=camille).new_page()
    page.goto("/documents/")
    _checked(page, width, f"documents-{theme}")
    page.get_by_role("searchbox", name="Chercher un document").fill("echelon")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name="Avancement d’échelon").click()
    expect(page.get_by_role("main")).to_contain_text("Mme Camille Durand, adjoint technique principal")
    assert _drawn(page) == 1080
    _checked(page, width, f"document-{theme}")


def test_the_gardener_acknowledges_reads_and_provides_on_a_phone(
    open_context: Any, camille: Any, tmp_path: Path
) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/")
    page.get_by_role("link", name="Fournir").click()
    Hands(page).heading("Permis de conduire en cours de validité")
    scan = tmp_path / "permis.pdf"
    scan.write_bytes(a_text_pdf("Permis de conduire, catégorie B").read())
    page.get_by_label("Document").set_input_files(scan)
    page.get_by_label("Fin de validité").fill("2031-06-30")
    page.get_by_role("button", name="Envoyer").click()
    Hands(page).succeeded("Document envoyé")
    assert _drawn(page) == 1080
    _checked(page, 360, "document-fourni")
    page.goto("/documents/")
    page.get_by_role("link", name="Consignes par grand froid").click()
    expect(page.get_by_role("main")).to_contain_text("-5 °C ressenti")
    _checked(page, 360, "document-a-lire")
    page.get_by_role("button", name="J’ai lu ce document").click()
    Hands(page).succeeded("vous avez lu ce document")
    page.goto("/documents/")
    page.get_by_role("link", name=re.compile("IFSE")).click()
    _press(page, "J’ai bien reçu ce document", CAMILLE)
    Hands(page).succeeded("Accusé de réception enregistré")
    page.goto("/paie/consultations/")
    expect(page.get_by_role("main")).to_contain_text("Lecture d’un document confirmée")


def test_the_hr_office_checks_a_licence_beside_its_picture(open_context: Any, signed_in_states: Any) -> None:
    page = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    page.goto("/documents/gestion/")
    _checked(page, 1440, "gestion-dossiers")
    page.get_by_role("link", name="Permis de conduire en cours de validité").click()
    page.locator("li", has_text="Mehdi Benali").get_by_role("link", name="Ouvrir le document").click()
    assert _drawn(page) == 1080
    _checked(page, 1440, "reponse")
    page.get_by_role("button", name="Accepter").click()
    Hands(page).succeeded("Réponse envoyée à Mehdi Benali")
    page.goto("/documents/gestion/?q=durand camille")
    page.get_by_role("link", name="Camille Durand").first.click()
    page.get_by_role("link", name="Compte rendu d’entretien professionnel").click()
    expect(page.get_by_role("main")).to_contain_text("qui sait que vous l’avez ouvert")
    assert _drawn(page) == 1080


def test_one_large_file_is_split_tried_and_confirmed_by_a_second_person(
    open_context: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    page = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    page.goto("/documents/gestion/?q=durand camille")
    matricule = (
        page.locator("section", has_text="Camille Durand").get_by_text(re.compile(r"^\d{8}$")).first.inner_text()
    )
    page.goto("/documents/gestion/lot/")
    page.get_by_role("link", name="un seul PDF à découper").click()
    _checked(page, 1440, "gros-fichier")
    lot = tmp_path / "courriers.pdf"
    with pikepdf.open(BytesIO(a_text_pdf(f"Matricule {matricule}\nVotre prime", "Matricule 99999999").read())) as pdf:
        pdf.save(lot)
    page.get_by_label("Fichier").set_input_files(lot)
    page.get_by_label("Titre").fill("Courrier de prime")
    page.get_by_role("button", name="Lire à blanc").click()
    expect(page.get_by_role("heading", name="À déposer")).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_role("main")).to_contain_text("matricule hors de votre périmètre")
    _checked(page, 1440, "lot-lu")
    second = open_context(1440, state=signed_in_states(MARC)).new_page()
    second.goto(page.url)
    second.get_by_role("button", name="Confirmer le dépôt").click()
    Hands(second).succeeded("1 document déposé")


def test_a_rule_and_a_destruction_wait_for_the_archivist(open_context: Any, signed_in_states: Any) -> None:
    head = open_context(1440, state=signed_in_states(MARC)).new_page()
    head.goto("/documents/gestion/conservation/")
    _checked(head, 1440, "conservation")
    head.get_by_role("link", name=re.compile("Modifier.*fiche de poste", re.IGNORECASE)).click()
    head.get_by_label("Durée en années").fill("10")
    head.get_by_role("button", name="Proposer cette règle").click()
    Hands(head).succeeded("après le visa de l’archiviste")
    head.get_by_role("button", name="Dresser la liste des documents échus").click()
    Hands(head).heading("Documents échus")
    purge = head.url
    archivist = open_context(360, theme="dark", state=signed_in_states(ELISE)).new_page()
    archivist.goto("/documents/")
    archivist.get_by_role("link", name="Conservation").click()
    _checked(archivist, 360, "conservation-archiviste")
    _press(archivist, "Donner le visa", ELISE)
    Hands(archivist).succeeded("la règle s’applique")
    archivist.goto(purge)
    _checked(archivist, 360, "liste-echue")
    archivist.get_by_role("button", name="Donner le visa et supprimer").click()
    Hands(archivist).succeeded("1 document supprimé")
    with archivist.expect_download() as waiting:
        archivist.get_by_role("link", name="Certificat de destruction").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("width", [360])
def test_a_retired_agent_keeps_her_slips_with_a_factor_of_her_own(
    open_context: Any, portal: Portal, width: int
) -> None:
    context = open_context(width)
    page = context.new_page()
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(JEANNE.login)
    page.get_by_label("Mot de passe").fill(JEANNE.password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).to_have_url(re.compile("facteur"))
    _checked(page, width, "retraitee-facteur")
    page.goto("/compte/securite/facteurs/")
    page.locator("#way-totp").click()
    page.locator("#show-qr").click()
    secret = base64.b32decode(page.locator("#secret").inner_text().replace(" ", ""))
    page.locator("#id_code").fill(totp.code_at(secret, int(time.time()) // totp.STEP))
    page.locator("#id_code").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Votre application est enregistrée")).to_be_visible()
    page.goto("/paie/")
    Hands(page).heading("Ma paie")
    _checked(page, width, "retraitee-paie")
    page.get_by_role("link", name="Ouvrir le bulletin").click()
    assert _drawn(page) == 1080
    page.goto("/attestations/")
    _checked(page, width, "retraitee-attestations")
    with context.watch.expecting(403):
        page.goto("/conges/")
        expect(page.get_by_role("main")).to_contain_text("Vous ne travaillez plus pour")
    assert page.get_by_role("navigation").get_by_text("Mes congés").count() == 0
    page.goto("/compte/")
    expect(page.get_by_role("main")).to_contain_text("jeanne.lambert@example.org")
