"""Three years of slips of a former payroll, brought in by the pay office on a page, then read by who was paid."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from people import Person
from playwright.sync_api import Page, expect
from running_portal import ROOT
from seen import axe_violations, overflow, picture
from steps import Hands

sys.path.insert(0, str(ROOT))
from nomade.documents.tests.samples import a_text_pdf  # needs the root of the clone on the path

THOMAS = Person("thomas.roy@paris.fr", "Thomas", "Roy")
CLAIRE = Person("claire.fontaine@paris.fr", "Claire", "Fontaine")
#: The demo city has two years; what comes before is a former payroll's, whose layout no reader knows.
BEFORE_DEMO, YEARS = 24, 3
JOB_MS = 60_000


def _months() -> list[date]:
    month = datetime.now(ZoneInfo("Europe/Paris")).date().replace(day=1)
    months = []
    for _step in range(BEFORE_DEMO + 12 * YEARS):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months[BEFORE_DEMO:][::-1]


def _write(path: Path, matricule: str, months: list[date]) -> None:
    """One file of all the months, and one page of somebody whom nobody knows."""
    pages = [
        f"Ancienne paie\nMatricule {matricule}\nPériode : {month:%m/%Y}\nNet payé 1 5{rank % 10}0,00"
        for rank, month in enumerate(months)
    ]
    with pikepdf.open(a_text_pdf(*pages, f"Matricule 99999999\nPériode : {months[0]:%m/%Y}")) as pdf:
        pdf.save(path)


def _press(page: Page, name: str, person: Person) -> None:
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Confirmer que c’est toujours vous").count():
        page.get_by_label("Mot de passe").fill(person.password)
        page.get_by_role("button", name="Confirmer").click()


def test_three_years_of_a_former_payroll_come_in_at_once_and_the_gardener_finds_them(
    open_context: Any, camille: Any, signed_in_states: Any, tmp_path: Path
) -> None:
    own = open_context(360, state=camille).new_page()
    own.goto("/dossier/")
    matricule = re.search(r"\b\d{8}\b", own.get_by_role("main").inner_text())
    assert matricule, own.get_by_role("main").inner_text()
    months, history = _months(), tmp_path / "ancienne-paie.pdf"
    _write(history, matricule[0], months)

    page = open_context(1440, state=signed_in_states(THOMAS)).new_page()
    page.goto("/paie/gestion/nouvel-import/")
    page.get_by_label("Fichier de la paie").set_input_files(history)
    page.get_by_label("Mois de paie").fill("auto")
    page.get_by_label("Nom du traitement").fill("ancienne paie")
    page.get_by_role("button", name="Lire le fichier à blanc").click()
    expect(page.get_by_role("heading", name="Ce que la lecture a trouvé")).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_role("main")).to_contain_text("99999999")
    picture(page, "paie-reprise-lecture-1440")
    assert axe_violations(page) + overflow(page, 1440) == []
    page.get_by_label("Ranger les bulletins sûrs").check()
    page.get_by_role("button", name=re.compile("^Ranger")).click()
    page.get_by_role("link", name="Ouvrir le lot").click(timeout=JOB_MS)
    expect(page.get_by_role("main")).to_contain_text("Plusieurs mois")
    picture(page, "paie-reprise-lot-1440")

    own.goto(f"/paie/?q={months[0]:%m/%Y}")
    assert own.get_by_role("link", name=re.compile(f"{months[0].year}")).count() == 0, "visible before its release"
    second = open_context(1440, state=signed_in_states(CLAIRE)).new_page()
    second.goto(page.url)
    _press(second, "Publier", CLAIRE)
    Hands(second).succeeded("Lot publié")

    own.goto("/paie/")
    for year in {month.year for month in months}:
        expect(own.get_by_role("heading", name=str(year), exact=True)).to_be_visible()
    picture(own, "paie-cinq-ans-360")
    assert axe_violations(own) + overflow(own, 360) == []
    with own.expect_download() as waiting:
        own.get_by_role("link", name="Télécharger l’année").last.click()
    assert waiting.value.suggested_filename == "bulletins-de-paie.zip"
    own.goto(f"/paie/?q={months[0]:%m/%Y}")
    own.get_by_role("main").get_by_role("link", name=re.compile(rf"^\S+ {months[0].year}$")).click()
    expect(own.get_by_role("main")).to_contain_text("Ancienne paie")
    expect(own.get_by_role("heading", name="Du brut au net")).to_have_count(0)

    second.get_by_text("Rappeler tout le lot").click()
    second.get_by_label("Motif").last.fill("Essai terminé")
    _press(second, "Rappeler le lot", CLAIRE)
    Hands(second).succeeded("Lot rappelé")
    own.goto("/paie/")
    expect(own.get_by_role("heading", name=str(months[0].year), exact=True)).to_have_count(0)
