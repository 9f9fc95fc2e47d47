"""Pay as its people go through it: the pay office from a faulty file to its release, the gardener on a phone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
from people import CAMILLE, Person
from playwright.sync_api import Page, expect
from running_portal import NOMADE, ROOT, Portal
from seen import axe_violations, overflow, picture
from steps import Hands

sys.path.insert(0, str(ROOT))
from nomade.payslips.tests.faulty import Planted, plant_faults  # needs the root of the clone on the path

PARIS = ZoneInfo("Europe/Paris")
THOMAS = Person("thomas.roy@paris.fr", "Thomas", "Roy")
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
CLAIRE = Person("claire.fontaine@paris.fr", "Claire", "Fontaine")
MONTH = (datetime.now(PARIS).date().replace(day=1) - timedelta(days=1)).replace(day=1)  # the last month paid
#: Reading and sealing a few hundred slips in the queue of a busy machine.
JOB_MS = 60_000
LEAVE = """
from datetime import date
from nomade.people.models import Agent
leaver = Agent.objects.filter(role_grants=None, has_mailbox=False).order_by("-matricule").first() or \\
    Agent.objects.filter(role_grants=None).order_by("-matricule").first()
Agent.objects.filter(pk=leaver.pk).update(exit_date=date(%d, %d, 1))
print("PARTI", leaver.matricule)
"""


def _nomade(portal: Portal, *arguments: str) -> str:
    environment = {**os.environ, "NOMADE_DATA_DIR": str(portal.data)}
    done = subprocess.run(
        [str(NOMADE), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def faulty(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """The payroll's file of last month for this city, with twelve faults in it."""
    folder = tmp_path_factory.mktemp("paie")
    before = MONTH - timedelta(days=40)
    leaver = _nomade(portal, "shell", "-c", LEAVE % (before.year, before.month)).split("PARTI ")[1].split()[0]
    whole = folder / "paie.pdf"
    _nomade(portal, "demo-payslips", "--period", f"{MONTH:%Y-%m}", "--out", str(whole))
    with pypdfium2.PdfDocument(whole) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    owners = [re.search(r"Matricule\s+(\S+)", text)[1] for text in texts]  # type: ignore[index]
    single = [rank for rank, owner in enumerate(owners) if Counter(owners)[owner] == 1]
    plain = folder / "une-page.pdf"
    with pikepdf.open(whole) as pdf, pikepdf.new() as copy:
        pages = list(pdf.pages)
        copy.pages.extend(pages[rank] for rank in single)
        copy.save(plain)
    return plant_faults(
        plain,
        folder / "paie-piegee.pdf",
        leaver=leaver,
        matricules=[owners[rank] for rank in single],
        period=f"{MONTH:%Y-%m}",
    )


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def _press(page: Page, name: str, person: Person) -> None:
    """Presses a sensitive button; when the session is no longer fresh, proves again who is there."""
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Confirmer que c’est toujours vous").count():
        page.get_by_label("Mot de passe").fill(person.password)
        page.get_by_role("button", name="Confirmer").click()


def test_the_pay_office_finds_twelve_faults_and_a_second_person_releases(
    open_context: Any, signed_in_states: Any, faulty: Planted
) -> None:
    context = open_context(1440, state=signed_in_states(THOMAS))
    page = context.new_page()
    page.goto("/paie/")
    page.get_by_role("link", name="Gestion de la paie").click()
    Hands(page).heading("Gestion de la paie")
    page.get_by_role("link", name="Nouvel import").click()
    _checked(page, 1440, "paie-import")
    page.get_by_label("Fichier de la paie").set_input_files(faulty.path)
    page.get_by_label("Mois de paie").fill(f"{MONTH:%Y-%m}")
    page.get_by_label("Effectif annoncé par la paie").fill(str(faulty.announced))
    page.get_by_label("Nom du traitement").fill("essai")
    page.get_by_role("button", name="Lire le fichier à blanc").click()
    expect(page.get_by_role("heading", name="Ce que la lecture a trouvé")).to_be_visible(timeout=JOB_MS)
    for kind, wanted in faulty.lists.items():
        with page.expect_download() as waiting:
            page.locator(f"section[aria-labelledby='liste-{kind}'] .card__head a").click()
        text = Path(waiting.value.path()).read_text(encoding="utf-8")
        assert [fault for fault in wanted if fault not in text] == [], kind
    _checked(page, 1440, "paie-lecture")
    with context.watch.expecting(422):
        page.get_by_role("button", name=re.compile("^Ranger")).click()
        expect(page.get_by_role("alert").filter(has_text="Cochez la case")).to_be_visible()
    page.get_by_label("Ranger les bulletins sûrs").check()
    page.get_by_role("button", name=re.compile("^Ranger")).click()
    page.get_by_role("link", name="Ouvrir le lot").click(timeout=JOB_MS)
    expect(page.get_by_text("une autre personne de la paie doit le publier")).to_be_visible()
    _checked(page, 1440, "paie-lot")
    second = open_context(1440, state=signed_in_states(CLAIRE)).new_page()
    second.goto(page.url)
    _press(second, "Publier", CLAIRE)
    Hands(second).succeeded("Lot publié")
    second.get_by_text("Rappeler tout le lot").click()
    second.get_by_label("Motif").last.fill("Essai terminé")
    _press(second, "Rappeler le lot", CLAIRE)
    Hands(second).succeeded("Lot rappelé")


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (360, "dark"), (768, "light")])
def test_the_gardener_reads_what_surrounds_her_pay_on_a_phone(
    open_context: Any, camille: Any, tmp_path: Path, width: int, theme: str
) -> None:
    page = open_context(width, theme=theme, state=camille).new_page()
    page.goto("/paie/")
    _checked(page, width, f"paie-liste-{theme}")
    page.get_by_role("link", name="Ouvrir le bulletin").click()
    expect(page.get_by_role("heading", name="Du brut au net")).to_be_visible()
    page.get_by_text("Qu’est-ce que c’est ?").first.click()
    _checked(page, width, f"paie-bulletin-{theme}")
    page.goto("/paie/")
    page.get_by_role("link", name="Mon net sur douze mois").click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(13)
    _checked(page, width, f"paie-evolution-{theme}")
    page.goto("/paie/consultations/")
    expect(page.get_by_role("main")).to_contain_text("Bulletin ouvert")
    _checked(page, width, f"paie-consultations-{theme}")
    page.goto("/paie/papier/")
    _checked(page, width, f"paie-papier-{theme}")
    page.goto("/paie/")
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger les bulletins cochés").click()
    assert waiting.value.suggested_filename == "bulletins-de-paie.zip"


@pytest.mark.parametrize("width", [360, 1440])
def test_a_bank_employee_checks_what_the_gardener_gave_her(
    open_context: Any, camille: Any, tmp_path: Path, width: int
) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/attestations/")
    _checked(page, 360, "attestations")
    page.get_by_role("button", name="Attestation de salaire, 3 mois").click()
    Hands(page).succeeded("Votre attestation est prête")
    _checked(page, 360, "attestation")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger le PDF").click()
    paper = tmp_path / "attestation.pdf"
    waiting.value.save_as(paper)
    with pypdfium2.PdfDocument(paper) as document:
        text = document[0].get_textpage().get_text_range()
    code = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    assert code, text

    bank_context = open_context(width)
    bank = bank_context.new_page()
    bank.goto("/verifier/")
    _checked(bank, width, "verifier")
    with bank_context.watch.expecting(422):
        bank.get_by_label("Code de l’attestation").fill("ABCD-EFGH-JKMN-PQRS")
        bank.get_by_role("button", name="Vérifier").click()
        expect(bank.get_by_role("alert")).to_contain_text("Aucune attestation ne porte ce code")
    bank.get_by_label("Code de l’attestation").fill(code[0].lower())
    bank.get_by_role("button", name="Vérifier").click()
    Hands(bank).succeeded("authentique")
    expect(bank.get_by_role("main")).to_contain_text("Camille Durand")
    expect(bank.get_by_role("main")).to_contain_text("Les montants ne sont pas montrés")
    _checked(bank, width, "verifiee")

    page.reload()
    expect(page.get_by_role("region", name="Vérifications").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Révoquer cette attestation").click()
    Hands(page).succeeded("révoquée")
    bank.goto("/verifier/")
    bank.get_by_label("Code de l’attestation").fill(code[0])
    bank.get_by_role("button", name="Vérifier").click()
    expect(bank.get_by_role("alert")).to_contain_text("a été révoquée")


def test_human_resources_deposit_a_document_and_the_gardener_acknowledges_it(
    open_context: Any, camille: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    paper = tmp_path / "arrete.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(paper)
    desk = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    desk.goto("/documents/gestion/")
    desk.get_by_label("Nom ou matricule").fill("Camille Durand")
    desk.get_by_role("main").get_by_role("button", name="Chercher").click()
    desk.get_by_role("main").get_by_role("link", name="Camille Durand").first.click()
    _checked(desk, 1440, "dossier-rh")
    desk.get_by_role("link", name="Déposer un document").click()
    desk.get_by_label("Type").select_option(label="arrêté individuel")
    desk.get_by_label("Titre").fill("Arrêté d’avancement")
    desk.get_by_label("Document", exact=True).set_input_files(paper)
    desk.get_by_label("Demander un accusé de réception").check()
    _checked(desk, 1440, "deposer")
    desk.get_by_role("button", name="Déposer").click()
    Hands(desk).succeeded("Document déposé")

    page = open_context(360, state=camille).new_page()
    page.goto("/")
    page.get_by_role("region", name="À faire").get_by_role("link", name=re.compile("Ouvrir")).first.click()
    Hands(page).heading("Arrêté d’avancement")
    _checked(page, 360, "document")
    _press(page, "J’ai bien reçu ce document", CAMILLE)
    Hands(page).succeeded("Accusé de réception enregistré")
    page.goto("/documents/")
    _checked(page, 360, "documents")
    page.goto("/paie/consultations/")
    expect(page.get_by_role("main")).to_contain_text("Sophie Laurent")
