"""New mail told at once: the ticket, the stream, and what an open page asks by itself."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.db import connections

from mailkit.imap.idle import changes
from nomade.kernel.hosts import origin
from nomade.mail import gateway
from nomade.mail.factories import raw_letter
from nomade.mail.live import tickets
from nomade.mail.live.application import Live
from nomade.mail.testing import Box

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper


def run(work: Coroutine[Any, Any, None]) -> None:
    """An event loop for one test."""
    asyncio.run(work)


@pytest.fixture
def live_port(settings: SettingsWrapper) -> int:
    settings.NOMADE = replace(settings.NOMADE, live_port=8444)
    return 8444


def test_a_ticket_opens_once_for_one_agent(box: Box, live_port: int) -> None:
    url = box.client.get("/messagerie/direct/").json()["url"]
    assert url.startswith(f"https://nomades.ville.localhost:{live_port}/direct?ticket=")
    token = url.partition("ticket=")[2]
    book = tickets.Box()
    assert book.open(token) == box.agent.pk
    assert book.open(token) is None
    for other in ("", "x", "é", token[:-2] + "AA", "A" * 500):
        assert tickets.Box().open(other) is None


def test_a_ticket_grows_old(box: Box, live_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    token = box.client.get("/messagerie/direct/").json()["url"].partition("ticket=")[2]
    later = time.time() + 31
    monkeypatch.setattr("nomade.mail.live.tickets.time.time", lambda: later)
    assert tickets.Box().open(token) is None


def test_nothing_is_pushed_where_no_port_is_set(box: Box) -> None:
    assert box.client.get("/messagerie/direct/").json() == {"url": ""}


def test_the_news_are_those_of_ones_own_inbox(box: Box, make_box: Callable[[], Box]) -> None:
    box.receive(raw_letter(box.agent.login, subject="Tout frais"))
    assert box.client.get("/messagerie/nouvelles/?nouveau=1").json() == {
        "unread": 1,
        "sender": "Mehdi Benali",
        "subject": "Tout frais",
    }
    assert make_box().client.get("/messagerie/nouvelles/?nouveau=1").json()["unread"] == 0


def test_the_mail_server_tells_of_a_message_within_two_seconds_idle(box: Box) -> None:
    async def work() -> None:
        """The poor server offers IDLE too."""
        account = gateway.account_of(box.agent, django_settings.NOMADE.imap_url)
        told = changes(account)
        assert await anext(told) == "ready"
        await asyncio.to_thread(_receive, box)
        started = time.monotonic()
        async with asyncio.timeout(5):
            assert await anext(told) == "new"
        assert time.monotonic() - started < 2
        await told.aclose()  # type: ignore[attr-defined]

    run(work())


def _receive(box: Box) -> None:
    box.receive(raw_letter(box.agent.login))
    connections.close_all()


def _scope(path: str, query: str, asked_by: str) -> dict[str, Any]:
    headers = [(b"origin", asked_by.encode())] if asked_by else []
    return {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}


async def _ask(live: Live, scope: dict[str, Any], *, until: Callable[[str], bool]) -> tuple[int, str]:
    """Status and text of an answer, which is left as soon as `until` is satisfied."""
    status, text, left = 0, "", asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status, text
        if message["type"] == "http.response.start":
            status = message["status"]
            assert dict(message["headers"])[b"cache-control"] == b"no-store"
        else:
            text += message["body"].decode()
            if until(text) or not message.get("more_body"):
                left.set()

    task = asyncio.create_task(live(scope, receive, send))
    async with asyncio.timeout(8):
        await left.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return status, text


def test_only_our_pages_with_a_ticket_hear_anything(live_port: int, settings: SettingsWrapper) -> None:
    async def work() -> None:
        live = Live()
        portal = origin("portal")
        for scope, expected in (
            (_scope("/direct", "ticket=x", portal), 403),
            (_scope("/direct", "", "https://evil.test"), 404),
            (_scope("/direct", "", ""), 404),
            (_scope("/autre", "", portal), 404),
            (_scope("/healthz", "", ""), 200),
        ):
            status, _text = await _ask(live, scope, until=lambda _text: True)
            assert status == expected

    run(work())


def test_a_page_that_listens_hears_of_a_new_message(box: Box, live_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        account = gateway.account_of(box.agent, django_settings.NOMADE.imap_url)

        async def known(_agent: int) -> Any:
            return account

        monkeypatch.setattr("nomade.mail.live.application._account_of", known)
        token = tickets.address(box.agent, "x").partition("ticket=")[2]
        live = Live()

        async def later() -> None:
            await asyncio.sleep(0.7)
            await asyncio.to_thread(_receive, box)

        arriving = asyncio.create_task(later())
        scope = _scope("/direct", f"ticket={token}", origin("webmail"))
        status, text = await _ask(live, scope, until=lambda text: "event: new" in text)
        await arriving
        assert status == 200
        assert "event: ready" in text
        assert "event: new" in text
        assert json.loads(text.partition("data: ")[2].partition("\n")[0]) == {}, "no word of the mail leaves this way"

    run(work())
