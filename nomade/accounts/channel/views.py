"""Where an agent is told: asked at the first sign-in, changed later; and the page that a link opens."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nomade.accounts import first_steps
from nomade.accounts.actions import leave_first_steps
from nomade.accounts.channel import links
from nomade.accounts.channel.actions import choose_channel, confirm_address
from nomade.accounts.channel.forms import ChannelForm
from nomade.accounts.factors.stepup import step_up_required
from nomade.accounts.first_steps import first_step
from nomade.accounts.models import Account
from nomade.kernel.http import public
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


@first_step("notices")
@require_http_methods(["GET", "HEAD", "POST"])
def first_choice(request: AgentRequest) -> HttpResponse:
    """The last step of a first sign-in."""
    account = cast(Account, request.user)
    form = ChannelForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        _keep(request, account, form)
        return redirect(leave_first_steps(request, account))
    context = {"form": form, **first_steps.progress(request, account)}
    return render(request, "accounts/first_channel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def change(request: AgentRequest) -> HttpResponse:
    """The same choice, later."""
    account = cast(Account, request.user)
    form = ChannelForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        _keep(request, account, form)
        return redirect("accounts:account")
    return render(request, "accounts/channel.html", {"form": form}, status=422 if form.errors else 200)


def _keep(request: AgentRequest, account: Account, form: ChannelForm) -> None:
    email = form.cleaned_data["email"]
    if choose_channel(request, account, form.chosen, email):
        hours = links.lifetime_hours()
        messages.success(
            request,
            _("Un lien part à %(email)s : ouvrez-le dans les %(hours)d heures pour confirmer l’adresse.")
            % {"email": email, "hours": hours},
        )
    else:
        messages.success(request, _("Votre choix est enregistré."))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The link of the message: shows the address, then confirms it when asked to (a mail robot opens links too)."""
    token = request.POST.get("lien", "") or request.GET.get("lien", "")
    link = links.read(token)
    done = request.method == "POST" and link is not None and confirm_address(request, link)
    refused = link is None or (request.method == "POST" and not done)
    context = {"token": token, "email": link.email if link else "", "done": done, "refused": refused}
    return render(request, "accounts/confirm_address.html", context, status=422 if refused else 200)
