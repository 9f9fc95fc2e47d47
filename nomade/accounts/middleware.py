"""Who is asking: session, account, agent; and the rule that nothing opens without a sign-in unless it says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from nomade.accounts import first_steps
from nomade.accounts.handover import ARRIVALS, ask_portal
from nomade.accounts.models import Account
from nomade.accounts.passwords import provisional
from nomade.accounts.sessions import SessionStore, touch
from nomade.kernel.http import PortalRequest, Zone, is_fragment
from nomade.kernel.readonly import allow_writes

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


class AgentMiddleware:
    """Puts `user`, `account` and `agent` on the request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: self._user(request))  # type: ignore[assignment]
        return self.get_response(request)

    def _user(self, request: HttpRequest) -> Account | AnonymousUser:
        """Who came with the session's row; Django decides of the rest (a key that was rotated, a session to end)."""
        return cast(SessionStore, request.session).account() or get_user(request)


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
        account = request.user
        request.account = account  # type: ignore[attr-defined]
        request.agent = account.agent  # type: ignore[attr-defined]
        self._note_activity(request)
        if account.password_is_provisional and self._out_of_time(request, account):
            return self._sign_in(request)
        if not getattr(view, "provisional_password_allowed", False) and first_steps.current(request, account):
            return HttpResponseRedirect(first_steps.address(request, account))
        return None

    def _out_of_time(self, request: PortalRequest, account: Account) -> bool:
        """Ends a session whose provisional password has opened for long enough."""
        row = cast(SessionStore, request.session).row
        if row is None or not provisional.time_is_over(account, row.started_at):
            return False
        with allow_writes("session"):
            request.session.flush()
        return True

    def _note_activity(self, request: PortalRequest) -> None:
        """What the page asks by itself (marked `X-Background`) does not prolong the session."""
        row = cast(SessionStore, request.session).row
        if row is not None and "X-Background" not in request.headers:
            with allow_writes("session"):
                touch(row)

    def _sign_in(self, request: PortalRequest) -> HttpResponse:
        if request.host_role in ARRIVALS:
            return ask_portal(request)
        wanted = request.get_full_path() if request.method == "GET" and not is_fragment(request) else "/"
        address = reverse("accounts:sign-in") + ("?" + urlencode({"suite": wanted}) if wanted != "/" else "")
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
