"""The way to the mail servers: live connections of this process, a breaker before them, French sentences behind.

Everything the service asks of IMAP or SMTP passes here. Views let `Unavailable` through: the page of error 503 says the
sentence, and the rest of the portal works.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from mailkit import smtp
from mailkit.breaker import Breaker
from mailkit.endpoints import Account, Credentials, Endpoint
from mailkit.errors import MailError
from mailkit.imap import Pool, Session
from nomade.accounts.directories import oidc
from nomade.accounts.mailkeys import actions as mailkeys
from nomade.kernel.errors import Refusal, Unavailable
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
            _pool = Pool(size=settings.NOMADE.mail_open_mailboxes)
        return _pool


def breaker_of(url: str) -> Breaker:
    """The breaker of one server."""
    with _guard:
        known = _breakers.get(url)
        if known is None:
            known = _breakers[url] = Breaker()
        return known


def close_connections() -> None:
    """Closes what this process keeps open and forgets past failures."""
    global _pool
    with _guard:
        pool, _pool = _pool, None
        _breakers.clear()
    if pool is not None:
        pool.close()


class KeyNeeded(Unavailable):
    """The mailbox opens with a password or a token that its owner must give again."""


def account_of(agent: Agent, url: str) -> Account:
    """How to sign in to a server on behalf of an agent.

    Raises MailError when nothing is set for that, or when only the agent can say what opens the mailbox.
    """
    environment = settings.NOMADE
    if environment.mail_auth != "master":
        return _account(agent, url, _secret_of(agent))
    if not url:
        raise MailError("unreachable", "no mail server is configured")
    form: Literal["master", "master_star"] = "master_star" if environment.mail_master_form == "star" else "master"
    master = Credentials(form, agent.mail_address, environment.mail_master_password, environment.mail_master_user)
    return Account(Endpoint.parse(url), master)


def _account(agent: Agent, url: str, secret: str) -> Account:
    if not url:
        raise MailError("unreachable", "no mail server is configured")
    return Account(Endpoint.parse(url), Credentials(settings.NOMADE.mail_auth, agent.mail_address, secret))


def _secret_of(agent: Agent, *, not_this: str = "") -> str:
    try:
        secret = mailkeys.secret_of(agent.pk, not_this=not_this)
    except oidc.Unreachable as error:
        raise MailError("unreachable", f"the directory that renews tokens: {error}", retry=True) from error
    if not secret:
        # A letter that waits leaves once its author has come back.
        raise MailError("secret_needed", "no key of this mailbox", retry=True)
    return secret


def signed_in(agent: Agent, url: str, work: Callable[[Account], T]) -> T:
    """Does `work` with an account. A password that the server refuses is forgotten, a token is renewed once."""
    account = account_of(agent, url)
    try:
        return work(account)
    except MailError as error:
        if error.key != "login_refused" or error.retry or settings.NOMADE.mail_auth == "master":
            raise
        refused(agent, account)
    return work(_account(agent, url, _secret_of(agent, not_this=account.credentials.secret)))


def refused(agent: Agent, account: Account) -> None:
    """The server did not let this account in: a password is not tried again, which could close the account there."""
    if mailkeys.by_password():
        mailkeys.forget(agent.pk, account.credentials.secret)


def run(agent: Agent, work: Callable[[Session], T], *, again: bool = True) -> T:
    """Does `work` on the agent's mailbox. Raises MailError; see `translated` for views."""
    return signed_in(agent, settings.NOMADE.imap_url, lambda account: run_as(account, work, again=again))


def run_beside(agent: Agent, work: Callable[[Session], T], meanwhile: Callable[[], None]) -> T:
    """`run`, `meanwhile` being done while the server thinks of its first answer; perhaps twice, perhaps not at all."""

    def both(session: Session) -> T:
        session.wire.meanwhile = meanwhile
        try:
            return work(session)
        finally:
            session.wire.meanwhile = None

    return run(agent, both)


def run_as(account: Account, work: Callable[[Session], T], *, again: bool = True) -> T:
    """The same for who knows the account already: threads that must not ask the base. Raises MailError."""
    with breaker_of(settings.NOMADE.imap_url).passage():
        return _shared_pool().run(account, work, again=again)


def opens(agent: Agent, password: str) -> bool:
    """Whether this password opens the mailbox. Raises MailError when the server does not say."""
    try:
        run_as(_account(agent, settings.NOMADE.imap_url, password), lambda _session: None)
    except MailError as error:
        if error.key == "login_refused" and not error.retry:
            return False
        raise
    return True


def visit(agent: Agent, work: Callable[[Session], T], *, again: bool = True) -> T:
    """`run` for a view: Http404 for what is not there, Unavailable with a sentence for what does not answer."""
    try:
        return run(agent, work, again=again)
    except MailError as error:
        raise translated(error) from error


def change(agent: Agent, work: Callable[[Session], T]) -> T:
    """`run`, once, for what changes the mailbox: a connection lost in the middle of it leaves a doubt, which is told.

    Raises MailError, Unavailable.
    """
    begun = False

    def noted(session: Session) -> T:
        nonlocal begun
        begun = True
        return work(session)

    try:
        return run(agent, noted, again=False)
    except MailError as error:
        if not (begun and error.broken and error.key in ("unreachable", "timeout")):
            raise
        log.warning("mail cut in the middle of an action: %s", error)
        words = _(
            "La connexion à la messagerie a été coupée pendant l’action. Aucun message n’est perdu. Regardez dans les "
            "deux dossiers avant de recommencer : l’action a pu se faire, et un message peut s’y trouver en double."
        )
        raise Unavailable("mail", words, retry=False) from error


def translated(error: MailError) -> Exception:
    """The kernel's error for a mail error."""
    if error.key in ("no_such_folder", "no_such_message", "bad_argument"):
        return Http404(error.key)
    if error.key == "secret_needed":
        return KeyNeeded("mail", sentence(error))
    if error.key == "over_quota":
        return Refusal(sentence(error))
    log.warning("mail %s", error)
    return Unavailable("mail", sentence(error), retry=error.retry)


def sentence(error: MailError) -> str:
    """What a person can be told."""
    if error.key == "busy":
        return _("La messagerie est très sollicitée. Réessayez dans un instant.")
    if error.key == "secret_needed":
        return _(
            "Votre messagerie demande que vous vous identifiiez de nouveau. Ouvrez-la depuis le menu, puis recommencez."
        )
    if error.key == "login_refused":
        return _(
            "La messagerie n’a pas voulu ouvrir votre boîte. Signalez-le à l’assistance : vos messages sont intacts."
        )
    if error.key == "over_quota":
        return _("Votre boîte est pleine : rien ne peut plus y être rangé. Videz la corbeille, puis recommencez.")
    if error.key == "too_large":
        return _("Le serveur de messagerie refuse ce message : il est trop volumineux.")
    return _(
        "La messagerie ne répond pas pour le moment. Vos messages sont en sécurité et le reste du portail fonctionne. "
        "Réessayez dans quelques minutes."
    )


def hand_over(agent: Agent, *, recipients: tuple[str, ...], message: bytes) -> smtp.Receipt:
    """Gives a message to the submission server. Raises MailError."""
    url = settings.NOMADE.smtp_url

    def submit(account: Account) -> smtp.Receipt:
        with breaker_of(url).passage():
            return smtp.submit(account, sender=agent.mail_address, recipients=recipients, message=message)

    return signed_in(agent, url, submit)


def hold_key(agent: Agent, until: datetime) -> None:
    """A letter will leave by a job: what opens the mailbox today must still be there then."""
    if settings.NOMADE.mail_auth != "master":
        mailkeys.hold(agent.pk, until)


def release_key(agent: Agent) -> None:
    """No letter of the agent is on its way."""
    if settings.NOMADE.mail_auth != "master":
        mailkeys.release(agent.pk)
