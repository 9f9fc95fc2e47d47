"""The four slices, as the gardener and her head of team go through them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
from people import CAMILLE, MEHDI
from playwright.sync_api import expect
from steps import Hands, sign_in

from nomade.leave.rules.holidays import easter_sunday

PARIS = ZoneInfo("Europe/Paris")
# A Thursday far enough ahead to be free, one for each run of the journey: two requests never share a half-day.
DAYS = {
    (360, True): date(2026, 12, 3),
    (768, True): date(2026, 12, 10),
    (1440, True): date(2026, 12, 17),
    (360, False): date(2026, 12, 4),
}


def _day(width: int, scripted: bool) -> date:
    """The day asked for, never in the past whenever the tests run, always a working one of this or next year."""
    day = DAYS[width, scripted]
    while day <= datetime.now(PARIS).date() + timedelta(days=7) or _is_holiday(day):
        day += timedelta(weeks=4)
    return day


def _is_holiday(day: date) -> bool:
    """The holidays of a fixed day, and Ascension, the Thursday 39 days after Easter (code du travail L.3133-1)."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    return (day.month, day.day) in fixed or day == easter_sunday(day.year) + timedelta(days=39)


def _text_of(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize(("width", "scripted"), list(DAYS))
def test_the_gardener_and_her_head_of_team_go_through_the_four_services(
    open_context: Any, tmp_path: Path, width: int, scripted: bool
) -> None:
    page = open_context(width, java_script_enabled=scripted).new_page()
    sign_in(page, CAMILLE)
    camille = Hands(page, scripted)
    slip = camille.read_pay_slip(tmp_path)
    with pikepdf.open(slip) as pdf:
        assert len(pdf.pages) >= 1
    assert "DURAND" in _text_of(slip).upper()
    reference = camille.ask_for_leave(_day(width, scripted))
    subject = f"Clé du local {width} {scripted}"
    camille.write_to(MEHDI, subject, "Bonjour Mehdi,\nqui garde la clé du local demain ?\nCamille")
    camille.find_message(subject, "Envoyés")

    desk = open_context(width, java_script_enabled=scripted).new_page()
    sign_in(desk, MEHDI)
    mehdi = Hands(desk, scripted)
    mehdi.approve_from_home(reference)
    mehdi.find_message(subject).click()
    expect(desk.locator("#mail-subject")).to_contain_text(subject)
    expect(desk.get_by_role("main")).to_contain_text("qui garde la clé du local demain")

    camille.was_told("validée")
    camille.find_message(re.compile("absence|congé|demande", re.IGNORECASE))
    camille.sign_out()


def test_nobody_else_opens_the_slip_by_its_address(open_context: Any, camille: Any, mehdi: Any) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto("/paie/")
    address = page.get_by_role("main").get_by_role("link", name=re.compile(r"20\d\d")).first.get_attribute("href")
    assert address
    context = open_context(1440, state=mehdi)
    with context.watch.expecting(404):
        answer = context.new_page().goto(address)
        assert answer is not None and answer.status == 404


def test_an_attachment_comes_down_from_the_content_host(open_context: Any, camille: Any, tmp_path: Path) -> None:
    page = open_context(1440, state=camille).new_page()
    hands = Hands(page)
    hands.find_message(re.compile("Plantation des vivaces")).click()
    with page.expect_download() as waiting:
        name = re.compile(r"\.(pdf|png|ics|jpg|csv)", re.IGNORECASE)
        page.get_by_role("main").get_by_role("link", name=name).first.click()
    assert "contenu." in waiting.value.url
    waiting.value.save_as(tmp_path / "attachment")
    assert (tmp_path / "attachment").stat().st_size > 100


def test_the_webmail_host_opens_on_the_mail_without_the_password_again(
    open_context: Any, portal: Any, camille: Any
) -> None:
    page = open_context(1440, state=camille).new_page()
    page.goto(portal.url("/", "webmail"))
    expect(page.get_by_role("heading", name="Boîte de réception")).to_be_visible()


def test_leave_is_asked_with_the_keyboard_alone(open_context: Any) -> None:
    page = open_context(1440).new_page()
    page.goto("/connexion/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.get_by_label("Identifiant").evaluate("(field) => field === document.activeElement"):
            break
    page.keyboard.type(CAMILLE.login)
    page.keyboard.press("Tab")
    page.keyboard.type(CAMILLE.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Camille")
    page.goto("/conges/nouvelle/")
    first_day = page.get_by_label("Premier jour")
    for _ in range(150):  # the menu and the days of the calendar come before
        page.keyboard.press("Tab")
        if first_day.evaluate("(field) => field === document.activeElement"):
            break
    expect(first_day).to_be_focused()
