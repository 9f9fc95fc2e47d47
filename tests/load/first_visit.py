"""What a browser that has never been here downloads: every byte of every answer, headers included, as it travelled."""

from __future__ import annotations

import shutil

from installation import PORTAL_HOST, WEBMAIL_HOST
from playwright.sync_api import Browser, Page, sync_playwright
from report import Report, kilobytes


def first_visits(port: int, login: str, password: str, report: Report) -> None:
    """A table of first visits, each in a browser with an empty cache."""
    portal, webmail = f"https://{PORTAL_HOST}:{port}", f"https://{WEBMAIL_HOST}:{port}"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        report.table("First visit", ("What", "KB"), [("Chromium is missing", "-")])
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        rows = [("Sign-in page", *_visit(browser, f"{portal}/connexion/"))]
        rows.append(("Sign-in page, then home", *_visit(browser, f"{portal}/connexion/", (login, password))))
        rows.append(("Webmail, its own host, signed in", *_visit(browser, f"{webmail}/", (login, password), portal)))
        browser.close()
    report.table("First visit, empty cache", ("What", "requests", "KB"), rows, "Headers included, compressed as sent.")


def _visit(browser: Browser, address: str, account: tuple[str, str] | None = None, door: str = "") -> tuple[str, str]:
    """Opens `address`; with `door`, signs in there first, in the same browser, before anything is counted."""
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    if door and account:
        page.goto(f"{door}/connexion/")
        _sign_in(page, account)
    answers: list[int] = []
    page.on(
        "requestfinished",
        lambda request: answers.append(request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]),
    )
    page.goto(address, wait_until="networkidle")
    if account and not door:
        _sign_in(page, account)
    page.wait_for_load_state("networkidle")
    context.close()
    return str(len(answers)), kilobytes(sum(answers))


def _sign_in(page: Page, account: tuple[str, str]) -> None:
    page.get_by_label("Identifiant").fill(account[0])
    page.get_by_label("Mot de passe", exact=True).fill(account[1])
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)
