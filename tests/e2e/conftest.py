"""One portal and one Chromium for the whole session; a fresh, watched context for each test."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from closing import close_context
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from driver import drive_with_a_node_that_runs
from people import CAMILLE, MEHDI, Person, sign_in
from playwright.sync_api import Browser, BrowserContext, Playwright, StorageState, expect, sync_playwright
from running_portal import Portal, running_portal
from watch import Watch

#: One page, cold, on two busy cores.
PATIENCE_MS = 10_000
HEIGHTS = {320: 568, 360: 740, 768: 1024, 1440: 900}
#: The tests share sign-ins for as long as they all run; the limits themselves are tested on frozen clocks.
PATIENT = {
    "NOMADE_SESSIONS_AT_MOST": "50",
    "NOMADE_SESSIONS_AT_MOST_PRIVILEGED": "50",
    "NOMADE_SESSION_IDLE_MINUTES_PRIVILEGED": "60",
    "NOMADE_STEP_UP_MINUTES": "60",
}
Open = Callable[..., BrowserContext]


def pytest_configure(config: pytest.Config) -> None:
    drive_with_a_node_that_runs()
    folder = os.environ.get("NOMADE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """`nomade run` on a demo city of its own, which a first start made; its end is checked too."""
    with running_portal(made=True, **PATIENT) as portal:
        yield portal


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def _key_of(portal: Portal) -> str:
    """The fingerprint of the portal's key: the browser trusts this key, and goes on refusing every other."""
    certificate = x509.load_pem_x509_certificate(
        ssl.get_server_certificate(("127.0.0.1", portal.port)).encode(),
    )
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def chromium(playwright: Playwright, portal: Portal) -> Browser:
    """The system's Chromium, quiet on the network."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium manque : apt-get install chromium"
    return playwright.chromium.launch(
        executable_path=path,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--ignore-certificate-errors-spki-list={_key_of(portal)}",
        ],
    )


@pytest.fixture(scope="session")
def browser(playwright: Playwright, portal: Portal) -> Iterator[Browser]:
    browser = chromium(playwright, portal)
    yield browser
    browser.close()


@pytest.fixture
def open_context(browser: Browser, portal: Portal) -> Iterator[Open]:
    """`open_context(width=…, theme=…, state=…)`: a watched browser of its own; what it saw is verified at the end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(
        width: int = 1440, *, theme: str = "light", state: StorageState | None = None, **options: Any
    ) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=theme,  # type: ignore[arg-type]  # "light" or "dark"
            locale="fr-FR",
            timezone_id="Europe/Paris",
            storage_state=state,
            base_url=portal.url(""),
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch.over(context, portal.origins)
        context.watch = watch  # type: ignore[attr-defined]
        opened.append((context, watch))
        return context

    yield open_one
    for context, _ in opened:
        close_context(context)
    for _, watch in opened:
        watch.verify()


@pytest.fixture(scope="session")
def signed_in_states(browser: Browser, portal: Portal) -> Callable[[Person], StorageState]:
    """The cookies of somebody who signed in once, so that each test need not."""
    known: dict[str, StorageState] = {}

    def state_of(person: Person) -> StorageState:
        if person.login not in known:
            context = browser.new_context(base_url=portal.url(""), locale="fr-FR")
            page = context.new_page()
            sign_in(page, person)
            known[person.login] = context.storage_state()
            close_context(context)
        return known[person.login]

    return state_of


@pytest.fixture
def camille(signed_in_states: Callable[[Person], StorageState]) -> StorageState:
    return signed_in_states(CAMILLE)


@pytest.fixture
def mehdi(signed_in_states: Callable[[Person], StorageState]) -> StorageState:
    return signed_in_states(MEHDI)
