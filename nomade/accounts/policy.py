"""What the policy of accounts says today: each number, its setting, its default and where it comes from.

Each part of the accounts adds its section from `apps.py`; « Politique de sécurité » (administration) shows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class PolicyEntry:
    """One line of the policy, in words: what it is, what holds here, what holds by default, how to change it, why."""

    label: str
    value: str
    default: str
    setting: str
    source: str

    @property
    def changed(self) -> bool:
        """Whether this installation departs from the default."""
        return self.value != self.default


@dataclass(frozen=True)
class Section:
    """The entries of one subject, read anew each time: settings may differ from one call to the next (tests)."""

    title: Any
    order: int
    entries: Callable[[], Sequence[PolicyEntry]]


_sections: list[Section] = []


def add_section(title: Any, order: int, entries: Callable[[], Sequence[PolicyEntry]]) -> None:
    """Makes a section known; called once, from `AccountsConfig.ready`."""
    _sections.append(Section(title, order, entries))


def sections() -> list[tuple[str, list[PolicyEntry]]]:
    """Every section with its entries, in the order of the page."""
    ordered = sorted(_sections, key=lambda section: section.order)
    return [(str(section.title), list(section.entries())) for section in ordered]


def from_setting(label: str, field: str, source: str, said: Callable[[Any], str] = str) -> PolicyEntry:
    """The entry of a field of `nomade.config.environment.Environment`; `said` writes its value with its unit.

    `from_setting(_("Longueur minimale"), "password_minimum", "ASVS 6.2.1", signs)` names NOMADE_PASSWORD_MINIMUM.
    """
    return PolicyEntry(
        label=label,
        value=said(getattr(settings.NOMADE, field)),
        default=said(getattr(settings.NOMADE_DEFAULTS, field)),
        setting=f"NOMADE_{field.upper()}",
        source=source,
    )


def signs(count: int) -> str:
    return _("%(count)d signes") % {"count": count}


def minutes(count: int) -> str:
    return _("%(count)d min") % {"count": count}


def hours(count: int) -> str:
    return _("%(count)d h") % {"count": count}


def days(count: int) -> str:
    return _("%(count)d jours") % {"count": count} if count > 1 else _("%(count)d jour") % {"count": count}


def months(count: int) -> str:
    return _("%(count)d mois") % {"count": count}


def times(count: int) -> str:
    return _("%(count)d fois") % {"count": count}


def yes_or_no(value: bool) -> str:
    return _("oui") if value else _("non")
