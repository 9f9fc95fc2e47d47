"""Changing a password that the directory owns: there (RFC 3062), or on a page of its own."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts import notices
from nomade.accounts.directories import passwords
from nomade.accounts.mailkeys.actions import keep_password
from nomade.accounts.models import Account
from nomade.accounts.sessions import SessionStore
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render

LONGEST = 256


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=LONGEST, strip=False, widget=widget)


class DirectoryPasswordForm(forms.Form):
    """The present password and the new one, twice; what is too weak is for the directory to say."""

    current = _password(gettext_lazy("Mot de passe actuel"), "current-password")
    password = _password(gettext_lazy("Nouveau mot de passe"), "new-password")
    again = _password(gettext_lazy("Le même, une seconde fois"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and cleaned.get("again") != cleaned["password"]:
            self.add_error("again", _("Les deux saisies ne sont pas les mêmes."))
        return cleaned


def change_in_directory(request: HttpRequest, account: Account) -> HttpResponse:
    """The form when the directory takes a change from us, else the way to its own page."""
    here = passwords.by_ldap(account) and settings.NOMADE.ldap_password_change == "rfc3062"  # noqa: S105  # a choice
    form = DirectoryPasswordForm(request.POST if here and request.method == "POST" else None)
    if here and request.method == "POST" and form.is_valid() and _changed(request, account, form):
        messages.success(request, _("Votre mot de passe est changé."))
        return redirect("accounts:account")
    context = {"form": form, "here": here, "page": settings.NOMADE.directory_password_url}
    return render(request, "accounts/directory_password.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, account: Account, form: DirectoryPasswordForm) -> bool:
    asked = form.cleaned_data
    try:
        if passwords.change_password(request, account, asked["current"], asked["password"]):
            notices.tell(account.agent, notices.Event.PASSWORD_CHANGED)
            if (row := cast(SessionStore, request.session).row) is not None:
                keep_password(account, row, asked["password"])
            return True
    except Refusal as refusal:
        form.add_error("password", refusal.message)
    else:
        form.add_error("current", _("Ce n’est pas votre mot de passe actuel."))
    return False
