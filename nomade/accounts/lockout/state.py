"""How an account stands, in words, for the support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.directories.passwords import locked_in_directory, owned_by_directory, server
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.rules import Kind
from nomade.accounts.models import Account
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.ui.filters import date_time

_REASONS = {
    "second_factor": gettext_lazy("codes faux après un bon mot de passe : quelqu’un connaît peut-être le mot de passe"),
}
_WORDS = {
    Kind.UNKNOWN: gettext_lazy(
        "Depuis un appareil inconnu, hors du réseau professionnel : en attente jusqu’au %(when)s "
        "(%(failures)d échecs de suite). Un appareil connu, le réseau professionnel et une clé d’accès restent ouverts."
    ),
    Kind.NETWORK: gettext_lazy(
        "Depuis le réseau professionnel : en attente jusqu’au %(when)s (%(failures)d échecs de suite)."
    ),
    Kind.DEVICE: gettext_lazy(
        "Un appareil connu de l’agent est bloqué jusqu’au %(when)s (%(failures)d échecs de suite)."
    ),
    Kind.CODE: gettext_lazy("Codes du second facteur : en attente jusqu’au %(when)s (%(failures)d codes faux)."),
}


@dataclass(frozen=True)
class State:
    """Whether an account is locked, and everything that stops its agent now, one sentence each."""

    locked: bool
    sentences: tuple[str, ...]
    waits: bool = False
    # Who knows the account keeps its password too: the portal replaces none.
    elsewhere: bool = False

    @property
    def unlocks(self) -> bool:
        """Whether opening the account again would change anything: a lock of ours, or a wait."""
        return self.locked or self.waits

    @property
    def open(self) -> bool:
        return not self.sentences


def state_of(account: Account) -> State:
    """What stops somebody from signing in; three queries at most."""
    waits = tuple(_waits(account))
    owned = owned_by_directory(account)
    locked_there = locked_in_directory(account) if owned else None
    closed = tuple(_closed(account, owned=owned, locked_there=locked_there))
    elsewhere = owned and (server() is None or locked_there is not None)
    return State(account.locked_at is not None, (*closed, *waits), waits=bool(waits), elsewhere=elsewhere)


def _closed(account: Account, *, owned: bool, locked_there: bool | None) -> Iterator[str]:
    if account.locked_at is not None:
        yield _("Compte bloqué le %(when)s : %(reason)s.") % {
            "when": date_time(account.locked_at),
            "reason": _reason(account),
        }
    if owned:
        if locked_there:
            yield _("Bloqué dans l’annuaire de la collectivité, qui seul peut le débloquer.")
    elif not account.has_usable_password():
        yield _("Aucun mot de passe n’ouvre encore ce compte.")


def _waits(account: Account) -> Iterator[str]:
    waiting = Bucket.objects.filter(account_id=account.pk, blocked_until__gt=now()).order_by("kind", "blocked_until")
    for kind, until, failures in waiting.values_list("kind", "blocked_until", "failures"):
        assert until is not None  # the filter says so
        yield _WORDS[Kind(kind)] % {"when": date_time(until), "failures": failures}


def _reason(account: Account) -> str:
    facts = (
        AuditEvent.objects.filter(subject_id=account.agent_id, event="account.locked")
        .order_by("-id")
        .values_list("facts", flat=True)
        .first()
    )
    given = str((facts or {}).get("reason", ""))
    return str(_REASONS.get(given, given)) or _("raison non précisée")
