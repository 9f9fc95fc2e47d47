"""The next messages are fetched while this one is read; only when nobody else needs the mail server."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import MessageRef, Session
from nomade.mail import gateway
from nomade.people.models import Agent

log = logging.getLogger("nomade.mail")
MOST_WAITING = 4
#: Those below in the list: somebody who reads one after the other waits for them once in so many.
AT_ONCE = 4
_background: ThreadPoolExecutor | None = None


def fetch(agent: Agent, ref: MessageRef | None) -> None:
    """Asks for a message and those below in the background, so that opening each costs one round trip."""
    global _background  # noqa: PLW0603  made on first use, so that a forked worker has its own
    if ref is None:
        return
    if _background is None:
        _background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail-ahead")
    if _background._work_queue.qsize() < MOST_WAITING:  # noqa: SLF001  no public way to ask
        try:
            account = gateway.account_of(agent, settings.NOMADE.imap_url)
        except MailError as error:
            log.info("mail ahead of agent=%s: %s", agent.pk, error)
            return
        _background.submit(_fetch, agent, account, ref)


def _fetch(agent: Agent, account: Account, ref: MessageRef) -> None:
    if not gateway.breaker_of(settings.NOMADE.imap_url).is_idle:
        return
    try:
        gateway.run_as(account, lambda session: _prepare(session, ref))
    except MailError as error:
        log.info("mail ahead of agent=%s: %s", agent.pk, error)


def _prepare(session: Session, ref: MessageRef) -> None:
    if ref not in session.memory.views:
        session.prepare(session.memory.below(ref, AT_ONCE))


def settle() -> None:
    """Waits until nothing is being fetched; before connections are closed."""
    global _background
    pool, _background = _background, None
    if pool is not None:
        pool.shutdown(wait=True)
