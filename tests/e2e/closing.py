"""Closing what a test opened, surely.

Chromium says that it closes a page and then does not when a navigation is being committed at that very moment
(crbug.com/536385539, microsoft/playwright#42366): Playwright's own `close()` then waits for ever. Here the order is
given again until the page is gone.
"""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as TooLong

#: How long a page has to go before it is told again; one that hears goes within some ten milliseconds.
PATIENCE_MS = 2_000
ORDERS = 5


def close_page(page: Page) -> None:
    """Closes one page, telling Chromium again when it forgot."""
    browser = page.context.browser
    assert browser is not None
    at_page = page.context.new_cdp_session(page)
    target = at_page.send("Target.getTargetInfo")["targetInfo"]["targetId"]
    orders = browser.new_browser_cdp_session()
    for _ in range(ORDERS):
        with suppress(TooLong), page.expect_event("close", timeout=PATIENCE_MS):
            orders.send("Target.closeTarget", {"targetId": target})
        if page.is_closed():
            break
    orders.detach()
    assert page.is_closed(), f"Chromium does not close {page.url}"


def close_context(context: BrowserContext) -> None:
    """Closes each page of a context, then the context itself, which waits for them."""
    for page in context.pages:
        close_page(page)
    context.close()
