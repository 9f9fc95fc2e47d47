"""Who is asking: session, account, agent; and the rule that nothing opens without a sign-in unless it says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from nomade.accounts import first_steps
from nomade.accounts.factors.gate import Stage, access_of
from nomade.accounts.factors.seen import reason_of_end
from nomade.accounts.handover import ARRIVALS, ask_portal
from nomade.accounts.models import Account, EndReason, Session
from nomade.accounts.passwords import provisional
from nomade.accounts.passwords.renewal import is_due
from nomade.accounts.sessions import HOST_KEY, SessionStore, touch
from nomade.kernel.hosts import origin
from nomade.kernel.http import PortalRequest, Zone, is_fragment
from nomade.kernel.pages import render
from nomade.kernel.readonly import allow_writes
from nomade.kernel.registry import closed_by, service_at
from nomade.people.teams import remember

# What no gate closes: the account's own pages, what the portal says to everybody.
OUR_NAMESPACES = {"accounts", "notifications", "ui"}
Next = Callable[[HttpRequest], HttpResponseBase]


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, without any session on the content host, which must stay without cookies."""

    def process_request(self, request: HttpRequest) -> None:
        if cast(PortalRequest, request).host_role == "content":
            request.session = SessionStore()
            return
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if cast(PortalRequest, request).host_role == "content":
            return response
        with allow_writes("session"):
            try:
                return super().process_response(request, response)
            except UpdateError:  # signed out from another tab while this request ran
                response.delete_cookie("__Host-session")
                return response


def _user_of(request: HttpRequest) -> Any:
    """Who came with the session's row. While a second factor is awaited, nobody did: every check fails closed.

    Django decides of the rest (a key that was rotated, a session to end).
    """
    store, host = cast(SessionStore, request.session), cast(PortalRequest, request).host_role
    if store.get(HOST_KEY, host) != host:  # a cookie that was carried from one host to another
        return AnonymousUser()
    user: Any = store.account()
    if user is None:
        with allow_writes("session"):  # a session whose password or key was changed is ended as it comes
            user = get_user(request)
    row = store.row
    if row is None or not row.pending:
        return user
    request.half_signed_in = user if user.is_authenticated else None  # type: ignore[attr-defined]
    return AnonymousUser()


class AgentMiddleware:
    """Puts `user`, `account` and `agent` on the request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]
        return self.get_response(request)


class SignInRequiredMiddleware:
    """Closes every view but those marked `@public`, and the support host outside the professional networks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, plain: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        request = cast(PortalRequest, plain)
        if request.host_role == "support" and request.zone is not Zone.PROFESSIONAL:
            raise Http404
        if not getattr(view, "login_required", True):
            return None
        if request.host_role == "content":
            raise Http404
        if not request.user.is_authenticated:
            return self._sign_in(request)
        account, row = request.user, cast(SessionStore, request.session).row
        if row is None:
            return self._sign_in(request)
        access = access_of(request, account, row)
        if access.leaver and localdate(row.started_at) <= cast(date, account.agent.exit_date):
            return self._end_of_duty(request, row)
        request.access = access  # type: ignore[attr-defined]
        request.account = account  # type: ignore[attr-defined]
        request.agent = account.agent  # type: ignore[attr-defined]
        remember(account.agent)
        self._note_activity(request, row)
        if account.password_is_provisional and self._out_of_time(request, account, row):
            return self._sign_in(request)
        return self._redirected(request, account, row, view) or self._explained(request, view)

    def _redirected(
        self, request: PortalRequest, account: Account, row: Session, view: Callable[..., Any]
    ) -> HttpResponse | None:
        """The page that comes first: the factor that exists, a first sign-in, the factor to make, an old password."""
        stage = request.access.stage  # type: ignore[attr-defined]
        if stage is Stage.ASK:
            return self._lead(request, "accounts:second-factor")
        if not getattr(view, "provisional_password_allowed", False) and first_steps.current(request, account):
            return HttpResponseRedirect(first_steps.address(request, account))
        if stage is Stage.ENROL and not getattr(view, "opens_without_factor", False):
            newcomer = getattr(view, "provisional_password_allowed", False)
            return None if newcomer else self._lead(request, "accounts:factors")
        if is_due(account, row) and not (
            getattr(view, "opens_with_an_old_password", False) or getattr(view, "provisional_password_allowed", False)
        ):
            return self._lead(request, "accounts:security")
        return None

    def _out_of_time(self, request: PortalRequest, account: Account, row: Session) -> bool:
        """Ends a session whose provisional password has opened for long enough."""
        if not provisional.time_is_over(account, row.started_at):
            return False
        with allow_writes("session"):
            Session.objects.filter(pk=row.pk).end(EndReason.PROVISIONAL)
        cast(SessionStore, request.session).forget()
        return True

    def _explained(self, request: PortalRequest, view: Callable[..., Any]) -> HttpResponse | None:
        """What is closed to this request says why, and where it opens."""
        match = request.resolver_match
        namespace = match.namespaces[0] if match and match.namespaces else ""
        access = request.access  # type: ignore[attr-defined]
        if getattr(view, "needs_factor_outside", False) and access.stage is Stage.GRACE:
            return render(
                request, "accounts/closed.html", {"service": None, "reason": "factor", "access": access}, status=403
            )
        if namespace in OUR_NAMESPACES:
            return None
        service = service_at(namespace)
        reason = closed_by(request, service)
        if not reason:
            return None
        context = {"service": service, "reason": reason, "access": access}
        return render(request, "accounts/closed.html", context, status=403)

    def _end_of_duty(self, request: PortalRequest, row: Session) -> HttpResponse:
        """Somebody left while signed in: every session ends, the next one is that of the limited account."""
        with allow_writes("session"):
            Session.objects.filter(account=row.account_id).end(EndReason.EXIT)
        cast(SessionStore, request.session).forget()
        return self._sign_in(request)

    def _note_activity(self, request: PortalRequest, row: Session) -> None:
        """What the page asks by itself (marked `X-Background`) does not prolong the session."""
        if "X-Background" not in request.headers:
            with allow_writes("session"):
                touch(row)

    def _sign_in(self, request: PortalRequest) -> HttpResponse:
        if request.host_role in ARRIVALS:
            return ask_portal(request)
        if getattr(request, "half_signed_in", None) is not None:
            return self._lead(request, "accounts:second-factor")
        ended = reason_of_end(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
        return self._lead(request, "accounts:sign-in", ended)

    def _lead(self, request: PortalRequest, view: str, ended: str = "") -> HttpResponse:
        """To a page of the portal, then back to where one was going; `ended`: why the session is over."""
        wanted = request.get_full_path() if request.method == "GET" and not is_fragment(request) else "/"
        query = ({"suite": wanted} if wanted != "/" else {}) | ({"fin": ended} if ended else {})
        address = reverse(view) + ("?" + urlencode(query) if query else "")
        if request.host_role in ARRIVALS:
            address = origin("portal") + reverse(view)
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
