"""Training with real numbers: a whole team enrolled at once, a session of twenty from its creation to certificates."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from people import LEILA, MEHDI, Person, sign_in
from playwright.sync_api import Page, expect
from seen import axe_violations, overflow, picture

PARIS = ZoneInfo("Europe/Paris")
AWA = Person("awa.diallo@paris.fr", "Awa", "Diallo")
TWENTY = 20


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def _pdf(words: str) -> dict[str, Any]:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return {"name": f"{words}.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


def test_a_gardener_declares_a_skill_and_the_office_makes_a_habilitation_of_it(open_context: Any, camille: Any) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/formations/competences/")
    _checked(page, 360, "training-skills")
    page.get_by_label("Ce que je sais faire").fill("CACES R489, chariots")
    page.get_by_label("Obtenue le").fill("2025-03-10")
    page.get_by_label("Justificatif").set_input_files(_pdf("caces"))
    page.get_by_role("button", name="Déclarer").click()
    expect(page.get_by_role("status").filter(has_text="Compétence déclarée")).to_be_visible()
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    office.goto("/formations/gestion/competences/?q=caces")
    _checked(office, 1440, "training-skills-to-check")
    office.get_by_role("link", name="CACES R489, chariots").first.click()
    _checked(office, 1440, "training-skill")
    with office.expect_download() as waiting:
        office.get_by_role("link", name="caces.pdf").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    office.get_by_label("Elle vaut cette formation").select_option(label="Conduire un chariot élévateur (CACES R489)")
    office.get_by_role("button", name="Valider la compétence").click()
    expect(office.get_by_role("status").filter(has_text="C’est noté")).to_be_visible()
    page.reload()
    held = page.get_by_role("listitem").filter(has_text="Conduire un chariot élévateur")
    expect(held.get_by_role("link", name=re.compile("Justificatif"))).to_be_visible()
    for path, name in (("gestion/risques/", "risks"), ("obligations/", "obligations"), ("gestion/bilan/", "figures")):
        office.goto(f"/formations/{path}")
        _checked(office, 1440, f"training-{name}")


def test_the_head_of_team_enrols_the_whole_team_and_follows_it(open_context: Any) -> None:
    page = open_context(768, theme="dark").new_page()
    sign_in(page, MEHDI)
    page.goto("/formations/?q=Reconnaître+les+végétaux")
    page.get_by_role("link", name=re.compile("Reconnaître les végétaux")).first.click()
    page.get_by_role("region", name="Sessions à venir").get_by_role("link").last.click()
    page.get_by_role("link", name="Inscrire mon équipe").click()
    _checked(page, 768, "training-enrol-team")
    boxes = page.get_by_role("group", name="Qui inscrire").get_by_role("checkbox")
    count = boxes.count()
    assert count >= 12
    for number in range(count):
        boxes.nth(number).check()
    page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"{count} personnes inscrites")).to_be_visible()
    _checked(page, 768, "training-team")
    page.get_by_role("link", name="Camille Durand").first.click()
    _checked(page, 768, "training-member")
    page.goto("/formations/equipe/")
    page.get_by_role("link", name=re.compile("Apiculture urbaine.*Durand")).first.click()
    _checked(page, 768, "training-later-team")
    answers = page.get_by_role("radio", name="Plutôt oui")
    expect(answers).to_have_count(2)
    answers.first.check()
    answers.last.check()
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_role("status").filter(has_text="Merci de votre avis")).to_be_visible()
    page.goto("/formations/obligations/")
    _checked(page, 768, "training-obligations")


def test_a_session_of_twenty_from_its_creation_to_the_certificates(open_context: Any, camille: Any) -> None:
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    numbers = _twenty_numbers(office)
    office.goto("/formations/?q=Travailler+par+forte+chaleur")
    office.get_by_role("link", name=re.compile("forte chaleur")).first.click()
    office.get_by_role("link", name="Ouvrir une session").click()
    today = datetime.now(tz=PARIS).date()
    office.get_by_label("Demi-journées").fill(f"{today:%d/%m/%Y}")
    office.get_by_label("Inscriptions jusqu’au").fill(today.isoformat())
    office.get_by_label("Places, au plus").fill(str(TWENTY))
    office.get_by_label("Formateurs de la collectivité").fill(_number_of(open_context, LEILA))
    office.get_by_role("button", name="Enregistrer").click()
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    office.get_by_label("Matricules").fill(" ".join(numbers))
    office.get_by_role("button", name="Inscrire", exact=True).click()
    expect(office.get_by_role("status").filter(has_text=f"{TWENTY} personnes inscrites")).to_be_visible()
    _checked(office, 1440, "training-twenty")
    with office.expect_download() as waiting:
        office.get_by_role("link", name="Convocations").click()
    with pikepdf.open(waiting.value.path()) as paper:
        assert len(paper.pages) == 2 * TWENTY
    _teach(open_context, office)


def _teach(open_context: Any, office: Page) -> None:
    """The trainer ticks both lists on a telephone, somebody is away in the afternoon, and closes; the office prints."""
    trainer = open_context(360, theme="dark").new_page()
    sign_in(trainer, LEILA)
    trainer.goto("/formations/animer/")
    trainer.get_by_role("link", name=re.compile("forte chaleur")).first.click()
    _checked(trainer, 360, "training-taught")
    trainer.get_by_label("Documents à joindre").set_input_files(_pdf("support"))
    trainer.get_by_role("button", name="Joindre", exact=True).click()
    expect(trainer.get_by_role("status").filter(has_text="Document joint")).to_be_visible()
    for half in ("matin", "après-midi"):
        trainer.get_by_role("link", name=re.compile(half)).first.click()
        lists = trainer.locator("fieldset.presence")
        expect(lists).to_have_count(TWENTY)
        if half == "après-midi":
            lists.first.get_by_label("Absent").check()
        _checked(trainer, 360, f"training-list-{half[0]}")
        trainer.get_by_role("button", name="Enregistrer la liste").click()
        expect(trainer.get_by_role("status").filter(has_text="Liste enregistrée")).to_be_visible()
    trainer.get_by_role("button", name="Terminer et délivrer les attestations").click()
    expect(trainer.get_by_role("status").filter(has_text=f"{TWENTY} attestations")).to_be_visible()
    with trainer.expect_download() as waiting:
        trainer.get_by_role("link", name="Attestations de la classe").click()
    with pikepdf.open(waiting.value.path()) as paper:
        assert len(paper.pages) == TWENTY
    _checked(trainer, 360, "training-certified")
    office.goto("/formations/gestion/?liste=terminees&q=forte")
    expect(office.get_by_role("row").filter(has_text="forte chaleur").first).to_contain_text("terminée")


def _number_of(open_context: Any, person: Person) -> str:
    page = open_context(1440).new_page()
    sign_in(page, person)
    page.goto("/compte/")
    found = re.search(r"\b\d{8}\b", page.inner_text("main"))
    assert found is not None
    return found[0]


def _twenty_numbers(office: Page) -> list[str]:
    """Twenty agents who have something to follow, as the office downloads them."""
    office.goto("/formations/obligations/")
    with office.expect_download() as waiting:
        office.get_by_role("link", name="Télécharger en CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    found = list(dict.fromkeys(re.findall(r"^(\d{8});", text, re.MULTILINE)))
    assert len(found) >= TWENTY
    return found[:TWENTY]
