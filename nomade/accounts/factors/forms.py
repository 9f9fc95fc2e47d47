"""Forms of second factors and of lost passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def _code_field(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false", **attrs}
        ),
    )


class CodeForm(forms.Form):
    """One code: of the application, or of the card. The label says which ones this agent may type."""

    code = _code_field("")

    def __init__(self, *args: Any, has_totp: bool, card_number: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        if has_totp and card_number:
            field.label = _("Code à 6 chiffres, ou code n° %(number)d de votre carte") % {"number": card_number}
        elif card_number:
            field.label = _("Code n° %(number)d de votre carte") % {"number": card_number}
        else:
            field.label = _("Code à 6 chiffres")
            field.widget.attrs["inputmode"] = "numeric"


class PasswordAgainForm(forms.Form):
    """The password of who is signed in."""

    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AuthenticatorForm(forms.Form):
    """The first code that the application shows."""

    code = _code_field(gettext_lazy("Code à 6 chiffres affiché par l’application"), inputmode="numeric")


class PasskeyNameForm(forms.Form):
    """How the agent calls a passkey."""

    name = forms.CharField(
        label=gettext_lazy("Nom de cette clé"),
        max_length=60,
        help_text=gettext_lazy("Pour la reconnaître plus tard, par exemple «\u00a0mon téléphone\u00a0»."),
    )


class LostPasswordForm(forms.Form):
    """Whose password is lost."""

    login = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )


class OwnCodeForm(forms.Form):
    """A code of the agent's own factors, at the door: the page is the same for everybody."""

    code = _code_field("")

    prefix = "moi"

    def __init__(self, *args: Any, card_number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _(
            "Code à 6 chiffres de votre application, ou code n° %(number)d de votre carte"
        ) % {"number": card_number}


class GivenCodeForm(forms.Form):
    """The code that a supervisor or the HR office reads."""

    code = _code_field(gettext_lazy("Code donné par votre responsable ou votre service RH"))
    prefix = "donne"
