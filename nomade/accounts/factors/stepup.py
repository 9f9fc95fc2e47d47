"""Step-up: a sensitive act asks who is there again, unless that was proved a few minutes ago.

What was sent meanwhile is kept sealed and sent again afterwards. A trusted browser never counts as a proof here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

from nomade.accounts.factors.gate import has_factor, is_enough, only_passkeys
from nomade.accounts.models import Account, HeldForm, Session
from nomade.accounts.sessions import SessionStore
from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.http import is_fragment

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SHOWN = ("passkey", "totp", "card", "directory")
# Long enough to find one's telephone, short enough for a screen left alone.
HELD_FOR = timedelta(minutes=15)
LONGEST_FORM = 200_000


def is_fresh(account: Account, row: Session) -> bool:
    """Whether who is there was proved a few minutes ago, with the second factor if the agent has one."""
    age = timedelta(minutes=settings.NOMADE.step_up_minutes)
    if row.authenticated_at is None or now() - row.authenticated_at > age:
        return False
    if row.factor in SHOWN:
        return is_enough(row) or not only_passkeys(account, privileged=row.privileged)
    return not has_factor(account)


def step_up_required(view: View) -> View:
    """Marks a view that opens only within minutes of a proof of identity; a form sent too late is kept and replayed.

    Put it below `@require_POST` and the like. A form with files is not kept: the page is shown again instead.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account, row = cast(Account, request.user), cast(SessionStore, request.session).row
        if row is not None and is_fresh(account, row):
            return view(request, *args, **kwargs)
        return _ask(request, account)

    guarded.step_up = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def _ask(request: HttpRequest, account: Account) -> HttpResponse:
    query = {"suite": request.get_full_path()}
    if request.method == "POST" and not request.FILES:
        query = {"formulaire": str(_hold(request, account))}
    address = reverse("accounts:confirm") + "?" + urlencode(query)
    if is_fragment(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)


def _hold(request: HttpRequest, account: Account) -> uuid.UUID:
    kept = request.POST.copy()
    kept.pop("csrfmiddlewaretoken", None)
    body = kept.urlencode().encode()
    if len(body) > LONGEST_FORM:
        body = b""
    form = HeldForm(account=account, path=request.get_full_path()[:2000], expires_at=now() + HELD_FOR)
    form.sealed_body = seal(body, context=form_context(form))
    form.save()
    return form.pk


def held_form(account: Account, identifier: uuid.UUID) -> tuple[str, list[tuple[str, str]]] | None:
    """(address, fields) of a form that this agent sent and that waits, or None."""
    form = HeldForm.objects.filter(pk=identifier, account=account, expires_at__gt=now()).first()
    if form is None:
        return None
    body = unseal(bytes(form.sealed_body), context=form_context(form)).decode()
    return form.path, [(name, value) for name, values in QueryDict(body).lists() for value in values]


def forget_form(account: Account, identifier: uuid.UUID) -> None:
    """The form was sent again: nothing of it is kept."""
    HeldForm.objects.filter(pk=identifier, account=account).delete()


def form_context(form: HeldForm) -> bytes:
    """What a held form is bound to."""
    return f"held-form:{form.pk}:{form.account_id}".encode()
