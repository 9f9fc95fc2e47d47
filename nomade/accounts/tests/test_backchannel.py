"""The directory says itself that somebody left it: a real provider calls, then calls that no honest one would make."""

from __future__ import annotations

import json
import queue
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from nomade.accounts.directories import oidc
from nomade.accounts.directories.backchannel import EVENT
from nomade.accounts.directories.models import Identity
from nomade.accounts.directories.testing import leave_provider, oidc_provider, person_at_provider
from nomade.accounts.factories import make_account
from nomade.accounts.models import Account, Session
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
BACK = "https://nomades.ville.localhost:8443/connexion/annuaire/retour/"
TOLD = "/connexion/annuaire/deconnexion/"
ISSUER = "https://annuaire.example"
KEY = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "a"})


@pytest.fixture
def account() -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


@pytest.fixture
def chosen(settings: Any) -> Iterator[Any]:
    def choose(issuer: str) -> None:
        settings.NOMADE = replace(
            settings.NOMADE, oidc_issuer=issuer, oidc_client_id="nomade", oidc_client_secret="secret-of-the-tests"
        )

    oidc.forget()
    yield choose
    oidc.forget()


@pytest.fixture
def calls() -> Iterator[tuple[str, queue.Queue[str]]]:
    """Where a provider calls, and the tokens that it brings."""
    brought: queue.Queue[str] = queue.Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            brought.put(urllib.parse.parse_qs(form)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", brought
    server.shutdown()
    thread.join()
    server.server_close()


def _come_in(login: str) -> tuple[Client, CookieJar]:
    client, cookies = client_on("portal"), CookieJar()
    away = client.get("/connexion/annuaire/")["Location"]
    parts = urlsplit(person_at_provider(away, login, cookies))
    assert client.get(f"{parts.path}?{parts.query}").status_code == 302
    return client, cookies


def test_who_leaves_the_directory_is_signed_out_there_and_nowhere_else(
    calls: tuple[str, queue.Queue[str]], chosen: Any, account: Account
) -> None:
    where, brought = calls
    with oidc_provider(BACK, told_at=where) as issuer:
        chosen(issuer)
        at_work, cookies = _come_in(account.login)
        on_phone, _kept = _come_in(account.login)
        account.refresh_from_db()  # the directory has erased its password
        by_passkey = client_of(account, factor="passkey")
        other = make_account(make_agent(login="mehdi.benali@paris.fr"))
        colleague, _theirs = _come_in(other.login)
        leave_provider(issuer, cookies)
        token = brought.get(timeout=10)
        assert client_on("portal").post(TOLD, {"logout_token": token}).status_code == 200
    assert at_work.get("/compte/").status_code == 302
    assert [client.get("/compte/").status_code for client in (on_phone, by_passkey, colleague)] == [200, 200, 200]
    told = AuditEvent.objects.get(event="session.ended")
    assert (told.subject_id, told.facts["reason"]) == (account.agent_id, "directory")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, chosen: Any) -> list[str]:
    """A provider whose key is `KEY`; gives the list of what it was asked."""
    answers = {
        f"{ISSUER}/.well-known/openid-configuration": {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"},
        f"{ISSUER}/keys": KeySet([KEY]).as_dict(private=False),
    }
    asked: list[str] = []

    def ask(_client: oidc.Client, address: str, *_rest: Any) -> tuple[bytes, str]:
        asked.append(address)
        return json.dumps(answers[address]).encode(), "application/json"

    monkeypatch.setattr(oidc, "_ask", ask)
    chosen(ISSUER)
    return asked


@pytest.fixture
def inside(account: Account) -> Client:
    """Somebody whom the directory, under the name « s », session « one », let in."""
    Identity.objects.create(issuer=ISSUER, subject="s", account=account)
    return _opened_by_directory(account, "one")


def _opened_by_directory(account: Account, session: str) -> Client:
    client = client_of(account)
    held = client.session
    held["directory_token"] = jwt.encode({"alg": "RS256"}, {"sub": "s", "sid": session}, KEY)
    held.save()
    return client


def token(key: Any = KEY, **changed: Any) -> str:
    claims = {"iss": ISSUER, "aud": "nomade", "iat": int(time.time()), "exp": int(time.time()) + 60, "jti": "1"}
    claims |= {"sub": "s", "sid": "one", "events": {EVENT: {}}, **changed}
    return jwt.encode(
        {"alg": "RS256", "kid": "a", "typ": "logout+jwt"}, {k: v for k, v in claims.items() if v is not None}, key
    )


def _told(text: str) -> int:
    return int(client_on("portal", enforce_csrf_checks=True).post(TOLD, {"logout_token": text}).status_code)


@pytest.mark.parametrize("changed", [{}, {"sub": None}, {"sid": None}, {"aud": ["x", "nomade"]}], ids=str)
def test_an_honest_call_ends_the_session(published: list[str], inside: Client, changed: dict[str, Any]) -> None:
    assert _told(token(**changed)) == 200
    assert inside.get("/compte/").status_code == 302


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"iat": 1},
        {"iat": None},
        {"iat": 9_999_999_999},
        {"exp": 1},
        {"events": None},
        {"events": {"other": {}}},
        {"events": EVENT},
        {"nonce": "n"},
        {"jti": None},
        {"sub": None, "sid": None},
        {"sub": ["s"]},
    ],
    ids=str,
)
def test_a_call_with_one_wrong_claim_ends_nothing(
    published: list[str], inside: Client, changed: dict[str, Any]
) -> None:
    assert _told(token(**changed)) == 400
    assert inside.get("/compte/").status_code == 200
    assert AuditEvent.objects.get(event="directory.refused").facts["why"].startswith("logout: ")


def test_a_call_signed_by_somebody_else_ends_nothing_and_asks_the_provider_no_more(
    published: list[str], inside: Client
) -> None:
    assert _told(token()) == 200
    asked = len(published)
    for forged in (token(OTHER_KEY, jti="2"), "", "a.b.c", token().rpartition(".")[0] + "."):
        assert _told(forged) == 400
    assert len(published) == asked, "not every stranger makes us call"


def test_a_call_serves_once(published: list[str], inside: Client, account: Account) -> None:
    brought = token(sid=None)
    assert _told(brought) == 200
    back = _opened_by_directory(account, "two")
    assert _told(brought) == 400
    assert back.get("/compte/").status_code == 200


def test_every_host_of_the_sign_in_ends(published: list[str], inside: Client, account: Account) -> None:
    family = Session.objects.get().family
    webmail = client_of(account, "webmail", family=family)
    assert _told(token()) == 200
    assert not Session.objects.living().exists()
    assert webmail.get("/").status_code == 302


def test_without_a_provider_or_with_one_that_is_down_nothing_ends(
    chosen: Any, account: Account, inside: Client
) -> None:
    assert _told(token()) == 404
    chosen("http://127.0.0.1:1")
    assert _told(token()) == 503
    assert inside.get("/compte/").status_code == 200
