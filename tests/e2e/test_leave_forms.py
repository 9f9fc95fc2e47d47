"""Leave in a browser: types with their own form, hours of a year, balances to come; one walk by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from people import CAMILLE, MEHDI, Person
from playwright.sync_api import Locator, Page, StorageState, expect
from seen import axe_violations

PARIS = ZoneInfo("Europe/Paris")
State = Callable[[Person], StorageState]
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
MOUSSA = Person("moussa.keita@paris.fr", "Moussa", "Keita")
MOST_TABS = 120


def _monday(weeks: int) -> date:
    today = datetime.now(PARIS).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _done(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def _reach(page: Page, target: Locator) -> None:
    """Walks with Tab alone until the focus is on something."""
    expect(target).to_be_visible()
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"the keyboard never reaches {target}")


def _type_day(page: Page, label: str, day: date) -> None:
    """A date field is typed part by part, in the order of the browser that the tests drive: month, day, year."""
    _reach(page, page.get_by_label(label, exact=True))
    page.keyboard.type(f"{day:%m%d%Y}")
    expect(page.get_by_label(label, exact=True)).to_have_value(day.isoformat())


def test_by_keyboard_alone_an_absence_is_asked_then_validated_then_a_counter_is_corrected(
    open_context: Any, signed_in_states: State
) -> None:
    day = _monday(38)
    page = open_context(1440, state=signed_in_states(CAMILLE)).new_page()
    page.goto("/conges/nouvelle/")
    _type_day(page, "Premier jour", day)
    _type_day(page, "Dernier jour", day)
    _reach(page, page.get_by_label("Message pour votre responsable"))
    page.keyboard.type("Au clavier seulement")
    expect(page.get_by_role("region", name="Ce que coûte cette demande")).to_contain_text("1 jour")
    _reach(page, page.get_by_role("button", name="Envoyer la demande"))
    page.keyboard.press("Enter")
    _done(page, "envoyée")
    address = page.url
    head = open_context(1440, state=signed_in_states(MEHDI)).new_page()
    head.goto(address)
    _reach(head, head.get_by_role("button", name="Valider", exact=True))
    head.keyboard.press("Enter")
    _done(head, "validée")
    office = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    office.goto("/conges/rh/")
    _reach(office, office.get_by_role("searchbox", name="Nom ou matricule"))
    office.keyboard.type("camille durand")
    office.keyboard.press("Enter")
    _reach(office, office.get_by_role("link", name=re.compile("Camille Durand")).first)
    office.keyboard.press("Enter")
    _reach(office, office.get_by_label("Jours à ajouter"))
    office.keyboard.type("0,5")
    _reach(office, office.get_by_label("Motif"))
    office.keyboard.type("Demi-journée oubliée en mars")
    _reach(office, office.get_by_role("button", name="Enregistrer la correction"))
    office.keyboard.press("Enter")
    _done(office, "corrigé")


def _choose(page: Page, kind: str, first: date, last: date) -> Locator:
    page.goto(f"/conges/nouvelle/?debut={first.isoformat()}&fin={last.isoformat()}")
    page.get_by_label("Type d’absence").select_option(label=kind)
    return page.get_by_role("region", name="Ce que coûte cette demande")


def test_the_refuse_collector_declares_a_strike_of_a_day_then_reads_what_an_hour_costs(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(360, state=signed_in_states(MOUSSA)).new_page()
    day = _monday(40)
    count = _choose(page, "Grève", day, day)
    expect(page.get_by_label("Grève de quelques heures")).to_be_visible()
    expect(count).to_contain_text("Retenue : 1/30 du traitement")
    expect(count).to_contain_text("se déclare avant la fin du")
    page.get_by_label("Je termine").select_option(label="À midi")
    page.get_by_label("Grève de quelques heures").select_option("90")
    expect(count).to_contain_text("151,67")
    assert not axe_violations(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    _done(page, "envoyée")
    expect(page.get_by_role("main")).to_contain_text("Validée")


def test_an_official_reads_that_unpaid_leave_is_a_disponibilite_and_loses_nothing(
    open_context: Any, signed_in_states: State
) -> None:
    context = open_context(360, state=signed_in_states(CAMILLE))
    page = context.new_page()
    day = _monday(42)
    count = _choose(page, "Congé non rémunéré", day, day)
    page.get_by_label("Pour quelle raison").select_option(label="Convenances personnelles")
    expect(count).to_contain_text("disponibilité")
    with context.watch.expecting(422):
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page).to_have_title(re.compile("Erreur"))
    expect(page.get_by_role("alert").first).to_contain_text("disponibilité")
    expect(page.get_by_label("Premier jour")).to_have_value(day.isoformat())
    expect(page.get_by_label("Pour quelle raison")).to_have_value("convenances")


def test_a_training_says_its_days_a_year_and_an_rtt_until_when_it_is_taken(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(768, state=signed_in_states(CAMILLE)).new_page()
    first = _monday(43)
    count = _choose(page, "Absence pour formation", first, first + timedelta(days=1))
    page.get_by_label("Quelle formation").select_option("concours")
    expect(count).to_contain_text("il vous restera 3 jours")
    first = _monday(2)
    expect(_choose(page, "Jour de RTT", first, first)).to_contain_text("se prennent jusqu’au")


def test_balances_of_a_day_to_come_are_read_by_the_agent(open_context: Any, signed_in_states: State) -> None:
    page = open_context(360, state=signed_in_states(CAMILLE)).new_page()
    page.goto("/conges/")
    page.get_by_role("link", name="Mes soldes à une date").click()
    page.get_by_label("Au", exact=True).fill(f"{_monday(0).year + 1}-06-30")
    page.get_by_role("button", name="Calculer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("30 juin")
    expect(page.get_by_role("table")).to_contain_text("Congés annuels")
    assert not axe_violations(page)


def test_a_gardener_of_the_seasons_reads_the_hours_of_the_year_and_hr_too(
    open_context: Any, signed_in_states: State
) -> None:
    office = open_context(1440, state=signed_in_states(SOPHIE)).new_page()
    office.goto("/conges/rh/heures/")
    first = office.get_by_role("table").get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile(r"1607\s*h"))
    first.get_by_role("link").click()
    expect(office.get_by_role("main")).to_contain_text("faites sur")
    office.get_by_text("Comment ce compte est fait").click()
    expect(office.get_by_role("table")).to_contain_text("Planning")
