"""The ASGI application of `nomade live`: one address, a stream of events (text/event-stream)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap.idle import changes
from nomade.accounts.access import is_signed_in
from nomade.kernel.hosts import origin
from nomade.mail import gateway
from nomade.mail.live.tickets import Box
from nomade.people.models import Agent

log = logging.getLogger("nomade.mail")
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: A stream ends then; the page asks the portal for another ticket, which a closed session does not get.
STREAM_SECONDS = 600.0
BEAT_SECONDS = 20.0
MOST_STREAMS = 5000
MOST_PAGES = 8


class Watcher:
    """One connection to one mailbox, for every page that looks at it."""

    def __init__(self, account: Account) -> None:
        self.pages: set[asyncio.Queue[str]] = set()
        self._task = asyncio.create_task(self._watch(account))

    async def _watch(self, account: Account) -> None:
        pause = 1.0
        while True:
            try:
                async for event in changes(account):
                    pause = 1.0
                    for page in self.pages:
                        if page.qsize() < MOST_PAGES:
                            page.put_nowait(event)
            except MailError as error:
                log.info("mail live: %s", error)
            await asyncio.sleep(pause)
            pause = min(60.0, pause * 2)

    def stop(self) -> None:
        """Closes the connection."""
        self._task.cancel()


class Live:
    """The application. Raises nothing: a page that gets no stream asks from time to time instead."""

    def __init__(self) -> None:
        self._box = Box()
        self._watchers: dict[Account, Watcher] = {}
        self._streams = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        for watcher in self._watchers.values():
            watcher.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked_by = headers.get("origin", "")
        if scope["path"] == "/healthz":
            await _answer(send, 200)
            return
        allowed = asked_by in (origin("portal"), origin("webmail"))
        if scope["path"] != "/direct" or scope["method"] != "GET" or not allowed:
            await _answer(send, 404)
            return
        token = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        agent = self._box.open(token)
        account = await _account_of(agent) if agent is not None and self._streams < MOST_STREAMS else None
        if account is None:
            await _answer(send, 403, asked_by)
            return
        await self._stream(account, asked_by, receive, send)

    async def _stream(self, account: Account, asked_by: str, receive: Receive, send: Send) -> None:
        watcher = self._watchers.get(account)
        if watcher is None:
            watcher = self._watchers[account] = Watcher(account)
        page: asyncio.Queue[str] = asyncio.Queue()
        watcher.pages.add(page)
        self._streams += 1
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _headers(asked_by, stream=True)})
            await _write(send, "retry: 5000\nevent: ready\ndata: {}\n\n")
            with suppress(TimeoutError):
                async with asyncio.timeout(STREAM_SECONDS):
                    await self._tell(page, gone, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, RuntimeError) as error:
            log.info("mail live: the page is gone: %s", error)
        finally:
            gone.cancel()
            self._streams -= 1
            watcher.pages.discard(page)
            if not watcher.pages:
                watcher.stop()
                self._watchers.pop(account, None)

    @staticmethod
    async def _tell(page: asyncio.Queue[str], gone: asyncio.Task[None], send: Send) -> None:
        while not gone.done():
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    event = await page.get()
                await _write(send, f"event: {event}\ndata: {{}}\n\n")
            except TimeoutError:
                await _write(send, ": toujours là\n\n")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _account_of(agent: int) -> Account | None:
    return await sync_to_async(_account)(agent)


def _account(identifier: int) -> Account | None:
    """How to listen on behalf of an agent who is still signed in."""
    close_old_connections()
    agent = Agent.objects.filter(pk=identifier).first()
    if agent is None or not agent.mail_address or not is_signed_in(agent.pk):
        return None
    try:
        return gateway.account_of(agent, settings.NOMADE.imap_url)
    except MailError as error:
        log.info("mail live of agent=%s: %s", identifier, error)
        return None
    finally:
        close_old_connections()


def _headers(asked_by: str, *, stream: bool = False) -> list[tuple[bytes, bytes]]:
    kind = b"text/event-stream; charset=utf-8" if stream else b"text/plain; charset=utf-8"
    found = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    return [*found, (b"access-control-allow-origin", asked_by.encode()), (b"vary", b"origin")] if asked_by else found


async def _answer(send: Send, status: int, asked_by: str = "") -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers(asked_by)})
    await send({"type": "http.response.body", "body": b""})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
