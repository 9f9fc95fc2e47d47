"""The page on which a code of the support makes this browser a known one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nomade.accounts.lockout.brakes import Pace, brake, note_failure
from nomade.accounts.lockout.devices import remember
from nomade.accounts.lockout.opening import use_device_code
from nomade.kernel.http import public
from nomade.kernel.pages import render


class DeviceCodeForm(forms.Form):
    """A login and the code that the support gave by telephone."""

    login = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code donné par le support"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def open_device(request: HttpRequest) -> HttpResponse:
    """Makes this browser known for an account; the password, and the second factor, are asked as ever."""
    form = DeviceCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if brake(request).pace is Pace.STOP:
            return render(request, "accounts/open_device.html", {"form": form, "stopped": True}, status=429)
        account = use_device_code(request, form.cleaned_data["login"], form.cleaned_data["code"])
        if account is not None:
            messages.success(request, _("Cet appareil est ouvert. Vous pouvez vous connecter."))
            response: HttpResponseRedirect = redirect("accounts:sign-in")
            remember(request, response, account.pk, afresh=True)
            return response
        note_failure(request)
        form.add_error("code", _("Ce code ne convient pas, ou ne convient plus : demandez-en un autre au support."))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/open_device.html", {"form": form, "stopped": False}, status=status)
