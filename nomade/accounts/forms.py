"""Forms of the accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.models import Account, normalised
from nomade.accounts.passwords import history
from nomade.people.folding import fold

MINIMUM, PASSPHRASE, CLASSES, MAXIMUM = 15, 20, 3, 256


class SignInForm(forms.Form):
    """Address or login, and password."""

    login = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=MAXIMUM,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def check_policy(password: str, account: Account) -> None:
    """Refuses a password that is too short, too plain, too common or made of one's own name.

    Two doors: 15 signs of three kinds, or a passphrase of 20 signs. Raises ValidationError with what is missing.
    """
    missing = []
    kinds = sum(
        any(test(sign) for sign in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    )
    if len(password) < MINIMUM or (len(password) < PASSPHRASE and kinds < CLASSES):
        missing.append(
            _(
                "Il faut au moins %(minimum)s signes mêlant trois sortes parmi minuscules, majuscules, chiffres et "
                "autres signes, ou une phrase d’au moins %(passphrase)s signes."
            )
            % {"minimum": MINIMUM, "passphrase": PASSPHRASE}
        )
    folded = fold(password).replace(" ", "")
    own = (account.agent.first_name, account.agent.last_name, account.agent.usage_name, account.agent.matricule)
    if any(len(word) >= 4 and fold(word).replace(" ", "") in folded for word in own):
        missing.append(_("Il ne doit contenir ni votre nom, ni votre prénom, ni votre matricule."))
    if missing:
        raise ValidationError(missing)
    CommonPasswordValidator().validate(password)


class ChoosePasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=gettext_lazy("Nouveau mot de passe"),
        max_length=MAXIMUM,
        strip=False,
        help_text=gettext_lazy(
            "Au moins 15 signes mêlant minuscules, majuscules, chiffres et autres signes, "
            "ou une phrase d’au moins 20 signes."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Le même, une seconde fois"),
        max_length=MAXIMUM,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        check_policy(normalised(password), self.account)
        if history.was_used(self.account, password):
            raise ValidationError(_("Vous avez déjà eu ce mot de passe : choisissez-en un autre."))
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and cleaned.get("again") != cleaned["password"]:
            self.add_error("again", _("Les deux saisies ne sont pas les mêmes."))
        return cleaned


class ChangePasswordForm(ChoosePasswordForm):
    """A new password, for somebody who knows the present one."""

    current = forms.CharField(
        label=gettext_lazy("Mot de passe actuel"),
        max_length=MAXIMUM,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password", "again")

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.account.check_password(current):
            raise ValidationError(_("Ce n’est pas votre mot de passe actuel."))
        return current
