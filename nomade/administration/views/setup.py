"""The set-up assistant, from the code of the terminal to a town in service."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from nomade.accounts.models import Account
from nomade.accounts.opening import begin
from nomade.administration import installation
from nomade.administration.access import administrators_only
from nomade.administration.forms import AdministratorForm, CodeForm, HostsForm, OrganisationForm
from nomade.config.environment import SettingError
from nomade.kernel.http import public
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

View = Callable[..., HttpResponse]


def steps() -> list[str]:
    return [_("Code"), _("Collectivité"), _("Adresses"), _("Administrateur"), _("Agents"), _("C’est prêt")]


def during_set_up(view: View) -> View:
    """404 once installed; back to the code for a browser that has not given it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not installation.is_open():
            raise Http404
        if request.session.get(installation.SESSION_KEY) != settings.NOMADE.setup_code:
            return redirect("administration:installation")
        return view(request)

    return cast(View, public(guarded))


def _page(request: HttpRequest, step: int, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"steps": steps(), "step": step, "form": form, **more}
    return render(request, f"administration/{template}.html", context, status=422 if form.errors else 200)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the code that only the terminal shows."""
    if not installation.is_open():
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.flush()
        request.session[installation.SESSION_KEY] = settings.NOMADE.setup_code
        return redirect("administration:installation-organisation")
    return _page(request, 1, "setup_code", form)


def _settings_step(
    request: HttpRequest, form: OrganisationForm | HostsForm, step: int, template: str, after: str
) -> HttpResponse:
    """A step that writes settings; those that the operator imposed are shown and cannot be changed."""
    imposed = installation.imposed()
    for name, variable in form.VARIABLES.items():
        form.fields[name].disabled = variable in imposed
    if request.method == "POST" and form.is_valid():
        chosen = {v: form.cleaned_data[name] for name, v in form.VARIABLES.items() if v not in imposed}
        try:
            installation.write(chosen)
        except SettingError as error:
            form.add_error(None, str(error))
        else:
            return redirect(after)
    held = sorted(variable for variable in form.VARIABLES.values() if variable in imposed)
    return _page(request, step, template, form, imposed=held)


@during_set_up
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Name, mail domain, colour, help line."""
    known = settings.NOMADE
    initial = {
        "organisation": known.organisation,
        "mail_domain": known.mail_domain,
        "brand_colour": known.brand_colour,
        "support_phone": known.support_phone,
    }
    form = OrganisationForm(request.POST or None, initial=initial)
    return _settings_step(request, form, 2, "setup_organisation", "administration:installation-hosts")


@during_set_up
@require_http_methods(["GET", "HEAD", "POST"])
def hosts(request: HttpRequest) -> HttpResponse:
    """The four host names, with what to declare outside."""
    written = installation.written()
    initial = {name: written.get(v) or settings.NOMADE.hosts[name] for name, v in HostsForm.VARIABLES.items()}
    form = HostsForm(request.POST or None, initial=initial)
    return _settings_step(request, form, 3, "setup_hosts", "administration:installation-administrator")


@during_set_up
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def administrator(request: HttpRequest) -> HttpResponse:
    """The first account; the code opens nothing more once it exists, its holder is signed in."""
    form = AdministratorForm(request.POST or None, mail_domain=settings.NOMADE.mail_domain)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        account = installation.install_administrator(
            request,
            login=given["login"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            password=given["password"],
        )
        begin(request, account)
        return redirect("administration:installation-agents")
    return _page(request, 4, "setup_administrator", form)


@administrators_only
@require_safe
def done(request: AgentRequest) -> HttpResponse:
    """What is in place, and what is left to do."""
    written = installation.written()
    context = {
        "steps": steps(),
        "step": 6,
        "agents": Agent.objects.count(),
        "accounts": Account.objects.count() - Account.objects.without_password().count(),
        "portal": written.get("NOMADE_PORTAL_HOST") or settings.NOMADE.portal_host,
    }
    return render(request, "administration/setup_done.html", context)
