"""Where the portal is no master of the mail server: the owner of a mailbox says what opens it, for this sign-in."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mailkit.errors import MailError
from nomade.accounts.mailkeys import actions as mailkeys
from nomade.accounts.mailkeys.trying import Attempt
from nomade.accounts.models import Account
from nomade.accounts.sessions import SessionStore
from nomade.accounts.wanted import wanted
from nomade.kernel import audit
from nomade.kernel.hosts import URLCONFS, absolute_url
from nomade.kernel.pages import render
from nomade.mail import gateway
from nomade.mail.access import has_mail
from nomade.people.http import AgentRequest
from nomade.ui.filters import date_time


class UnlockForm(forms.Form):
    """The password of the mailbox."""

    password = forms.CharField(
        label=gettext_lazy("Mot de passe de votre messagerie"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: AgentRequest) -> HttpResponse:
    """Asks for the password of the mailbox, or sends to the directory that gives a token."""
    if not has_mail(request) or not (mailkeys.by_password() or mailkeys.by_token()):
        raise Http404
    form = UnlockForm(request.POST or None)
    if mailkeys.by_password() and request.method == "POST" and form.is_valid() and _is_right(request, form):
        return HttpResponseRedirect(wanted(request), status=303)
    suite = reverse("mail:index", urlconf=URLCONFS["portal"])
    context = {
        "form": form,
        "wanted": wanted(request),
        "by_token": mailkeys.by_token(),
        "directory": settings.NOMADE.oidc_label,
        "directory_url": absolute_url("portal", "accounts:directory") + "?" + urlencode({"suite": suite}),
    }
    return render(request, "mail/unlock.html", context, status=422 if form.errors else 200)


def _is_right(request: AgentRequest, form: UnlockForm) -> bool:
    """Tries the password at the mail server, and keeps it when it is the right one. Raises Unavailable."""
    account, row = cast(Account, request.user), cast(SessionStore, request.session).row
    attempt = Attempt.of(account)
    if not attempt.goes_on or row is None:
        when = date_time(attempt.until) if attempt.until else ""
        form.add_error("password", _("Trop d’essais\u00a0: le prochain sera possible le %(when)s.") % {"when": when})
        return False
    password = form.cleaned_data["password"]
    try:
        right = gateway.opens(request.agent, password)
    except MailError as error:
        attempt.give_back()
        raise gateway.translated(error) from error
    if not right:
        audit.record("mail.key_refused", actor=request.agent.pk, subject=request.agent.pk, request=request)
        form.add_error("password", _("Ce n’est pas le mot de passe de votre messagerie."))
        return False
    attempt.give_back()
    mailkeys.keep_password(account, row, password, typed=True)
    audit.record("mail.key_given", actor=request.agent.pk, subject=request.agent.pk, request=request)
    return True
