"""Checking what somebody shows: a passkey, a code within its limits, or the password again."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts.directories.passwords import is_password_of
from nomade.accounts.factors import actions
from nomade.accounts.factors.access import Means
from nomade.accounts.lockout.codes import check_code
from nomade.accounts.models import Account
from nomade.ui.filters import date_time


@dataclass(frozen=True)
class Proof:
    """Which factor was shown; nothing when none was. `locked`: too many wrong codes have just closed the account."""

    kind: str = ""
    password_alone: bool = False
    locked: bool = False


def factor_shown(request: HttpRequest, account: Account, form: Form, purpose: str, *, after_password: bool) -> Proof:
    """The factor that the form shows; what is wrong is written on the form."""
    answer = request.POST.get("credential", "")
    if answer:
        return Proof("passkey") if actions.use_passkey(request, purpose, account, answer) else Proof()
    if not form.is_valid():
        return Proof()
    return _code(request, account, form, "code", after_password=after_password)


def _code(
    request: HttpRequest, account: Account, form: Form, field: str, *, after_password: bool, password: str | None = None
) -> Proof:
    found: list[str] = []
    ask = actions.right_code(account, form.cleaned_data[field])

    def is_right() -> bool:
        # The password first: a code is used up by being right.
        if password is not None and not is_password_of(account, password, request):
            return False
        kind = ask()
        found.extend([kind] if kind else [])
        return bool(kind)

    checked = check_code(request, account, is_right, after_password=after_password)
    if checked.right:
        return Proof(found[0])
    if checked.until is not None:
        sentence = _("Trop d’essais\u00a0: le prochain sera possible le %(when)s.") % {"when": date_time(checked.until)}
    elif password is not None:
        sentence = _("Le mot de passe ou le code n’est pas le bon.")
    else:
        sentence = _("Ce n’est pas le bon code, ou il a déjà servi.")
    form.add_error(field, sentence)
    return Proof(locked=checked.locked)


def step_up(request: HttpRequest, account: Account, form: Form, code: Form | None, means: Means) -> Proof:
    """A passkey; else the password, with a code when the agent has any factor."""
    if request.POST.get("credential"):
        return factor_shown(request, account, form, "step-up", after_password=False)
    valid = form.is_valid()
    if code is not None:
        if not (code.is_valid() and valid):
            return Proof()
        return _code(request, account, code, "code", after_password=False, password=form.cleaned_data["password"])
    if not valid or means.passkeys:
        return Proof()
    password = form.cleaned_data["password"]
    checked = check_code(request, account, lambda: is_password_of(account, password, request), after_password=False)
    if checked.right:
        return Proof(password_alone=True)
    if checked.until is not None:
        when = {"when": date_time(checked.until)}
        form.add_error("password", _("Trop d’essais\u00a0: le prochain sera possible le %(when)s.") % when)
    else:
        form.add_error("password", _("Ce n’est pas votre mot de passe."))
    return Proof()
