"""The unread count and the latest messages, for pages that must never wait for the mail server.

A page takes what this process knows, and asks for news in the background; it waits a blink for them, no more. Once a
server has been late nobody waits for it until it answers again: frozen, it costs one blink each half minute, and every
page of the portal keeps its speed and shows nothing of the mail.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import Envelope, Session
from mailkit.imap.listing import glance
from nomade.mail import gateway
from nomade.mail.access import INBOX
from nomade.people.models import Agent

log = logging.getLogger("nomade.mail")
FRESH_SECONDS = 60.0
KEPT_SECONDS = 600.0
PATIENCE_SECONDS = 0.15
#: How long nobody waits after that.
LATE_SECONDS = 30.0
LATEST = 3
MOST_KEPT = 5000


@dataclass(frozen=True)
class Snapshot:
    """What was in the inbox a moment ago."""

    unread: int
    latest: tuple[Envelope, ...]
    taken_at: float


_guard = threading.Lock()
_known: dict[tuple[str, int], Snapshot] = {}
_asked: dict[tuple[str, int], Future[None]] = {}
_background: ThreadPoolExecutor | None = None
_late: dict[str, float] = {}


def of(agent: Agent, *, patience: float = PATIENCE_SECONDS) -> Snapshot | None:
    """The inbox of an agent as it was at most a minute ago when news came in time, ten minutes otherwise; or None."""
    key = _key(agent)
    found = _known.get(key)
    if found is None or time.monotonic() - found.taken_at > FRESH_SECONDS:
        future = _ask(agent, key)
        if future is not None and patience > 0 and not _is_late(key[0], patience):
            try:
                future.result(timeout=patience)
            except FutureTimeout:
                _late[key[0]] = time.monotonic()
                log.info("mail snapshot of agent=%s is late", agent.pk)
        found = _known.get(key)
    if found is None or time.monotonic() - found.taken_at > KEPT_SECONDS:
        return None
    return found


def _is_late(url: str, patience: float) -> bool:
    """Whether a server has just been waited for in vain; who can wait longer than a page still does."""
    late = _late.get(url)
    return late is not None and patience <= PATIENCE_SECONDS and time.monotonic() - late < LATE_SECONDS


def forget(agent: Agent) -> None:
    """What is known of an agent is no longer true: a message was read, deleted or received."""
    with _guard:
        _known.pop(_key(agent), None)


def settle() -> None:
    """Waits until no news is being fetched; before connections are closed."""
    with _guard:
        running = list(_asked.values())
    for future in running:
        future.exception(timeout=60)


def _key(agent: Agent) -> tuple[str, int]:
    return settings.NOMADE.imap_url, agent.pk


def _ask(agent: Agent, key: tuple[str, int]) -> Future[None] | None:
    global _background  # noqa: PLW0603  made on first use, so that a forked worker has its own
    if gateway.breaker_of(settings.NOMADE.imap_url).is_open:
        return None
    with _guard:
        running = _asked.get(key)
        if running is not None and not running.done():
            return running
        if len(_asked) > 50 and sum(not future.done() for future in _asked.values()) > 20:
            return None
        if _background is None:
            _background = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail-snapshot")
        for done in [other for other, future in _asked.items() if future.done()]:
            del _asked[done]
        try:
            account = gateway.account_of(agent, settings.NOMADE.imap_url)
        except MailError as error:
            log.info("mail snapshot of agent=%s: %s", agent.pk, error)
            return None
        future = _asked[key] = _background.submit(_take, agent, account, key)
        return future


def _take(agent: Agent, account: Account, key: tuple[str, int]) -> None:
    try:
        unread, latest = gateway.run_as(account, _look)
    except MailError as error:
        log.info("mail snapshot of agent=%s: %s", agent.pk, error)
        if error.key == "login_refused" and not error.retry:
            _forget_key(agent, account)
        return
    _late.pop(key[0], None)
    with _guard:
        if len(_known) >= MOST_KEPT:
            _known.clear()
        _known[key] = Snapshot(unread, latest, time.monotonic())


def _forget_key(agent: Agent, account: Account) -> None:
    """In a thread that has a connection to the base of its own, for this once."""
    try:
        gateway.refused(agent, account)
    finally:
        connection.close()


def _look(session: Session) -> tuple[int, tuple[Envelope, ...]]:
    return glance(session, INBOX, LATEST)
