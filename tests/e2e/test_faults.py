"""When the mail server is down the mail says so, and everything else works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from people import CAMILLE, sign_in
from playwright.sync_api import Playwright, expect
from running_portal import Portal, free_port, running_portal
from watch import Watch

from conftest import chromium


@pytest.fixture(scope="module")
def portal_without_mail() -> Iterator[Portal]:
    """A portal whose mail servers are somewhere that nobody answers."""
    nobody = free_port()
    with running_portal(
        NOMADE_IMAP_URL=f"imap://127.0.0.1:{nobody}", NOMADE_SMTP_URL=f"smtp://127.0.0.1:{nobody}"
    ) as portal:
        yield portal


@pytest.fixture
def page(playwright: Playwright, portal_without_mail: Portal) -> Iterator[Any]:
    browser = chromium(playwright, portal_without_mail)
    context = browser.new_context(base_url=portal_without_mail.url(""), locale="fr-FR")
    context.watch = Watch.over(context, portal_without_mail.origins)  # type: ignore[attr-defined]
    page = context.new_page()
    sign_in(page, CAMILLE)
    yield page
    browser.close()
    context.watch.verify()  # type: ignore[attr-defined]


def test_with_the_mail_server_down_the_mail_says_so_and_the_rest_works(page: Any) -> None:
    expect(page.get_by_role("main")).to_contain_text(re.compile("messagerie", re.IGNORECASE))
    with page.context.watch.expecting(503):
        answer = page.goto("/messagerie/")
        assert answer is not None and answer.status == 503
        expect(page.get_by_role("alert")).to_contain_text(re.compile("messagerie", re.IGNORECASE))
    for address in ("/", "/paie/", "/conges/", "/conges/nouvelle/", "/notifications/", "/compte/"):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        expect(page.get_by_role("heading", level=1)).to_be_visible()
