"""Training as its people go through it: a gardener on a phone, her head of team, the training office, the trainer."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import LEILA, MEHDI, Person, sign_in
from playwright.sync_api import Page, expect
from seen import axe_violations, overflow, picture
from steps import Hands

PARIS = ZoneInfo("Europe/Paris")

AWA = Person("awa.diallo@paris.fr", "Awa", "Diallo")


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "dark"), (1440, "dark")])
def test_the_gardener_finds_a_course_and_asks_for_it(
    open_context: Any, camille: Any, width: int, theme: str, tmp_path: Path
) -> None:
    page = open_context(width, theme=theme, state=camille).new_page()
    page.goto("/formations/")
    Hands(page).heading("Formations")
    _checked(page, width, "training-catalogue")
    page.get_by_label("Mots de la formation").fill("tableu")
    expect(page.get_by_role("link", name="Tableur : bien débuter")).to_be_visible()
    expect(page.get_by_role("link", name="Anglais")).to_have_count(0)
    page.get_by_role("link", name="Tableur : bien débuter").click()
    Hands(page).heading("Tableur : bien débuter")
    _checked(page, width, "training-course")
    page.get_by_role("region", name="Sessions à venir").get_by_role("link").first.click()
    _checked(page, width, "training-session")
    if width == 360:
        page.get_by_role("button", name="Demander à m’inscrire").click()
        expect(page.get_by_role("status").filter(has_text="Demande envoyée")).to_be_visible()
        _checked(page, width, "training-asked")
        page.get_by_text("Me désister").click()
        page.get_by_role("button", name="Annuler mon inscription").click()
        expect(page.get_by_role("status").filter(has_text="Inscription annulée")).to_be_visible()
    page.goto("/formations/mes-formations/")
    _checked(page, width, "training-mine")
    row = page.get_by_role("row").filter(has_text="Taille raisonnée des arbustes")
    row.get_by_role("link").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Ma convocation").click()
    paper = tmp_path / "convocation.pdf"
    waiting.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF-")


def test_the_head_of_team_accepts_several_at_once(open_context: Any) -> None:
    page = open_context(360).new_page()
    sign_in(page, MEHDI)
    page.goto("/formations/a-traiter/")
    _checked(page, 360, "training-to-decide")
    boxes = page.get_by_role("checkbox", name=re.compile("Choisir la demande"))
    count = boxes.count()
    assert count >= 2
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Accepter les demandes cochées").click()
    expect(page.get_by_role("status").filter(has_text="2 demandes acceptées")).to_be_visible()
    expect(boxes).to_have_count(count - 2)
    page.goto("/formations/equipe/")
    _checked(page, 360, "training-team")


def test_a_session_from_its_creation_to_the_certificates(open_context: Any, camille: Any) -> None:
    """The office plans a session of today, enrols a list; the trainer ticks it and closes it; the gardener reads."""
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    office.goto("/formations/gestion/")
    _checked(office, 1440, "training-office")
    office.goto("/formations/?q=Gestes+et+postures")
    office.get_by_role("link", name=re.compile("Gestes et postures")).first.click()
    office.get_by_role("link", name="Ouvrir une session").click()
    _checked(office, 1440, "training-session-form")
    today = datetime.now(tz=PARIS).date()
    office.get_by_label("Demi-journées").fill(f"{today:%d/%m/%Y} matin")
    office.get_by_label("Inscriptions jusqu’au").fill(today.isoformat())
    office.get_by_label("Places, au plus").fill("20")
    trainer_number = _matricule(open_context, LEILA)
    office.get_by_label("Formateurs de la collectivité").fill(trainer_number)
    office.get_by_role("button", name="Enregistrer").click()
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    camille_number = _shown_number(open_context(1440, state=camille).new_page())
    office.get_by_label("Matricules").fill(camille_number)
    office.get_by_role("button", name="Inscrire", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="1 personne inscrite")).to_be_visible()
    _checked(office, 1440, "training-enrolled")
    trainer = open_context(360).new_page()
    sign_in(trainer, LEILA)
    trainer.goto("/formations/animer/")
    _checked(trainer, 360, "training-teaching")
    trainer.get_by_role("link", name=re.compile("Gestes et postures")).first.click()
    trainer.get_by_role("link", name=re.compile("matin")).first.click()
    _checked(trainer, 360, "training-sheet")
    trainer.get_by_role("button", name="Enregistrer la liste").click()
    expect(trainer.get_by_role("status").filter(has_text="Liste enregistrée")).to_be_visible()
    trainer.get_by_role("button", name="Terminer et délivrer les attestations").click()
    expect(trainer.get_by_role("status").filter(has_text="1 attestation")).to_be_visible()
    _checked(trainer, 360, "training-closed")
    office.goto("/formations/gestion/bilan/")
    _checked(office, 1440, "training-figures")


def _matricule(open_context: Any, person: Person) -> str:
    """The number of somebody who signs in for it."""
    page = open_context(1440).new_page()
    sign_in(page, person)
    return _shown_number(page)


def _shown_number(page: Page) -> str:
    """A person's own number, as « Mon compte » shows it to them."""
    page.goto("/compte/")
    found = re.search(r"\b\d{8}\b", page.inner_text("main"))
    assert found is not None
    return found[0]
