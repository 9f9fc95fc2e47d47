"""Choosing a password."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.models import Account
from nomade.accounts.passwords import provisional
from nomade.accounts.passwords.breached import is_breached
from nomade.accounts.passwords.checking import check
from nomade.accounts.passwords.history import was_used

# What a browser may send: far beyond the longest password accepted, which is a setting with a sentence of its own.
LONGEST_SENT = 2000


def password_field(label: Any, autocomplete: str) -> forms.CharField:
    """Masked, never trimmed, open to paste and to password managers."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_SENT,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}, render_value=False
        ),
    )


class ChoosePasswordForm(forms.Form):
    """A new password, typed twice."""

    password = password_field(gettext_lazy("Nouveau mot de passe"), "new-password")
    again = password_field(gettext_lazy("Le même, une seconde fois"), "new-password")

    def __init__(self, *args: Any, account: Account, proposal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.proposal = proposal
        if proposal:  # the only password that a page ever holds: drawn here, not yet anybody's
            for name in ("password", "again"):
                self.initial[name] = proposal
                cast(forms.PasswordInput, self.fields[name].widget).render_value = True

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        check(password, self.account)
        if was_used(self.account, password):
            raise ValidationError(_("Vous avez déjà eu ce mot de passe : choisissez-en un autre."))
        if is_breached(password, self.account):
            raise ValidationError(
                _("Ce mot de passe figure dans des listes volées qui circulent sur internet : choisissez-en un autre.")
            )
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and cleaned.get("again") != cleaned["password"]:
            self.add_error("again", _("Les deux saisies ne sont pas les mêmes."))
        return cleaned


class ChangePasswordForm(ChoosePasswordForm):
    """A new password, for somebody who knows the present one."""

    current = password_field(gettext_lazy("Mot de passe actuel"), "current-password")
    field_order = ("current", "password", "again")

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.account.check_password(current):
            raise ValidationError(_("Ce n’est pas votre mot de passe actuel."))
        return current


class FirstPasswordForm(ChoosePasswordForm):
    """A newcomer's own password; with the date of birth when nobody has seen who took the letter."""

    birth_date = forms.DateField(
        label=gettext_lazy("Votre date de naissance"),
        help_text=gettext_lazy("Elle montre que cette lettre est bien arrivée chez vous. Exemple : 23/11/1984"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez le jour, le mois et l’année, par exemple 23/11/1984.")},
    )
    field_order = ("birth_date", "password", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not provisional.asks_for_birth_date(self.account):
            del self.fields["birth_date"]

    def clean_birth_date(self) -> date:
        given: date = self.cleaned_data["birth_date"]
        if given != self.account.agent.birth_date:
            raise ValidationError(
                _(
                    "Ce n’est pas la date que connaît votre service des ressources humaines. Après %(count)d erreurs, "
                    "la lettre ne s’ouvre plus."
                )
                % {"count": provisional.limits().failures},
                code="wrong_birth_date",
            )
        return given
