"""What an agent is told of their own account. `notifications`, above us, fills in how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import now, today
from nomade.people.models import Agent, RoleGrant
from nomade.people.roles import Role
from nomade.ui.filters import date_time

# kind, agents, title, body, path of the portal
Tell = Callable[[str, Iterable[Agent], str, str, str], None]


class Event(StrEnum):
    """What may happen to an account without its owner knowing."""

    NEW_DEVICE = "security.new_device"
    FAILURES_THEN_SUCCESS = "security.failures_then_success"
    PASSWORD_CHANGED = "security.password_changed"  # noqa: S105  # the name of an event
    FACTOR_CHANGED = "security.factor_changed"
    RECOVERY_CHANGED = "security.recovery_changed"
    RECOVERY_CODE = "security.recovery_code"
    RESET_BY_SUPPORT = "security.reset_by_support"
    UNLOCKED = "security.unlocked"
    DEVICE_CODE = "security.device_code"
    SESSIONS_CLOSED = "security.sessions_closed"


TITLES: dict[Event, Any] = {
    Event.NEW_DEVICE: gettext_lazy("Votre mot de passe a servi sur un nouvel appareil"),
    Event.FAILURES_THEN_SUCCESS: gettext_lazy("Votre mot de passe a servi après plusieurs essais manqués"),
    Event.PASSWORD_CHANGED: gettext_lazy("Votre mot de passe a été changé"),
    Event.FACTOR_CHANGED: gettext_lazy("Votre second facteur de connexion a été changé"),
    Event.RECOVERY_CHANGED: gettext_lazy("Vos moyens de retrouver l’accès à votre compte ont été changés"),
    Event.RECOVERY_CODE: gettext_lazy("Un code de mot de passe perdu a été donné pour votre compte"),
    Event.RESET_BY_SUPPORT: gettext_lazy("Le support a réinitialisé l’accès à votre compte"),
    Event.UNLOCKED: gettext_lazy("Le support a débloqué votre compte"),
    Event.DEVICE_CODE: gettext_lazy("Le support a donné un code qui ouvre un appareil à votre compte"),
    Event.SESSIONS_CLOSED: gettext_lazy("Des sessions de votre compte ont été fermées"),
}


@dataclass
class _Ports:
    """Filled once, at start."""

    tell: Tell | None = None


_ports = _Ports()


def fill(*, tell: Tell) -> None:
    """Declares who tells agents things."""
    _ports.tell = tell


def tell(agent: Agent, event: Event, detail: str = "") -> None:
    """Tells an agent, in the portal and by e-mail, in the transaction of what happened. `detail` holds no secret."""
    body = _("Le %(when)s.") % {"when": date_time(now())}
    advice = _("Si ce n’était pas vous, changez votre mot de passe et appelez le support.")
    _send(event, [agent], str(TITLES[event]), " ".join(part for part in (body, detail, advice) if part))


def alert_attack(identifiers: int) -> None:
    """Tells administrators and technicians, once, that many accounts are being tried."""
    holders = RoleGrant.objects.on(today()).filter(role__in=(Role.ADMINISTRATOR, Role.SUPPORT_TECHNICIAN))
    agents = Agent.objects.filter(pk__in=holders.values("agent"))
    title = _("Des mots de passe sont essayés sur de nombreux comptes")
    body = _(
        "%(count)d identifiants en échec en quelques minutes. Les appareils inconnus doivent faire un calcul avant "
        "chaque essai ; les appareils connus, le réseau professionnel et les clés d’accès restent ouverts."
    ) % {"count": identifiers}
    _send("security.attack", agents, title, body)


def _send(kind: str, agents: Iterable[Agent], title: str, body: str) -> None:
    if _ports.tell is not None:
        _ports.tell(kind, agents, title, body, "/compte/")
