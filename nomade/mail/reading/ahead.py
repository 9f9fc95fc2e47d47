"""The next message is fetched while this one is read; only when nobody else needs the mail server."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import MessageRef
from nomade.mail import gateway
from nomade.people.models import Agent

log = logging.getLogger("nomade.mail")
MOST_WAITING = 4
_background: ThreadPoolExecutor | None = None


def fetch(agent: Agent, ref: MessageRef | None) -> None:
    """Asks for a message in the background, so that opening it costs one round trip."""
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
        gateway.run_as(account, lambda session: session.message(ref))
    except MailError as error:
        log.info("mail ahead of agent=%s: %s", agent.pk, error)


def settle() -> None:
    """Waits until nothing is being fetched; before connections are closed."""
    global _background
    pool, _background = _background, None
    if pool is not None:
        pool.shutdown(wait=True)
