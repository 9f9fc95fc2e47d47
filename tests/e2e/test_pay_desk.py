"""The desks around pay and folders: paper, reading as a team, documents asked for, papers that a person writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
from people import Person
from playwright.sync_api import Page, expect
from running_portal import NOMADE, ROOT, Portal
from seen import axe_violations, overflow, picture
from steps import Hands

sys.path.insert(0, str(ROOT))
from nomade.documents.tests.samples import a_text_pdf  # needs the root of the clone on the path

THOMAS = Person("thomas.roy@paris.fr", "Thomas", "Roy")
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
MARC = Person("marc.dubois@paris.fr", "Marc", "Dubois")
MONTH = datetime.now(ZoneInfo("Europe/Paris")).date().replace(day=1)
TEAM = "DEVE/SD-TERRITOIRES/J15/BRASSENS"


def _checked(page: Page, width: int, name: str) -> None:
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def _press(page: Page, name: str | re.Pattern[str], person: Person) -> None:
    """Presses a sensitive button; when the session is no longer fresh, proves again who is there."""
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Confirmer que c’est toujours vous").count():
        page.get_by_label("Mot de passe").fill(person.password)
        page.get_by_role("button", name="Confirmer").click()


def _matricule(page: Page) -> str:
    page.goto("/dossier/")
    found = re.search(r"\b\d{8}\b", page.get_by_role("main").inner_text())
    assert found
    return found[0]


def _a_file(path: Path, text: str) -> Path:
    path.write_bytes(a_text_pdf(text).read())
    return path


def test_a_slip_asked_on_paper_is_printed_by_the_pay_office_and_its_owner_sees_by_whom(
    open_context: Any, portal: Portal, camille: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    own = open_context(360, state=camille).new_page()
    matricule = _matricule(own)
    own.goto("/paie/papier/")
    own.get_by_role("button", name="Recevoir aussi le papier").click()
    Hands(own).succeeded("aussi imprimés")
    file = _a_file(tmp_path / "paie.pdf", f"Paie du mois\nMatricule {matricule}\nPériode : {MONTH:%m/%Y}")
    done = subprocess.run(
        [str(NOMADE), "import-payslips", str(file), "--period", f"{MONTH:%Y-%m}", "--run", "papier"],
        cwd=ROOT, env={**os.environ, "NOMADE_DATA_DIR": str(portal.data)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    office = open_context(1440, state=signed_in_states(THOMAS)).new_page()
    office.goto("/paie/gestion/")
    office.get_by_role("link", name="Bulletins à imprimer ce mois-ci").click()
    expect(office.get_by_role("row", name="Camille Durand")).to_contain_text(matricule)
    _checked(office, 1440, "papier-a-imprimer")
    with office.expect_download() as waiting:
        _press(office, re.compile("^Bulletins à imprimer, paquet 1"), THOMAS)
    with pypdfium2.PdfDocument(Path(waiting.value.path())) as printed:
        assert f"Matricule {matricule}" in printed[0].get_textpage().get_text_range()

    own.goto("/paie/consultations/")
    line = own.get_by_role("main").get_by_role("row").filter(has_text="imprimé pour l’envoi papier").first
    expect(line).to_contain_text("Thomas Roy")
    own.goto("/paie/papier/")
    own.get_by_role("button", name="Ne plus recevoir le papier").click()
    Hands(own).succeeded("ne seront plus imprimés")
    office.goto("/paie/gestion/papier/")
    expect(office.get_by_role("heading", name="Rien à imprimer")).to_be_visible()
    office.goto("/paie/gestion/")
    office.get_by_role("link", name=re.compile("papier$")).click()
    office.get_by_text("Rappeler tout le lot").click()
    office.get_by_label("Motif").last.fill("Essai terminé")
    _press(office, "Rappeler le lot", THOMAS)
    Hands(office).succeeded("Lot rappelé")


def test_a_head_of_team_notes_who_was_read_to_and_human_resources_see_it(
    open_context: Any, mehdi: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    desk = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    desk.goto("/documents/gestion/a-lire/")
    desk.get_by_label("Titre").fill("Port des gants")
    desk.get_by_label("Document", exact=True).set_input_files(_a_file(tmp_path / "gants.pdf", "Portez des gants."))
    desk.get_by_label("Code de l’unité").fill(TEAM)
    desk.get_by_role("button", name="Publier").click()
    Hands(desk).succeeded("Document publié")
    readers = desk.url

    head = open_context(360, state=mehdi).new_page()
    head.goto("/documents/")
    head.get_by_role("link", name="Port des gants").click()
    head.get_by_role("button", name="J’ai lu ce document").click()
    Hands(head).succeeded("vous avez lu ce document")
    box = head.get_by_role("region", name="Lu en équipe").get_by_role("checkbox").first
    name = box.evaluate("box => box.labels[0].textContent.trim()")
    box.check()
    _checked(head, 360, "lu-en-equipe")
    head.get_by_role("button", name="Noter la lecture en équipe").click()
    Hands(head).succeeded("en équipe")
    desk.goto(readers)
    expect(desk.get_by_role("region", name="Dernières lectures")).to_contain_text(f"{name}, ")
    expect(desk.get_by_role("region", name="Dernières lectures")).to_contain_text("en équipe avec Mehdi Benali")
    expect(desk.get_by_role("region", name="N’ont pas encore lu")).not_to_contain_text(name)
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Télécharger la liste").click()
    assert name.split()[-1] in Path(waiting.value.path()).read_text(encoding="utf-8")


def test_a_licence_is_asked_refused_with_its_reason_given_again_and_joins_the_folder(
    open_context: Any, mehdi: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    holder_context = open_context(360, state=mehdi)
    holder = holder_context.new_page()
    matricule = _matricule(holder)
    desk_context = open_context(1440, state=signed_in_states(SOPHIE))
    desk = desk_context.new_page()
    desk.goto("/documents/gestion/demandes/")
    desk.get_by_label("Document demandé").fill("Habilitation électrique")
    desk.get_by_label("Type").select_option(label="permis, habilitation ou diplôme")
    desk.get_by_label("Le document a une date de fin de validité").check()
    desk.get_by_label("À fournir avant le").fill(f"{MONTH.year + 1}-01-31")
    desk.get_by_label("Matricules").fill(matricule)
    _checked(desk, 1440, "demander-un-document")
    desk.get_by_role("button", name="Envoyer la demande").click()
    Hands(desk).succeeded("Document demandé")

    holder.goto("/documents/")
    holder.get_by_role("link", name="Habilitation électrique").click()
    holder.get_by_label("Document").set_input_files(_a_file(tmp_path / "flou.pdf", "Habilitation, page floue"))
    with holder_context.watch.expecting(422):
        holder.get_by_role("button", name="Envoyer").click()
        expect(holder.get_by_role("alert").first).to_contain_text("date de fin de validité")
    holder.get_by_label("Document").set_input_files(tmp_path / "flou.pdf")
    holder.get_by_label("Fin de validité").fill(f"{MONTH.year + 3}-06-30")
    holder.get_by_role("button", name="Envoyer").click()
    Hands(holder).succeeded("Document envoyé")

    desk.reload()
    with desk_context.watch.expecting(422):
        desk.get_by_role("button", name="Refuser").click()
        expect(desk.get_by_role("alert").first).to_contain_text("motif")
    desk.get_by_label("Motif du refus").fill("La page est floue.")
    desk.get_by_role("button", name="Refuser").click()
    Hands(desk).succeeded("Réponse envoyée à Mehdi Benali")

    holder.goto("/documents/")
    holder.get_by_role("link", name="Habilitation électrique").click()
    expect(holder.get_by_role("main")).to_contain_text("La page est floue.")
    _checked(holder, 360, "document-a-redonner")
    holder.get_by_label("Document").set_input_files(_a_file(tmp_path / "net.pdf", "Habilitation, page nette"))
    holder.get_by_label("Fin de validité").fill(f"{MONTH.year + 3}-06-30")
    holder.get_by_role("button", name="Envoyer").click()
    Hands(holder).succeeded("Document envoyé")
    desk.reload()
    desk.get_by_role("button", name="Accepter").click()
    Hands(desk).succeeded("Réponse envoyée à Mehdi Benali")
    holder.goto("/documents/?q=habilitation")
    expect(holder.get_by_role("table").get_by_role("link", name="Habilitation électrique")).to_be_visible()


def test_a_statement_of_services_is_asked_prepared_and_delivered(
    open_context: Any, camille: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    own = open_context(360, state=camille).new_page()
    own.goto("/attestations/")
    own.get_by_role("link", name="État de services").click()
    own.get_by_label("Précision").fill("Pour ma caisse de retraite")
    _checked(own, 360, "etat-de-services")
    own.get_by_role("button", name="Envoyer la demande").click()
    Hands(own).succeeded("Demande envoyée")
    expect(own.get_by_role("main")).to_contain_text("Réponse promise")
    asked = own.url

    desk = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    desk.goto("/attestations/gestion/")
    desk.get_by_role("link", name="Camille Durand").click()
    expect(desk.get_by_role("main")).to_contain_text("Pour ma caisse de retraite")
    desk.get_by_label("Document signé").set_input_files(_a_file(tmp_path / "services.pdf", "État de services"))
    _checked(desk, 1440, "remettre-un-document")
    desk.get_by_role("button", name="Remettre le document").click()
    Hands(desk).succeeded("Document remis à Camille Durand")
    own.goto(asked)
    expect(own.get_by_role("main")).to_contain_text("Document remis")
    with own.expect_download() as waiting:
        own.get_by_role("link", name="Télécharger le document").click()
    with pikepdf.open(waiting.value.path()) as given:
        assert len(given.pages) == 1


def test_a_text_is_tried_on_a_fictitious_agent_then_used_and_its_versions_stay(
    open_context: Any, camille: Any, signed_in_states: Any
) -> None:
    context = open_context(1440, state=signed_in_states(MARC))
    desk = context.new_page()
    desk.goto("/attestations/gestion/")
    desk.get_by_role("link", name="Attestation de quotité de travail").click()
    text = desk.get_by_label("Texte")
    former = text.input_value()
    text.fill(former + "\n\nFait à {ville}.")
    with context.watch.expecting(422):
        desk.get_by_role("button", name="Enregistrer cette version").click()
        expect(desk.get_by_role("alert").first).to_contain_text("Ce champ n’existe pas")
    text.fill(former + "\n\nService : {service}.")
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="Voir sur un agent fictif").click()
    with pypdfium2.PdfDocument(Path(waiting.value.path())) as tried:
        said = tried[0].get_textpage().get_text_range()
    assert "Dominique Exemple" in said and "Service : Jardins" in said
    desk.get_by_role("button", name="Enregistrer cette version").click()
    Hands(desk).succeeded("Texte enregistré")
    versions = desk.get_by_role("region", name="Versions")
    expect(versions).to_contain_text("Version 1, à partir du")
    expect(versions).to_contain_text("Marc Dubois")
    expect(versions).to_contain_text("Texte fourni avec le portail")
    _checked(desk, 1440, "texte-d-attestation")

    own = open_context(360, state=camille).new_page()
    own.goto("/attestations/")
    own.get_by_role("button", name="Attestation de quotité de travail").click()
    Hands(own).succeeded("Votre attestation est prête")
    expect(own.get_by_role("main")).to_contain_text("Service : Équipe du parc Georges-Brassens.")
    _checked(own, 360, "attestation-de-quotite")
