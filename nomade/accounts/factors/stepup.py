"""Step-up: a sensitive act asks who is there again, unless that was proved a few minutes ago.

What was sent meanwhile is kept sealed and sent again afterwards. A trusted browser never counts as a proof here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve, reverse

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


def is_fresh(account: Account, row: Session, *, after: datetime | None = None) -> bool:
    """Whether who is there was proved a few minutes ago (and since `after`), with the second factor if there is one."""
    age = timedelta(minutes=settings.NOMADE.step_up_minutes)
    if row.authenticated_at is None or now() - row.authenticated_at > age:
        return False
    if after is not None and row.authenticated_at < after:
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


def gives_a_file(*, then: str) -> Callable[[View], View]:
    """Marks a view that answers by a file to keep, and names the page that says what is to be done with it.

    The two take the same arguments.
    """

    def marked(view: View) -> View:
        view.page_after_file = then  # type: ignore[attr-defined]
        return view

    return marked


def page_after_file(path: str) -> str:
    """The page to open once the file that a form asked for is kept; nothing for a form that a page answers."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return ""
    name = getattr(found.func, "page_after_file", "")
    return reverse(name, args=found.args, kwargs=found.kwargs) if name else ""


def ask_proof_of(request: HttpRequest, purpose: str, *, after: datetime) -> HttpResponse | None:
    """For an act whose proof must be about it: None when identity was proved since `after` (the moment when what is
    confirmed was put on the screen), else the page that asks for it and says `purpose`. The form sent is kept.
    """
    account, row = cast(Account, request.user), cast(SessionStore, request.session).row
    if row is not None and is_fresh(account, row, after=after):
        return None
    return _ask(request, account, purpose=purpose, after=after)


def _ask(request: HttpRequest, account: Account, *, purpose: str = "", after: datetime | None = None) -> HttpResponse:
    query = {"suite": request.get_full_path()}
    if request.method == "POST" and not request.FILES:
        query = {"formulaire": str(_hold(request, account, purpose, after))}
    address = reverse("accounts:confirm") + "?" + urlencode(query)
    if is_fragment(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)


def _hold(request: HttpRequest, account: Account, purpose: str, after: datetime | None) -> uuid.UUID:
    kept = request.POST.copy()
    kept.pop("csrfmiddlewaretoken", None)
    body = kept.urlencode().encode()
    if len(body) > LONGEST_FORM:
        body = b""
    form = HeldForm(
        account=account,
        path=request.get_full_path()[:2000],
        expires_at=now() + HELD_FOR,
        purpose=purpose,
        proof_after=after,
    )
    form.sealed_body = seal(body, context=form_context(form))
    form.save()
    return form.pk


def waiting_form(account: Account, identifier: str) -> HeldForm | None:
    """A form that this agent sent and that waits for a proof, or None."""
    try:
        key = uuid.UUID(identifier)
    except ValueError:
        return None
    return HeldForm.objects.filter(pk=key, account=account, expires_at__gt=now()).first()


def held_form(account: Account, identifier: uuid.UUID) -> tuple[str, list[tuple[str, str]]] | None:
    """(address, fields) of a form that this agent sent and that waits, or None."""
    form = waiting_form(account, str(identifier))
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
