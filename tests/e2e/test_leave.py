"""Leave in a browser: three days in three actions on a phone, twenty answers at once, a day typed for somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import CAMILLE, LEILA, MEHDI, Person
from playwright.sync_api import Page, StorageState, expect

PARIS = ZoneInfo("Europe/Paris")
State = Callable[[Person], StorageState]


def _monday(weeks: int) -> date:
    today = datetime.now(PARIS).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _form_at(page: Page, day: date) -> None:
    """The form, its calendar turned to a month by the button when that month is not yet shown."""
    page.goto(f"/conges/nouvelle/?mois={(day.replace(day=1) - timedelta(days=1)).isoformat()}")
    tap = page.locator(f'button[name=jour][value="{day.isoformat()}"]')
    if not tap.is_visible():
        page.get_by_title("Mois suivants").click()
    expect(tap).to_be_visible()


def _done(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def test_on_a_phone_the_gardener_asks_three_days_by_two_taps_and_one_button(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(360, state=signed_in_states(CAMILLE)).new_page()
    monday = _monday(10)
    _form_at(page, monday)
    page.locator(f'button[name=jour][value="{monday.isoformat()}"]').click()
    wednesday = monday + timedelta(days=2)
    page.locator(f'button[name=jour][value="{wednesday.isoformat()}"]').click()
    count = page.get_by_role("region", name="Ce que coûte cette demande")
    expect(count).to_contain_text("3 jours")
    expect(page.get_by_label("Dernier jour")).to_have_value(wednesday.isoformat())
    page.get_by_role("button", name="Envoyer la demande").click()
    _done(page, "envoyée")
    expect(page.get_by_role("main")).to_contain_text("Demande envoyée")


def test_days_are_picked_with_the_keyboard_alone(open_context: Any, signed_in_states: State) -> None:
    page = open_context(1440, state=signed_in_states(CAMILLE)).new_page()
    monday = _monday(12)
    _form_at(page, monday)
    page.locator(f'button[name=jour][value="{monday.isoformat()}"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Premier jour")).to_have_value(monday.isoformat())
    expect(page.get_by_label("Dernier jour")).to_have_value((monday + timedelta(days=1)).isoformat())
    expect(page.get_by_role("region", name="Ce que coûte cette demande")).to_contain_text("2 jours")


def test_without_javascript_two_taps_choose_the_days_too(open_context: Any, signed_in_states: State) -> None:
    context = open_context(360, state=signed_in_states(CAMILLE), java_script_enabled=False)
    page = context.new_page()
    monday = _monday(3)
    _form_at(page, monday)
    for offset in (0, 1):
        page.locator(f'button[name=jour][value="{(monday + timedelta(days=offset)).isoformat()}"]').click()
    expect(page.get_by_label("Premier jour")).to_have_value(monday.isoformat())
    expect(page.get_by_role("region", name="Ce que coûte cette demande")).to_contain_text("2 jours")


def test_the_head_of_team_types_an_absence_for_somebody_then_validates_all_at_once(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(360, state=signed_in_states(MEHDI)).new_page()
    for weeks in (16, 17):
        page.goto("/conges/equipe/")
        page.get_by_role("main").locator("table.team").first.get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Saisir une absence pour")
        day = _monday(weeks).isoformat()
        page.get_by_label("Premier jour").fill(day)
        page.get_by_label("Dernier jour").fill(day)
        page.get_by_role("button", name="Envoyer la demande").click()
        _done(page, "l’agent en est prévenu")
    page.goto("/conges/a-valider/")
    page.get_by_role("link", name="Tout cocher").click()
    expect(page.get_by_text(re.compile(r"\d+ demandes cochées"))).to_be_visible()
    page.get_by_role("button", name="Valider la sélection").click()
    _done(page, "absences validées")
    expect(page.get_by_role("heading", name="Rien à valider")).to_be_visible()


def test_the_head_of_team_sees_who_is_there_and_sets_the_minimum(open_context: Any, signed_in_states: State) -> None:
    page = open_context(1440, state=signed_in_states(MEHDI)).new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Qui est là aujourd’hui")).to_be_visible()
    page.goto("/conges/equipe/reglages/")
    page.get_by_label("Présents au moins").first.fill("2")
    page.get_by_role("button", name="Enregistrer").first.click()
    _done(page, "C’est enregistré")
    expect(page.get_by_label("Présents au moins").first).to_have_value("2")


def test_the_nursery_assistant_works_four_days_and_her_wednesday_costs_nothing(
    open_context: Any, signed_in_states: State
) -> None:
    page = open_context(768, state=signed_in_states(LEILA)).new_page()
    page.goto("/conges/nouvelle/")
    monday = _monday(9)
    page.get_by_label("Premier jour").fill(monday.isoformat())
    page.get_by_label("Dernier jour").fill((monday + timedelta(days=4)).isoformat())
    page.keyboard.press("Tab")
    count = page.get_by_role("region", name="Ce que coûte cette demande")
    expect(count).to_contain_text("4 jours")
    expect(count).to_contain_text("vous ne travaillez pas ce jour-là")


def test_two_taps_say_that_one_does_not_come_today(open_context: Any, signed_in_states: State) -> None:
    phone = open_context(360, state=signed_in_states(LEILA))
    page = phone.new_page()
    page.goto("/")
    page.get_by_role("link", name="Je ne viens pas aujourd’hui").click()
    # On a day off there is nothing to announce, and the page says so.
    with phone.watch.expecting(422):
        page.get_by_role("button", name="Prévenir mon responsable").click()
        expect(page.get_by_role("main")).to_contain_text(re.compile("Préciser|aucun de ces jours"))


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_leave_is_wider_than_its_screen(
    open_context: Any, signed_in_states: State, width: int, theme: str
) -> None:
    page = open_context(width, theme=theme, state=signed_in_states(MEHDI)).new_page()
    for path in ("nouvelle/", "a-valider/", "equipe/", "equipe/aujourdhui/", "equipe/reglages/", "agenda/", ""):
        page.goto(f"/conges/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
