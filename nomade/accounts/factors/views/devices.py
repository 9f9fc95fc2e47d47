"""« Mes appareils »: where the account is open, where it was, and closing it from here."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nomade.accounts.factors import actions, seen
from nomade.accounts.factors.stepup import step_up_required
from nomade.accounts.models import Account, Session, TrustedBrowser
from nomade.accounts.sessions import SessionStore
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


@require_safe
def index(request: AgentRequest) -> HttpResponse:
    """Open sign-ins, trusted browsers, and those that ended lately with the reason."""
    account, row = cast(Account, request.user), cast(SessionStore, request.session).row
    assert row is not None
    opened, ended = seen.sign_ins(account, here=row.family)
    browsers = TrustedBrowser.objects.filter(account=account).order_by("-last_used_at")
    context = {"opened": opened, "ended": ended, "browsers": browsers}
    return render(request, "accounts/factors/devices.html", context)


@require_POST
@step_up_required
def end(request: AgentRequest) -> HttpResponse:
    """Signs out elsewhere: one device, or all but this one."""
    account, row = cast(Account, request.user), cast(SessionStore, request.session).row
    assert row is not None
    others = Session.objects.filter(account=account).exclude(family=row.family)
    if "tous" not in request.POST:
        try:
            others = others.filter(family=uuid.UUID(request.POST.get("connexion", "")))
        except ValueError as error:
            raise Http404 from error
        if not others.exists():
            raise Http404
    count = actions.end_sign_ins(request, account, others)
    said = ngettext("%(count)d appareil est déconnecté.", "%(count)d appareils sont déconnectés.", count)
    messages.success(request, said % {"count": count} if count else _("Aucun autre appareil n’était connecté."))
    return redirect("accounts:devices")


@require_POST
@step_up_required
def forget(request: AgentRequest, identifier: int) -> HttpResponse:
    """A browser is trusted no more."""
    account = cast(Account, request.user)
    if not TrustedBrowser.objects.filter(account=account, pk=identifier).exists():
        raise Http404
    actions.forget_browser(request, account, identifier)
    messages.success(request, _("Ce navigateur demandera de nouveau la vérification en deux étapes."))
    return redirect("accounts:devices")
