"""Leave in a browser, beyond one's own request: the HR office, rotating cycles, a day moved once, the CET."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import CAMILLE, LEILA, MEHDI, Person
from playwright.sync_api import Page, StorageState, expect
from seen import axe_violations, overflow, picture

PARIS = ZoneInfo("Europe/Paris")
State = Callable[[Person], StorageState]
MARC = Person("marc.dubois@paris.fr", "Marc", "Dubois")
MOUSSA = Person("moussa.keita@paris.fr", "Moussa", "Keita")
A_DAY = timedelta(days=1)
TWENTY = 20
OFFICE = {
    "rh": "/conges/rh/", "rh-absences": "/conges/rh/absences/", "rh-cet": "/conges/rh/cet/",
    "rh-operations": "/conges/rh/operations/", "rh-liste": "/conges/rh/operations/liste/",
    "rh-paie": "/conges/rh/paie/", "rh-indicateurs": "/conges/rh/indicateurs/",
    "rh-types": "/conges/rh/types/", "rh-type": "/conges/rh/types/CA/",
    "rh-chiffres": "/conges/rh/parametres/", "rh-confirmer": "/conges/rh/parametres/?a_confirmer=1",
    "rh-chiffre": "/conges/rh/parametres/loi/cet.day_price/", "rh-motifs": "/conges/rh/parametres/motifs/",
    "rh-compteurs": "/conges/rh/parametres/compteurs/", "rh-temps": "/conges/rh/temps/",
    "rh-heures": "/conges/rh/heures/", "rh-cycles": "/conges/rh/parametres/cycles/", "soldes": "/conges/soldes/",
}  # fmt: skip


def _monday(weeks: int) -> date:
    today = datetime.now(PARIS).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _done(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def _count(page: Page, first: date, last: date) -> str:
    """What the page of a new request says that a stretch of days costs."""
    page.goto(f"/conges/nouvelle/?debut={first.isoformat()}&fin={last.isoformat()}")
    region = page.get_by_role("region", name="Ce que coûte cette demande")
    expect(region).to_contain_text(re.compile("jour"))
    return region.inner_text()


def test_the_refuse_collector_works_one_saturday_in_two_and_the_count_follows(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(360, state=signed_in_states(MOUSSA)).new_page()
    saturdays = [_monday(weeks) + 5 * A_DAY for weeks in (8, 9)]
    costs = ["1 jour" in _count(page, day, day) for day in saturdays]
    assert sorted(costs) == [False, True]
    worked = saturdays[costs.index(True)]
    page.goto(f"/conges/nouvelle/?debut={worked.isoformat()}&fin={worked.isoformat()}")
    page.get_by_role("button", name="Envoyer la demande").click()
    _done(page, "envoyée")


def test_the_nursery_assistants_day_off_is_moved_once_and_her_next_request_knows(
    open_context: Any, signed_in_states: State
) -> None:
    monday = _monday(7)
    wednesday, thursday = monday + 2 * A_DAY, monday + 3 * A_DAY
    office = open_context(1440, state=signed_in_states(MARC)).new_page()
    office.goto("/conges/rh/?q=leila martin")
    office.get_by_role("link", name=re.compile("Leïla Martin")).first.click()
    office.get_by_role("link", name=re.compile("Déplacer un jour")).click()
    office.get_by_label("Jour travaillé, qui devient libre").fill(thursday.isoformat())
    office.get_by_label("Jour libre, qui devient travaillé").fill(wednesday.isoformat())
    office.get_by_label("Motif").fill("Réunion de la crèche le mercredi")
    office.get_by_role("button", name="Déplacer ce jour").click()
    _done(office, "l’agent est prévenu")
    page = open_context(360, state=signed_in_states(LEILA)).new_page()
    assert "1 jour" in _count(page, wednesday, wednesday)
    assert "1 jour" not in _count(page, thursday, thursday)
    week_after = wednesday + timedelta(weeks=1)
    assert "1 jour" not in _count(page, week_after, week_after)


def test_the_head_of_team_types_twenty_days_and_validates_them_in_three_actions(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(1440, state=signed_in_states(MEHDI)).new_page()
    page.goto("/conges/equipe/")
    links = page.locator("table.team").first.get_by_role("link")
    team = [links.nth(place).get_attribute("href") for place in range(links.count())]
    typed, weeks = 0, 27
    while typed < TWENTY and weeks < 34:
        for address in team:
            day = _monday(weeks).isoformat()
            page.goto(f"{address}?debut={day}&fin={day}")
            page.get_by_role("button", name="Envoyer la demande").click()
            typed += page.get_by_role("status").filter(has_text="l’agent en est prévenu").count()
            if typed == TWENTY:
                break
        weeks += 1
    assert typed == TWENTY
    page.goto("/conges/a-valider/")
    page.get_by_role("link", name="Tout cocher").click()
    said = page.get_by_text(re.compile(r"\d+ demandes cochées"))
    expect(said).to_be_visible()
    assert int(re.findall(r"\d+", said.inner_text())[0]) >= TWENTY
    page.get_by_role("button", name="Valider la sélection").click()
    _done(page, "absences validées")


def test_days_go_to_the_savings_account_from_the_agent_to_hr(open_context: Any, signed_in_states: State) -> None:
    page = open_context(360, state=signed_in_states(CAMILLE)).new_page()
    page.goto("/conges/")
    page.get_by_role("link", name="Mon compte épargne-temps").click()
    page.get_by_role("button", name="Ouvrir mon compte épargne-temps").click()
    _done(page, "est ouvert")
    page.get_by_label("RTT").fill("1")
    page.get_by_role("button", name="Demander ce versement").click()
    _done(page, "service RH")
    office = open_context(768, state=signed_in_states(MARC)).new_page()
    office.goto("/conges/rh/cet/")
    card = office.get_by_role("article").filter(has_text="Camille Durand")
    card.get_by_role("button", name="Verser sur le CET").click()
    _done(office, "versés")
    page.goto("/conges/cet/")
    expect(page.locator("#solde")).to_contain_text("1 jour")


def test_who_is_above_the_threshold_chooses_and_may_change(open_context: Any, signed_in_states: State) -> None:
    page = open_context(360, state=signed_in_states(MEHDI)).new_page()
    page.goto("/conges/cet/")
    page.get_by_label("les faire payer").check()
    page.get_by_role("button", name="Enregistrer mon choix").click()
    _done(page, "Votre choix")
    page.get_by_label("les garder en congés").check()
    page.get_by_role("button", name="Enregistrer mon choix").click()
    expect(page.locator("#choix")).to_contain_text("les garder en congés")


def test_the_hr_officer_corrects_a_counter_and_changes_a_figure_of_the_law(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(1440, state=signed_in_states(MARC)).new_page()
    page.goto("/conges/rh/?q=camille durand")
    page.get_by_role("link", name=re.compile("Camille Durand")).first.click()
    page.get_by_label("Jours à ajouter").fill("0,5")
    page.get_by_label("Motif").fill("Erreur de reprise")
    page.get_by_role("button", name=re.compile("[Cc]orrig|Enregistrer")).first.click()
    _done(page, "corrigé")
    page.goto("/conges/rh/parametres/?q=forfait par jour")
    page.get_by_role("link", name="Forfait par jour, en euros").click()
    page.get_by_label("Nouvelle valeur").fill("2,90")
    page.get_by_label("Texte ou délibération").fill("arrêté du 15-11-2026")
    page.get_by_role("button", name="Enregistrer le changement").click()
    _done(page, "Le changement est enregistré")
    expect(page.get_by_role("main")).to_contain_text("2,90")


def test_the_hr_officer_exchanges_with_the_time_system(open_context: Any, signed_in_states: State) -> None:
    page = open_context(768, state=signed_in_states(MARC)).new_page()
    page.goto("/conges/rh/parametres/compteurs/")
    page.get_by_role("button", name="Alimenter par le système de temps : Heures à récupérer").click()
    _done(page, "alimenté")
    page.get_by_role("link", name="Échanges avec le système de temps").click()
    with page.context.watch.expecting(422):  # nothing to tell, then a badly written answer
        page.get_by_role("button", name="Préparer l’export").click()
        expect(page.get_by_role("alert").first).to_contain_text("rien à transmettre")
        page.get_by_role("textbox", name="Réponses").fill("C-1900-000001;peut-être")
        page.get_by_role("button", name="Lire ces réponses").click()
        expect(page.get_by_role("alert").first).to_contain_text("acceptee ou refusee")
        expect(page.get_by_role("textbox", name="Réponses")).to_have_value("C-1900-000001;peut-être")


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "light"), (768, "dark"), (1440, "light"), (360, "dark"), (1440, "dark")]
)
def test_every_page_of_the_office_and_of_the_account_passes_axe_and_fits(
    open_context: Any, signed_in_states: State, width: int, theme: str
) -> None:
    found = []
    for person, pages in ((MARC, OFFICE), (MEHDI, {"cet": "/conges/cet/"}), (CAMILLE, {"cet-a": "/conges/cet/"})):
        page = open_context(width, theme=theme, state=signed_in_states(person)).new_page()
        for name, address in pages.items():
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, (address, answer and answer.status)
            found += axe_violations(page) + overflow(page, width)
            picture(page, f"{name}-{width}-{theme}")
    assert not found, "\n".join(found)
