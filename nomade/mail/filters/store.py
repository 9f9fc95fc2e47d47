"""The agent's filters, on the mail server: read from our script, written into it alone.

Every error leaves as a sentence: `Refusal` for what the agent can mend, `Unavailable` for a server that is silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit import sieve
from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.sieve import Filters, Rule, SieveSession, Unsupported
from mailkit.sieve.session import OURS, TOGETHER
from nomade.kernel import audit
from nomade.kernel.errors import Refusal, Unavailable
from nomade.kernel.hosts import URLCONFS
from nomade.mail import gateway
from nomade.mail.writing.choices import is_inside
from nomade.notifications.actions import notify
from nomade.people.models import Agent

T = TypeVar("T")
NEEDED = {
    "vacation": gettext_lazy("les réponses automatiques"),
    "date": gettext_lazy("les dates de début et de fin"),
    "relational": gettext_lazy("les dates de début et de fin"),
    "fileinto": gettext_lazy("le rangement dans un dossier"),
    "imap4flags": gettext_lazy("« marquer lu » et « suivre »"),
    "copy": gettext_lazy("la transmission d’une copie"),
}


class ForeignScript(Refusal):
    """Another program's script is active, and this server cannot run two."""


@dataclass(frozen=True)
class Found:
    """The filters of an agent, what the server can do, and the script of another program that runs too."""

    filters: Filters
    extensions: frozenset[str]
    foreign: str = ""
    damaged: bool = False

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody wrote in our script: what they wrote is kept when ours is written anew."""
        return self.damaged or self.filters.changed_elsewhere


def is_configured() -> bool:
    """Whether there is a server to ask."""
    return bool(settings.NOMADE.sieve_url)


def read(agent: Agent) -> Found:
    """The filters of an agent. Raises Unavailable."""
    return _run(agent, _read)


def _read(session: SieveSession) -> Found:
    active, _others = session.scripts()
    text = session.get(OURS)
    filters = sieve.read(text) if text.strip() else Filters()
    foreign = active if active not in ("", OURS, TOGETHER) else ""
    return Found(filters or Filters(), session.extensions, foreign, damaged=filters is None)


def change(
    agent: Agent,
    alter: Callable[[Filters], Filters],
    *,
    alone: bool = False,
    request: HttpRequest | None = None,
) -> Filters:
    """Alters the filters as they are now on the server. With `alone`, ours runs and the other program's no longer does.

    Raises Refusal, ForeignScript, Unavailable.
    """

    def work(session: SieveSession) -> tuple[Filters, Filters]:
        found = _read(session)
        before, after = found.filters, alter(found.filters)
        text = sieve.write(after, session.extensions)
        if found.is_by_hand:
            session.set_aside()
        (session.take_over if alone else session.install)(text)
        return before, after

    before, after = _run(agent, work)
    audit.record("mail.filters_changed", actor=agent.pk, subject=agent.pk, request=request, rules=len(after.rules))
    _tell_of_forwarding(agent, before, after, request)
    return after


def leaves_the_house(rule: Rule) -> bool:
    """Whether a rule sends mail to an address outside."""
    return bool(rule.forward) and not is_inside(rule.forward)


def _tell_of_forwarding(agent: Agent, before: Filters, after: Filters, request: HttpRequest | None) -> None:
    """A rule that sends mail outside is what thieves of accounts set first: its owner is told, at once."""
    former = {rule.forward.lower() for rule in before.rules if rule.active}
    for rule in after.rules:
        if rule.active and leaves_the_house(rule) and rule.forward.lower() not in former:
            audit.record("mail.forwarding_set", actor=agent.pk, subject=agent.pk, request=request)
            notify(
                agent,
                kind="security.mail_forwarding",
                title=_("Des messages de votre boîte partent désormais vers une adresse extérieure"),
                body=_("Règle « %(name)s ». Si ce n’est pas vous, supprimez-la et prévenez l’assistance.")
                % {"name": rule.name},
                url=reverse("mail:filters", urlconf=URLCONFS["portal"]),
            )


def _run(agent: Agent, work: Callable[[SieveSession], T]) -> T:
    url = settings.NOMADE.sieve_url
    try:
        return gateway.signed_in(agent, url, lambda account: _run_as(account, url, work))
    except Unsupported as error:
        raise Refusal(
            _("Le serveur de messagerie ne sait pas faire : %(what)s. Rien n’a été changé.")
            % {"what": str(NEEDED.get(error.extension, error.extension))}
        ) from error
    except MailError as error:
        raise _translated(error) from error


def _run_as(account: Account, url: str, work: Callable[[SieveSession], T]) -> T:
    with gateway.breaker_of(url).passage(), sieve.connected(account) as session:
        return work(session)


def _translated(error: MailError) -> Exception:
    if error.key == "foreign_script":
        return ForeignScript(
            _(
                "Un autre logiciel a déjà des filtres (« %(name)s ») et ce serveur n’en fait marcher qu’un à la fois. "
                "Rien n’a été changé."
            )
            % {"name": error.detail}
        )
    if error.key in ("refused", "too_large", "bad_argument"):
        return Refusal(
            _("Le serveur de messagerie n’accepte pas cette règle. Rien n’a été changé. Il a dit : %(words)s")
            % {"words": error.detail or error.key}
        )
    if error.key == "secret_needed":
        return gateway.translated(error)
    gateway.log.warning("sieve %s", error)
    return Unavailable("sieve", gateway.sentence(error), retry=error.retry)
