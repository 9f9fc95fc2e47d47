"""The way to the mail servers: live connections of this process, a breaker before them, French sentences behind.

Everything the service asks of IMAP or SMTP passes here. Views let `Unavailable` through: the page of error 503 says the
sentence, and the rest of the portal works.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from mailkit import smtp
from mailkit.breaker import Breaker
from mailkit.endpoints import Account, Credentials, Endpoint
from mailkit.errors import MailError
from mailkit.imap import Pool, Session
from nomade.kernel.errors import Unavailable
from nomade.people.models import Agent

log = logging.getLogger("nomade.mail")
T = TypeVar("T")

_guard = threading.Lock()
_pool: Pool | None = None
_breakers: dict[str, Breaker] = {}


def _shared_pool() -> Pool:
    global _pool  # noqa: PLW0603  one pool a process, made on first use so that a forked worker has its own
    with _guard:
        if _pool is None:
            _pool = Pool()
        return _pool


def breaker_of(url: str) -> Breaker:
    """The breaker of one server."""
    with _guard:
        return _breakers.setdefault(url, Breaker())


def close_connections() -> None:
    """Closes what this process keeps open and forgets past failures."""
    global _pool
    with _guard:
        pool, _pool = _pool, None
        _breakers.clear()
    if pool is not None:
        pool.close()


def account_of(agent: Agent, url: str) -> Account:
    """How to sign in to a server on behalf of an agent. Raises MailError when nothing is set for that."""
    environment = settings.NOMADE
    if not url:
        raise MailError("unreachable", "no mail server is configured")
    return Account(
        Endpoint.parse(url),
        Credentials("master", agent.mail_address, environment.mail_master_password, environment.mail_master_user),
    )


def run(agent: Agent, work: Callable[[Session], T], *, again: bool = True) -> T:
    """Does `work` on the agent's mailbox. Raises MailError; see `translated` for views."""
    account = account_of(agent, settings.NOMADE.imap_url)
    with breaker_of(settings.NOMADE.imap_url).passage():
        return _shared_pool().run(account, work, again=again)


def visit(agent: Agent, work: Callable[[Session], T], *, again: bool = True) -> T:
    """`run` for a view: Http404 for what is not there, Unavailable with a sentence for what does not answer."""
    try:
        return run(agent, work, again=again)
    except MailError as error:
        raise translated(error) from error


def translated(error: MailError) -> Exception:
    """The kernel's error for a mail error."""
    if error.key in ("no_such_folder", "no_such_message", "bad_argument"):
        return Http404(error.key)
    log.warning("mail %s", error)
    return Unavailable("mail", sentence(error), retry=error.retry)


def sentence(error: MailError) -> str:
    """What a person can be told."""
    if error.key == "busy":
        return _("La messagerie est très sollicitée. Réessayez dans un instant.")
    if error.key == "login_refused":
        return _(
            "La messagerie n’a pas voulu ouvrir votre boîte. Signalez-le à l’assistance : vos messages sont intacts."
        )
    if error.key == "too_large":
        return _("Le serveur de messagerie refuse ce message : il est trop volumineux.")
    return _(
        "La messagerie ne répond pas pour le moment. Vos messages sont en sécurité et le reste du portail fonctionne. "
        "Réessayez dans quelques minutes."
    )


def hand_over(agent: Agent, *, recipients: tuple[str, ...], message: bytes) -> smtp.Receipt:
    """Gives a message to the submission server. Raises MailError."""
    account = account_of(agent, settings.NOMADE.smtp_url)
    with breaker_of(settings.NOMADE.smtp_url).passage():
        return smtp.submit(account, sender=agent.mail_address, recipients=recipients, message=message)
