"""Forms of the accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from nomade.accounts.passwords.forms import password_field


class SignInForm(forms.Form):
    """Address or login, and password."""

    login = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )
    password = password_field(gettext_lazy("Mot de passe"), "current-password")
