"""What holds for every address of the portal, whoever wrote the view."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from nomade.accounts.factories import make_account
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.hosts import URLCONFS
from nomade.kernel.http import HostRole
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db

# Everybody may open these without signing in. A new line here is a decision of the whole team.
OPEN_TO_ALL = {
    "nomade.config.urls.health": {"live", "ready"},
    "nomade.config.urls.violations": {"report"},
    "nomade.accounts.views": {"sign_in", "sign_out", "signed_out", "hand_over_arrival"},
    "nomade.accounts.directories.views": {"leave", "come_back"},
    "nomade.accounts.directories.backchannel": {"left_directory"},  # by a token that the provider signed
    "nomade.accounts.directories.leaving": {"leave_directory"},  # after the sign-out, when nobody is signed in any more
    "nomade.accounts.lockout.views": {"open_device"},
    "nomade.accounts.channel.views": {"confirm"},  # opened by a signed link, from any mailbox
    "nomade.accounts.factors.views.door": {"passkey_options", "passkey_sign_in", "second_factor"},
    "nomade.accounts.factors.views.lost": {"lost", "proofs", "link", "new"},  # a lost password is lost at the door
    "nomade.ui.views": {"manifest", "brand", "choose_theme", "accessibility", "personal_data", "help_page"},
    # Help and reports, for those who cannot sign in.
    "nomade.support.views.help": {"index", "guide"},
    "nomade.support.views.reports": {"report"},
    "nomade.ui.style_guide": {"index", "error", "amount"},  # development only
    # A calendar program shows a secret of 32 bytes, and gets dates under the word « Absence ».
    "nomade.leave.views.agenda": {"feed"},
    # Whoever holds a certificate checks it; without a right code it shows nothing of anybody.
    "nomade.certificates.views.check": {"check"},
    # The set-up assistant: only while there is no account, and behind the code that the terminal shows.
    "nomade.administration.views.setup": {"code", "organisation", "hosts", "administrator"},
}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": str(uuid.UUID(int=7))}


def _patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern).lstrip("^/").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield _filled(route, entry), entry.callback


def _filled(route: str, entry: URLPattern) -> str:
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, SAMPLES.get(kind, "x"))
    return route


def _addresses(role: HostRole) -> list[tuple[str, Any]]:
    return list(_patterns(get_resolver(URLCONFS[role])))


@pytest.mark.parametrize("role", ["portal", "webmail", "content", "support"])
def test_every_address_is_closed_unless_it_is_on_the_list(role: HostRole) -> None:
    if role == "content":  # opened by a signed address only; its own tests try forged, late and foreign ones
        return
    surprising = {
        f"{view.__module__}.{view.__name__}"
        for _address, view in _addresses(role)
        if getattr(view, "login_required", True) is False
        and view.__name__ not in OPEN_TO_ALL.get(view.__module__, set())
    }
    assert not surprising


@pytest.mark.parametrize("role", ["portal", "webmail", "support"])
def test_without_a_session_a_closed_address_shows_nothing(role: HostRole) -> None:
    client = client_on(role)
    for address, view in _addresses(role):
        if getattr(view, "login_required", True):
            answer = client.get(address)
            assert answer.status_code in (302, 404), (address, answer.status_code)


def test_a_post_without_the_token_is_refused_everywhere() -> None:
    account = make_account(make_agent())
    signed_in = client_of(account)
    strict = client_on("portal", enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    for address, _view in _addresses("portal"):
        answer = strict.post(address, {"x": "1"})
        if address == "/securite/csp":  # a browser's report carries no token, and only a line of the log comes of it
            assert answer.status_code == 400
            continue
        assert answer.status_code in (403, 404, 405), (address, answer.status_code)


def test_opening_every_page_twice_changes_no_row() -> None:
    client = client_of(make_account(make_agent()))

    def counts() -> dict[str, int]:
        with connection.cursor() as cursor:
            names = [name for name in connection.introspection.table_names(cursor) if not name.startswith("pg_")]
            found = {}
            for name in names:
                cursor.execute(f'SELECT count(*) FROM "{name}"')  # names come from the catalogue
                found[name] = cursor.fetchone()[0]
        return {name: count for name, count in found.items() if name not in WRITTEN_BY_READING}

    before = counts()
    for _round in range(2):
        for address, _view in _addresses("portal"):
            status = client.get(address).status_code
            assert status < 500 or status == 503, (address, status)
    assert counts() == before


# The journal notes who read what; a hand-over ticket is made for one click.
WRITTEN_BY_READING = {"kernel_auditevent", "accounts_handover"}


@pytest.mark.parametrize("address", ["/connexion/", "/", "/inconnue/", "/healthz"])
def test_every_answer_carries_the_security_headers(address: str) -> None:
    answer = client_on("portal").get(address)
    assert answer["Strict-Transport-Security"].startswith("max-age=63072000")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "Access-Control-Allow-Origin" not in answer


def test_an_unknown_host_is_refused() -> None:
    client = client_on("portal")
    assert client.get("/connexion/", headers={"host": "evil.example"}).status_code == 400


def test_the_support_host_does_not_exist_from_the_internet(settings: Any) -> None:
    client = client_on("support")
    assert client.get("/healthz").status_code == 200
    assert client.get("/healthz", REMOTE_ADDR="203.0.113.7").status_code == 404


def test_a_forged_forwarding_header_does_not_open_the_support_host() -> None:
    forged = {"X-Forwarded-For": "127.0.0.1"}
    assert client_on("support").get("/healthz", REMOTE_ADDR="203.0.113.7", headers=forged).status_code == 404
