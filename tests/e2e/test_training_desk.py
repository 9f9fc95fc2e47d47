"""Training by keyboard alone; then a full session, other dates, refusals, requests beyond the catalogue, files."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from closing import close_context
from people import CAMILLE, LEILA, MEHDI, Person, sign_in
from playwright.sync_api import Page, expect
from seen import axe_violations, overflow, picture

PARIS = ZoneInfo("Europe/Paris")
AWA = Person("awa.diallo@paris.fr", "Awa", "Diallo")
MOST_TABS = 140
#: Days between today and the sessions that are opened here: no room is taken so far ahead.
AHEAD = 200
# What has the focus, as somebody who sees or hears it would name it.
FOCUSED = """
() => { const one = document.activeElement;
  const label = one.getAttribute("aria-label") || (one.labels && one.labels[0] ? one.labels[0].innerText : "");
  return (label || one.innerText || one.value || "").trim(); }
"""


def _today() -> date:
    return datetime.now(tz=PARIS).date()


def _checked(page: Page, width: int, name: str) -> None:
    """Nothing for axe to say, nothing sticks out, a picture for whoever looks."""
    picture(page, f"{name}-{width}")
    assert axe_violations(page) + overflow(page, width) == []


def _tab_to(page: Page, name: str) -> None:
    """Walks with the Tab key to what is called so."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"no way to « {name} » with the Tab key on {page.url}")


def _press(page: Page, name: str, key: str = "Enter") -> None:
    _tab_to(page, name)
    page.keyboard.press(key)


def _type_day(page: Page, day: date) -> None:
    """Types a day in the field that has the focus, in the order of the browser's own language."""
    for pattern in ("%m%d%Y", "%d%m%Y"):
        page.keyboard.type(f"{day:{pattern}}")
        if page.evaluate("() => document.activeElement.value") == day.isoformat():
            return
        for _part in range(3):
            page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{day} cannot be typed")


def _numbers(open_context: Any, *people: Person) -> str:
    found = []
    for person in people:
        page = open_context(1440).new_page()
        sign_in(page, person)
        page.goto("/compte/")
        number = re.search(r"\b\d{8}\b", page.inner_text("main"))
        assert number is not None
        found.append(number[0])
        close_context(page.context)
    return " ".join(found)


def _pdf(words: str) -> dict[str, Any]:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return {"name": f"{words}.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


def _open_session(office: Page, title: str, first: date, *, seats: int, room: str = "", **more: str) -> None:
    """The office opens a session of one morning; what the form answered is on the page."""
    office.goto(f"/formations/?q={title.replace(' ', '+')}")
    office.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    office.get_by_role("link", name="Ouvrir une session").click()
    office.get_by_label("Demi-journées").fill(f"{first:%d/%m/%Y} matin")
    office.get_by_label("Inscriptions jusqu’au").fill((first - timedelta(days=1)).isoformat())
    office.get_by_label("Places, au moins").fill("1")
    office.get_by_label("Places, au plus").fill(str(seats))
    if room:
        office.get_by_label("Salle").select_option(label=room)
    for label, value in more.items():
        office.get_by_label(label.replace("_", " ")).fill(value)
    office.get_by_role("button", name="Enregistrer").click()


def test_by_keyboard_alone_an_agent_asks_a_supervisor_answers_the_office_plans_and_a_trainer_ticks(
    open_context: Any, camille: Any
) -> None:
    camille_number, leila_number = _numbers(open_context, CAMILLE, LEILA).split()
    agent = open_context(1440, state=camille).new_page()
    agent.goto("/formations/?q=langage+clair")
    _press(agent, "^Le langage clair")
    agent.wait_for_url("**/cours/**")
    _press(agent, r"\d{4}")
    agent.wait_for_url("**/session/**")
    _press(agent, "^Demander à m’inscrire")
    expect(agent.get_by_role("status").filter(has_text="Demande envoyée")).to_be_visible()
    head = open_context(1440, theme="dark").new_page()
    sign_in(head, MEHDI)
    head.goto("/formations/a-traiter/")
    _press(head, "demande de Camille Durand", "Space")
    _press(head, "^Accepter les demandes cochées")
    expect(head.get_by_role("status").filter(has_text="1 demande acceptée")).to_be_visible()
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    office.goto("/formations/?q=Évacuer")
    _press(office, "^Évacuer un bâtiment")
    office.wait_for_url("**/cours/**")
    _press(office, "^Ouvrir une session")
    office.wait_for_url("**/session/**")
    _tab_to(office, "^Demi-journées")
    office.keyboard.type(f"{_today():%d/%m/%Y} matin")
    _tab_to(office, "^Inscriptions jusqu’au")
    _type_day(office, _today())
    _tab_to(office, "^Formateurs de la collectivité")
    office.keyboard.type(leila_number)
    _press(office, "^Enregistrer")
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    _tab_to(office, "^Matricules")
    office.keyboard.type(camille_number)
    _press(office, "^Inscrire")
    expect(office.get_by_role("status").filter(has_text="1 personne inscrite")).to_be_visible()
    trainer = open_context(360).new_page()
    sign_in(trainer, LEILA)
    trainer.goto("/formations/animer/")
    _press(trainer, "^Évacuer un bâtiment")
    trainer.wait_for_url(re.compile(r"/animer/[0-9a-f-]{36}/$"))
    _press(trainer, "matin")
    trainer.wait_for_url(re.compile(r"/animer/[0-9a-f-]{36}/\d+/$"))
    _tab_to(trainer, "Présent")
    trainer.keyboard.press("ArrowRight")
    _press(trainer, "^Préciser") if not trainer.get_by_label("Minutes suivies").is_visible() else None
    _tab_to(trainer, "^Minutes suivies")
    trainer.keyboard.type("120")
    _press(trainer, "^Enregistrer la liste")
    expect(trainer.get_by_role("status").filter(has_text="Liste enregistrée")).to_be_visible()
    _press(trainer, "^Terminer et délivrer")
    expect(trainer.get_by_role("status").filter(has_text="1 attestation")).to_be_visible()
    expect(trainer.get_by_role("region", name="1 participant").or_(trainer.locator("#participants"))).to_contain_text(
        re.compile(r"2\sh")
    )


def test_a_full_session_a_seat_that_comes_free_other_dates_and_a_room_that_is_taken(
    open_context: Any, camille: Any, tmp_path: Path
) -> None:
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    first = _today() + timedelta(days=AHEAD)
    _open_session(office, "Écrire un courriel clair", first, seats=1, room="Salle des Érables")
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    enrolled = office.url
    with office.context.watch.expecting(422):
        _open_session(office, "Langue des signes : niveau 1", first, seats=5, room="Salle des Érables")
        expect(office.get_by_text("est déjà prise").first).to_be_visible()
        expect(office.get_by_label("Demi-journées")).to_have_value(f"{first:%d/%m/%Y} matin")
        _checked(office, 1440, "training-room-taken")
    office.goto(enrolled)
    office.get_by_label("Matricules").fill(_numbers(open_context, LEILA))
    office.get_by_role("button", name="Inscrire", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="1 personne inscrite")).to_be_visible()
    session = re.sub(r"/gestion/session/([0-9a-f-]+)/inscrits/", r"/session/\1/", enrolled)
    page = open_context(360, theme="dark", state=camille).new_page()
    page.goto(session)
    page.get_by_role("button", name="M’inscrire sur la liste d’attente").click()
    expect(page.get_by_text("Vous êtes la première personne de la liste d’attente")).to_be_visible()
    _checked(page, 360, "training-waiting")
    other = open_context(360).new_page()
    sign_in(other, LEILA)
    other.goto(session)
    other.get_by_role("link", name="Voir ma demande").click()
    other.get_by_text("Me désister").click()
    other.get_by_role("button", name="Annuler mon inscription").click()
    expect(other.get_by_role("status").filter(has_text="Inscription annulée")).to_be_visible()
    page.reload()
    _checked(page, 360, "training-offered")
    page.get_by_role("button", name="Prendre la place").click()
    expect(page.get_by_role("status").filter(has_text="Votre place est réservée")).to_be_visible()
    office.goto(enrolled)
    office.get_by_role("link", name="Modifier").click()
    office.get_by_label("Demi-journées").fill(f"{first + timedelta(days=3):%d/%m/%Y} après-midi")
    office.get_by_role("button", name="Enregistrer").click()
    expect(office.get_by_role("status").filter(has_text="prévenus des nouvelles dates")).to_be_visible()
    page.goto("/notifications/")
    expect(page.get_by_text("Les dates de votre formation ont changé").first).to_be_visible()
    office.get_by_text("Copier la session").click()
    office.get_by_role("button", name="Copier", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    expect(office.get_by_label("Demi-journées")).to_have_value(re.compile(f"{first + timedelta(days=10):%d/%m/%Y}"))
    office.goto(enrolled)
    office.get_by_text("Annuler la session").first.click()
    office.get_by_label("Pourquoi", exact=True).last.fill("Formateur malade")
    office.get_by_role("button", name="Annuler la session").click()
    expect(office.get_by_role("status").filter(has_text="Session annulée")).to_be_visible()


def test_the_head_of_twelve_refuses_several_then_the_law_wants_an_opinion(open_context: Any) -> None:
    head = open_context(768).new_page()
    sign_in(head, MEHDI)
    for turn, title in enumerate(("Chanter et raconter", "Langue des signes : niveau 1")):
        _team_asks(open_context, title, turn)
        head.goto("/formations/a-traiter/")
        mine = head.get_by_role("row").filter(has_text=title)
        expect(mine).to_have_count(1)
        mine.get_by_role("checkbox").check()
        head.get_by_role("button", name="Refuser les demandes cochées").click()
        _checked(head, 768, f"training-refuse-{turn}")
        if turn:
            expect(head.get_by_role("alert").filter(has_text="À traiter une par une")).to_be_visible()
            return
        with head.context.watch.expecting(422):
            head.get_by_role("button", name="Refuser ces demandes").click()
            expect(head.get_by_role("alert").first).to_be_visible()
        head.get_by_label("Motif").fill("Deux absents cette semaine-là.")
        head.get_by_role("button", name="Refuser ces demandes").click()
        expect(head.get_by_role("status").filter(has_text="1 demande refusée")).to_be_visible()


def _team_asks(open_context: Any, title: str, turn: int) -> None:
    """Camille asks for a session of a course of the same kind, which the office has just opened."""
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    _open_session(office, title, _today() + timedelta(days=AHEAD + 30 + turn), seats=5)
    expect(office.get_by_role("status").filter(has_text="ouverte")).to_be_visible()
    session = re.sub(r"/gestion/session/([0-9a-f-]+)/inscrits/", r"/session/\1/", office.url)
    page = open_context(360).new_page()
    sign_in(page, CAMILLE)
    page.goto(session)
    page.get_by_role("button", name="Demander à m’inscrire").click()
    expect(page.get_by_role("status").filter(has_text="Demande envoyée")).to_be_visible()
    close_context(office.context)
    close_context(page.context)


def test_beyond_the_catalogue_the_personal_account_goes_from_the_agent_to_the_hours_granted(
    open_context: Any, camille: Any
) -> None:
    page = open_context(360, state=camille).new_page()
    page.goto("/formations/hors-catalogue/")
    expect(page.get_by_role("link", name=re.compile("CNFPT"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("concours"))).to_be_visible()
    page.get_by_label("Demande", exact=True).select_option(value="cpf")
    page.get_by_label("Intitulé de la formation").fill("Certificat de fleuriste")
    page.get_by_label("Organisme").fill("École Du Breuil")
    page.get_by_label("Premier jour").fill((_today() + timedelta(days=90)).isoformat())
    page.get_by_label("Dernier jour").fill((_today() + timedelta(days=91)).isoformat())
    page.get_by_label("Durée en heures").fill("14")
    page.get_by_label("Coût en euros").fill("320,50")
    page.get_by_label("À quoi elle vous servira").fill("Préparer une reconversion vers la vente de fleurs.")
    page.get_by_label("Devis ou programme").set_input_files(_pdf("devis"))
    with page.context.watch.expecting(422):
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_text("Dites comment elle est payée").first).to_be_visible()
    expect(page.get_by_label("Intitulé de la formation")).to_have_value("Certificat de fleuriste")
    page.get_by_label("Qui la paie").fill("Mes heures de compte personnel.")
    page.get_by_label("Devis ou programme").set_input_files(_pdf("devis"))
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Certificat de fleuriste")).to_be_visible()
    _checked(page, 360, "training-cpf")
    for person, width in ((MEHDI, 768), (AWA, 1440)):
        desk = open_context(width, theme="dark").new_page()
        sign_in(desk, person)
        desk.goto("/formations/a-traiter/")
        desk.get_by_role("link", name="Certificat de fleuriste").first.click()
        if person is AWA:
            desk.get_by_label("Heures de compte personnel accordées").fill("14")
        _checked(desk, width, "training-cpf-desk")
        with desk.expect_download() as waiting:
            desk.get_by_role("link", name="devis.pdf").click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
        desk.get_by_role("button", name="Accepter" if person is AWA else "Donner un avis favorable").click()
        expect(desk.get_by_role("status").filter(has_text="Demande acceptée")).to_be_visible()
    page.goto("/formations/mes-formations/")
    expect(page.get_by_text(re.compile(r"accordées par la collectivité : 14\sh"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("site national"))).to_be_visible()


def test_the_catalogue_leaves_in_a_spreadsheet_comes_back_tried_first_then_written(
    open_context: Any, tmp_path: Path
) -> None:
    office = open_context(1440).new_page()
    sign_in(office, AWA)
    for label, end in (("Exporter en XLSX", "xlsx"), ("Exporter en CSV", "csv")):
        office.goto("/formations/gestion/")
        with office.expect_download() as waiting:
            office.get_by_role("link", name=label).click()
        file = tmp_path / f"catalogue.{end}"
        waiting.value.save_as(file)
        office.goto("/formations/gestion/catalogue/importer/")
        office.get_by_label("Fichier CSV ou XLSX").set_input_files(file)
        office.get_by_role("button", name="Vérifier sans rien écrire").click()
        _checked(office, 1440, f"training-import-{end}")
        expect(office.get_by_role("main")).to_contain_text("Le fichier est bon")
    wrong = tmp_path / "faux.csv"
    wrong.write_text(file.read_text(encoding="utf-8-sig").replace("securite", "sécurisé"), encoding="utf-8")
    office.get_by_label("Fichier CSV ou XLSX").set_input_files(wrong)
    with office.context.watch.expecting(422):
        office.get_by_role("button", name="Importer", exact=True).click()
        expect(office.get_by_role("alert").filter(has_text="Rien n’a été importé")).to_be_visible()
    office.get_by_label("Fichier CSV ou XLSX").set_input_files(file)
    office.get_by_role("button", name="Importer", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="identiques")).to_be_visible()
