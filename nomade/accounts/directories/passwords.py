"""Accounts whose password is the directory's: those that have none of the portal, where a directory is set."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts.directories import ldap
from nomade.accounts.directories.models import Identity
from nomade.accounts.models import Account
from nomade.kernel import audit
from nomade.kernel.errors import Refusal, Unavailable

log = logging.getLogger("nomade.directory")
# A directory that hangs holds two threads of a worker, and never a place where passwords are hashed.
_places = threading.BoundedSemaphore(2)


def server() -> ldap.Server | None:
    """The directory, or None where there is none."""
    chosen = settings.NOMADE
    if not chosen.ldap_url:
        return None
    return ldap.Server(
        url=chosen.ldap_url,
        base=chosen.ldap_base,
        login_attribute=chosen.ldap_login_attribute,
        bind_dn=chosen.ldap_bind_dn,
        bind_password=chosen.ldap_bind_password,
        start_tls=chosen.ldap_start_tls,
        ca_file=chosen.ldap_ca_file,
        seconds=chosen.directory_seconds,
    )


def by_ldap(account: Account | None) -> bool:
    """Whether an account's password is asked of the LDAP directory."""
    return account is not None and server() is not None and not account.has_usable_password()


def owned_by_directory(account: Account) -> bool:
    """Whether the directory, LDAP or OpenID Connect, owns the password and the lock of an account."""
    return not account.has_usable_password() and (
        server() is not None or Identity.objects.filter(account=account).exists()
    )


def refuse_if_kept_there(account: Account) -> None:
    """Raises Refusal when the password is replaced in the directory only, Unavailable when it does not answer.

    A password of the portal would open an account that the directory has locked. Somebody whom the directory does not
    know may have one.
    """
    directory = server()
    if account.has_usable_password():
        return
    known = Identity.objects.filter(account=account).exists()
    if not known and directory is not None:
        with _asking(account, None):
            known = ldap.is_locked(directory, account.login) is not None
    if known:
        raise Refusal(kept_there())


def kept_there() -> str:
    """Where a password of the directory is replaced, in a sentence."""
    page = settings.NOMADE.directory_password_url
    if page:
        said: str = _(
            "Ce compte s’ouvre avec le mot de passe de l’annuaire, qui se remplace à cette adresse : %(page)s"
        )
        return said % {"page": page}
    return _("Ce compte s’ouvre avec le mot de passe de l’annuaire : lui seul peut le remplacer.")


def is_password_of(account: Account, password: str, request: HttpRequest | None = None) -> bool:
    """Whether a password is the account's, wherever it is kept.

    Raises PasswordExpired when the directory wants it changed first, Unavailable when the directory is down.
    """
    directory = server()
    if directory is None or account.has_usable_password():
        return account.check_password(password)
    with _asking(account, request):
        try:
            return ldap.is_password_of(directory, account.login, password)
        except ldap.Expired as expired:
            raise PasswordExpired from expired


def change_password(request: HttpRequest, account: Account, present: str, wanted: str) -> bool:
    """Changes a password in the directory (RFC 3062); False when the present one is wrong.

    Raises Refusal with a sentence when the directory's own policy says no.
    """
    directory = server()
    assert directory is not None
    with _asking(account, request):
        try:
            changed = ldap.change_password(directory, account.login, present, wanted)
        except ldap.Denied as denied:
            log.info("directory refuses a password: %s", denied)
            raise Refusal(_("L’annuaire n’accepte pas ce mot de passe : choisissez-en un autre.")) from denied
    if changed:
        audit.record("password.changed", actor=account.agent_id, subject=account.agent_id, request=request, by="ldap")
    return changed


def locked_in_directory(account: Account) -> bool | None:
    """What the directory says of an account; None when it does not know, or does not answer."""
    directory = server()
    if directory is None or account.has_usable_password():
        return None
    try:
        return ldap.is_locked(directory, account.login)
    except ldap.Unreachable as error:
        log.warning("directory unreachable: %s", error)
        return None


class PasswordExpired(Refusal):
    """The right password of the directory, which must be changed there first."""

    def __init__(self) -> None:
        super().__init__(_("Votre mot de passe de l’annuaire a expiré : changez-le d’abord."))


@contextmanager
def _asking(account: Account, request: HttpRequest | None) -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise _down()
    try:
        yield
    except ldap.Unreachable as error:
        log.warning("directory unreachable: %s", error)
        audit.record("directory.unavailable", actor=None, subject=account.agent_id, request=request)
        raise _down() from error
    finally:
        _places.release()


def _down() -> Unavailable:
    return Unavailable("ldap", _("L’annuaire de votre collectivité ne répond pas. Réessayez dans quelques minutes."))
