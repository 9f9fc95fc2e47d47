"""When the mail server is down the mail says so, and everything else works."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from people import CAMILLE, PAUL, sign_in
from playwright.sync_api import Playwright, expect
from running_portal import Portal, free_port, running_portal
from seen import axe_violations
from watch import Watch

from conftest import Open, chromium

#: What the embedded mail server is called, a private Dovecot or ours.
MAIL_SERVERS = ("dovecot", "imap", "nomade.runtime.mailserver")
#: A page that waits for a frozen server would take its time-out: seconds.
SOON = 3.0


@pytest.fixture(scope="module")
def portal_without_mail() -> Iterator[Portal]:
    """A portal whose mail servers are somewhere that nobody answers."""
    nobody = free_port()
    with running_portal(
        NOMADE_IMAP_URL=f"imap://127.0.0.1:{nobody}",
        NOMADE_SMTP_URL=f"smtp://127.0.0.1:{nobody}",
        NOMADE_MAIL_MASTER_USER="portail",
        NOMADE_MAIL_MASTER_PASSWORD="nobody-asks-for-it",
    ) as portal:
        yield portal


@contextlib.contextmanager
def frozen(portal: Portal) -> Iterator[None]:
    """The embedded mail server of a portal, stopped as a machine that hangs: it is connected to, and never answers."""
    children = psutil.Process(portal.process.pid).children(recursive=True)
    servers = [child for child in children if any(word in " ".join(child.cmdline()) for word in MAIL_SERVERS)]
    assert servers, [child.cmdline() for child in children]
    for server in servers:
        server.suspend()
    try:
        yield
    finally:
        for server in servers:
            server.resume()


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
        assert axe_violations(page) == []
    for address in ("/", "/paie/", "/conges/", "/conges/nouvelle/", "/notifications/", "/compte/"):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_with_the_mail_server_frozen_the_home_page_keeps_its_speed_and_the_mail_says_so(
    open_context: Open, portal: Portal
) -> None:
    context = open_context()
    page = context.new_page()
    sign_in(page, PAUL)
    with frozen(portal):
        for address in ("/", "/conges/", "/"):
            started = time.monotonic()
            answer = page.goto(address, wait_until="commit")
            assert answer is not None and answer.status == 200, address
            assert time.monotonic() - started < SOON, address
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        with context.watch.expecting(503):  # type: ignore[attr-defined]
            answer = page.goto("/messagerie/", timeout=60_000)
            assert answer is not None and answer.status == 503
            expect(page.get_by_role("alert")).to_contain_text(re.compile("messagerie", re.IGNORECASE))
    # Awake again, it is found again without anybody's help, once the breaker lets one try pass.
    with context.watch.expecting(503):  # type: ignore[attr-defined]
        deadline = time.monotonic() + 60
        while page.goto("/messagerie/", timeout=60_000).status != 200:  # type: ignore[union-attr]
            assert time.monotonic() < deadline, "the mail did not come back"
            page.wait_for_timeout(2_000)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
