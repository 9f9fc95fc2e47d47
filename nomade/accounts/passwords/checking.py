"""From a verdict to words: what is missing, said while one types and when one sends."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.accounts.models import Account, normalised
from nomade.accounts.passwords.lists import limits_for, words_for
from nomade.accounts.passwords.rules import Limits, Verdict, assess


@dataclass(frozen=True)
class Check:
    """One line of the help: a condition, whether it is met, and what to do if it is not."""

    key: str
    label: str
    met: bool
    advice: str


@dataclass(frozen=True)
class Help:
    """What the page shows under the field; the password itself is in none of it."""

    checks: list[Check]
    typed: bool

    @property
    def good(self) -> bool:
        return self.typed and all(check.met for check in self.checks)

    @property
    def summary(self) -> str:
        """One sentence for those who listen to the page."""
        if not self.typed:
            return ""
        missing = [check.advice for check in self.checks if not check.met]
        return _("Ce mot de passe convient.") if not missing else _("À corriger : ") + " ".join(missing)


def help_for(password: str, account: Account, *, privileged: bool | None = None) -> Help:
    """What is missing from a password, whether it is being typed or sent."""
    given = normalised(password)
    limits = limits_for(account, privileged=privileged)
    verdict = assess(given, limits, words_for(account))
    return Help([_length(verdict, limits), _kinds(verdict, limits), _guess(verdict), _own(verdict)], bool(given))


def check(password: str, account: Account, *, privileged: bool | None = None) -> None:
    """Raises ValidationError with what is missing."""
    found = help_for(password, account, privileged=privileged)
    missing = [check.advice for check in found.checks if not check.met]
    if missing:
        raise ValidationError(missing)


def _length(verdict: Verdict, limits: Limits) -> Check:
    label = _("%(count)d signes au moins") % {"count": limits.minimum}
    left = limits.minimum - verdict.length
    if verdict.too_long:
        return Check("length", label, met=False, advice=_("%(count)d signes au plus.") % {"count": limits.maximum})
    advice = ngettext("Encore %(count)d signe.", "Encore %(count)d signes.", left) % {"count": left}
    return Check("length", label, met=verdict.long_enough, advice=advice)


def _kinds(verdict: Verdict, limits: Limits) -> Check:
    names = {
        "lower": _("une minuscule"),
        "upper": _("une majuscule"),
        "digit": _("un chiffre"),
        "other": _("un autre signe"),
    }
    label = _("%(count)d sortes de signes mêlées, ou une phrase de %(long)d signes") % {
        "count": limits.kinds,
        "long": limits.passphrase,
    }
    advice = _("Ajoutez %(kinds)s, ou allez jusqu’à %(long)d signes.") % {
        "kinds": _(" ou ").join(names[kind] for kind in verdict.missing_kinds),
        "long": limits.passphrase,
    }
    return Check("kinds", label, met=verdict.varied_enough, advice=advice)


def _guess(verdict: Verdict) -> Check:
    advice = _(
        "Trop facile à deviner : les mots courants, les noms de lieux, les années et les suites comptent peu. Ajoutez "
        "un ou deux mots sans rapport entre eux."
    )
    return Check("guess", _("Difficile à deviner"), met=verdict.hard_to_guess, advice=advice)


def _own(verdict: Verdict) -> Check:
    label = _("Ni votre nom, ni votre identifiant, ni votre matricule, ni votre date de naissance")
    advice = _(
        "Il ne doit contenir ni votre nom, ni votre identifiant, ni votre matricule, ni votre date de naissance."
    )
    return Check("own", label, met=not verdict.own_words, advice=advice)
