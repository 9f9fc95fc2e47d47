"""Signing in through OpenID Connect: with a real provider, then with answers that no honest one would give."""

from __future__ import annotations

import base64
import hmac
import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from nomade.accounts.actions import lock
from nomade.accounts.directories import oidc
from nomade.accounts.directories.models import Identity
from nomade.accounts.directories.testing import oidc_provider, person_at_provider
from nomade.accounts.directories.views import COOKIE
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.testing import code_of, give_totp
from nomade.accounts.models import Account, Session
from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

BACK = "https://nomades.ville.localhost:8443/connexion/annuaire/retour/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider(BACK) as issuer:
        yield issuer


@pytest.fixture
def chosen(db: None, settings: Any) -> Any:
    """Chooses an issuer: `chosen(issuer)`."""

    def choose(issuer: str, **more: Any) -> None:
        settings.NOMADE = replace(
            settings.NOMADE,
            oidc_issuer=issuer,
            oidc_client_id="nomade",
            oidc_client_secret="secret-of-the-tests",
            **more,
        )

    oidc.forget()
    yield choose
    oidc.forget()


@pytest.fixture
def account(db: None) -> Account:
    return make_account(make_agent(login="camille.durand@paris.fr"))


def go(client: Client, login: str) -> str:
    """Leaves for the provider, signs in there, and gives the path that leads back."""
    away = client.get("/connexion/annuaire/?suite=/compte/")
    assert away.status_code == 302
    parts = urlsplit(person_at_provider(away["Location"], login))
    return f"{parts.path}?{parts.query}"


def test_the_provider_opens_the_portal_and_then_owns_the_password(provider: str, chosen: Any, account: Account) -> None:
    chosen(provider)
    client = client_on("portal")
    assert client.get(go(client, account.login))["Location"] == "/compte/"
    assert client.get("/compte/").status_code == 200
    identity = Identity.objects.get()
    assert (identity.issuer, identity.subject) == (provider, account.login)
    account.refresh_from_db()
    assert not account.has_usable_password()
    again = client_on("portal").post("/connexion/", {"login": account.login, "password": PASSWORD})
    assert again.status_code == 422
    second = client_on("portal")
    assert second.get(go(second, account.login)).status_code == 302
    assert Identity.objects.count() == 1
    events = AuditEvent.objects.filter(subject_id=account.agent_id).values_list("event", flat=True)
    assert {"directory.linked", "sign_in.accepted", "sign_in.refused"} <= set(events)


def test_after_the_sign_out_the_session_at_the_provider_is_left_too(
    provider: str, chosen: Any, account: Account
) -> None:
    chosen(provider)
    client = client_on("portal")
    client.get(go(client, account.login))
    client.post("/deconnexion/")
    assert "Quitter aussi l’annuaire" in client.get("/a-bientot/").content.decode()
    away = urlsplit(client.get("/connexion/annuaire/fin/")["Location"])
    asked = parse_qs(away.query)
    assert f"{away.scheme}://{away.netloc}" == provider
    assert asked["post_logout_redirect_uri"] == [BACK.replace("/connexion/annuaire/retour/", "/a-bientot/")]
    claims = json.loads(base64.urlsafe_b64decode(asked["id_token_hint"][0].split(".")[1] + "=="))
    assert claims["sub"] == account.login
    # The provider takes our address and our hint; a browser with a session there is asked to agree.
    with urllib.request.urlopen(away.geturl(), timeout=10) as answer:  # on loopback
        assert "Submitting Callback" in answer.read().decode()
    # The hint served once; without it the provider asks who leaves.
    assert "id_token_hint" not in client.get("/connexion/annuaire/fin/")["Location"]


def test_the_hint_of_one_person_never_follows_another_and_survives_the_second_factor(
    provider: str, chosen: Any, account: Account
) -> None:
    chosen(provider)
    secret, client = give_totp(account), client_on("portal", REMOTE_ADDR="203.0.113.7")
    client.get(go(client, account.login))
    client.post("/connexion/second-facteur/", {"code": code_of(secret)})
    assert client.session.get("directory_token")
    other = make_account(make_agent())
    client.post("/connexion/", {"login": other.login, "password": PASSWORD}, REMOTE_ADDR="127.0.0.1")
    assert "directory_token" not in client.session
    client.post("/deconnexion/")
    assert "__Host-annuaire-fin" not in client.cookies


def test_leaving_a_provider_that_is_down_or_not_set_says_so(chosen: Any, account: Account) -> None:
    assert client_on("portal").get("/connexion/annuaire/fin/").status_code == 404
    assert "Quitter aussi" not in client_on("portal").get("/a-bientot/").content.decode()
    chosen("http://127.0.0.1:1")
    assert client_on("portal").get("/connexion/annuaire/fin/").status_code == 503


def test_step_up_goes_through_the_provider_and_keeps_the_form(provider: str, chosen: Any, account: Account) -> None:
    chosen(provider)
    client = client_on("portal")
    client.get(go(client, account.login))
    Session.objects.update(authenticated_at=now() - timedelta(minutes=11))
    asked = client.post("/compte/securite/appareils/deconnecter/", {"tous": "oui"})["Location"]
    page = client.get(asked).content.decode()
    assert "Mot de passe" not in page and "Confirmer par l’annuaire" in page
    away = unescape(page.partition('href="/connexion/annuaire/')[2].partition('"')[0])
    leaving = client.get("/connexion/annuaire/" + away)
    assert "prompt=login" in leaving["Location"]
    parts = urlsplit(person_at_provider(leaving["Location"], account.login))
    back = client.get(f"{parts.path}?{parts.query}")["Location"]
    assert back == asked
    held = back.partition("formulaire=")[2]
    assert 'name="formulaire"' in client.get(back).content.decode()
    resumed = client.post("/connexion/confirmation/", {"formulaire": held}).content.decode()
    assert 'action="/compte/securite/appareils/deconnecter/"' in resumed


def test_step_up_by_somebody_else_at_the_provider_is_refused(provider: str, chosen: Any, account: Account) -> None:
    other = make_account(make_agent(login="mehdi.benali@paris.fr"))
    chosen(provider)
    client = client_on("portal")
    client.get(go(client, account.login))
    Session.objects.update(authenticated_at=now() - timedelta(minutes=11))
    leaving = client.get("/connexion/annuaire/?encore=oui&suite=/compte/")
    parts = urlsplit(person_at_provider(leaving["Location"], other.login))
    assert client.get(f"{parts.path}?{parts.query}").status_code == 403
    assert client.get("/compte/securite/facteurs/cle/")["Location"].startswith("/connexion/confirmation/")


def test_the_return_serves_once_and_in_the_browser_that_left(provider: str, chosen: Any, account: Account) -> None:
    chosen(provider)
    client = client_on("portal")
    back = go(client, account.login)
    assert client_on("portal").get(back).status_code == 403
    stranger = client_on("portal")
    stranger.get("/connexion/annuaire/")
    assert stranger.get(back).status_code == 403
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403  # the cookie is gone, and the code is used up
    assert not AuditEvent.objects.filter(event="sign_in.accepted").exclude(subject_id=account.agent_id).exists()


def test_a_locked_unknown_or_unverified_person_is_refused_with_one_sentence(
    provider: str, chosen: Any, account: Account
) -> None:
    chosen(provider)
    lock(account, actor=None, reason="essai")
    for login in (account.login, "inconnu@paris.fr"):
        client = client_on("portal")
        answer = client.get(go(client, login))
        assert answer.status_code == 403 and "n’a pas permis d’ouvrir votre compte" in answer.content.decode()
        assert client.get("/compte/").status_code == 302
    other = make_account(make_agent(login="hugo.faure@paris.fr"))
    client = client_on("portal")
    assert client.get(go(client, f"{other.login}+unverified")).status_code == 403


def test_somebody_who_refuses_at_the_provider_comes_back_to_a_sentence(chosen: Any, provider: str) -> None:
    chosen(provider)
    client = client_on("portal")
    away = parse_qs(urlsplit(client.get("/connexion/annuaire/")["Location"]).query)
    answer = client.get(f"/connexion/annuaire/retour/?error=access_denied&state={away['state'][0]}")
    assert answer.status_code == 403 and "access_denied" not in answer.content.decode().split("<footer")[0]
    assert AuditEvent.objects.get(event="directory.refused").facts["why"] == "provider: access_denied"


def test_when_the_provider_is_down_local_accounts_go_on(chosen: Any, account: Account) -> None:
    chosen("http://127.0.0.1:1")
    answer = client_on("portal").get("/connexion/annuaire/")
    assert answer.status_code == 503 and "ne répond pas" in answer.content.decode()
    client = client_on("portal")
    assert "Se connecter avec l’annuaire" in client.get("/connexion/").content.decode()
    assert client.post("/connexion/", {"login": account.login, "password": PASSWORD}).status_code == 302


def test_without_a_provider_its_addresses_do_not_exist(account: Account) -> None:
    client = client_on("portal")
    assert client.get("/connexion/annuaire/").status_code == 404
    assert client.get("/connexion/annuaire/retour/").status_code == 404
    assert "annuaire" not in client.get("/connexion/").content.decode()


def test_the_request_carries_pkce_state_and_nonce_and_the_cookie_is_lax(chosen: Any, provider: str) -> None:
    chosen(provider, oidc_acr=("eidas2",))
    answer = client_on("portal").get("/connexion/annuaire/?suite=//evil.example")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["code_challenge_method"] == ["S256"] and query["redirect_uri"] == [BACK]
    assert query["acr_values"] == ["eidas2"] and len(query["nonce"][0]) >= 40 and len(query["state"][0]) >= 40
    assert query["nonce"] != query["state"]
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 600


ISSUER = "https://annuaire.example"
KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}), RSAKey.generate_key(2048, {"kid": "a"})
US = oidc.Client(ISSUER, "nomade", "secret", BACK, ("openid",), ("RS256", "ES256", "HS256", "none"), ("eidas2",))
GOOD = {"iss": ISSUER, "sub": "s", "aud": "nomade", "nonce": "n", "acr": "eidas2"}


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider whose key is `KEY`."""
    answers = {
        f"{ISSUER}/.well-known/openid-configuration": {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"},
        f"{ISSUER}/keys": KeySet([KEY]).as_dict(private=False),
    }

    def ask(_client: oidc.Client, address: str, *_rest: Any) -> tuple[bytes, str]:
        return json.dumps(answers[address]).encode(), "application/json"

    monkeypatch.setattr(oidc, "_ask", ask)
    oidc.forget()


def token(*, key: Any = KEY, algorithm: str = "RS256", **changed: Any) -> str:
    claims = {**GOOD, "exp": int(time.time()) + 60, "iat": int(time.time()), **changed}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": "a"}, claims, key, algorithms=[algorithm])


def test_an_honest_token_is_believed(published: None) -> None:
    assert oidc.verified(US, token(), "n")["sub"] == "s"
    assert oidc.verified(US, token(aud=["nomade", "x"], azp="nomade"), "n")["sub"] == "s"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://annuaire.example.evil"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other", "x"]},
        {"aud": ["nomade", "x"]},
        {"azp": "other"},
        {"nonce": "other"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "9999999999"},
        {"iat": 1},
        {"iat": 9_999_999_999},
        {"sub": ""},
        {"sub": 3},
        {"acr": "eidas1"},
        {"acr": None},
    ],
    ids=str,
)
def test_a_token_with_one_wrong_claim_is_refused(published: None, changed: dict[str, Any]) -> None:
    with pytest.raises(oidc.Refused, match="claims"):
        oidc.verified(US, token(**changed), "n")


def _signed_by_hand(body: str, key: bytes) -> str:
    """The public key of the provider, taken for a shared secret: the oldest trick against JWT."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"a"}').rstrip(b"=").decode()
    signature = hmac.digest(key, f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def test_a_token_signed_by_nobody_by_another_or_by_our_own_secret_is_refused(published: None) -> None:
    head, body, _signature = token().split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    public = KEY.as_pem(private=False)
    with_public_key = _signed_by_hand(body, public)
    with_secret = token(key=OctKey.import_key(b"secret" * 6), algorithm="HS256")
    stripped = f"{head}.{body}."
    for forged in (token(key=OTHER_KEY), unsigned, with_public_key, with_secret, stripped, "", "a.b.c", "x"):
        with pytest.raises(oidc.Refused, match="signature"):
            oidc.verified(US, forged, "n")


def test_an_algorithm_that_is_not_on_the_list_is_refused(published: None) -> None:
    with pytest.raises(oidc.Refused, match="signature"):
        oidc.verified(replace(US, algorithms=("ES256",)), token(), "n")


@pytest.mark.django_db
def test_the_same_address_or_subject_from_another_issuer_is_nobody(account: Account, rf: Any) -> None:
    from nomade.accounts.directories.actions import enter

    Identity.objects.create(issuer=ISSUER, subject="s", account=account)
    request = rf.get("/")
    stolen = {"iss": "https://evil.example", "sub": "s", "email": account.login, "email_verified": True}
    assert enter(request, oidc.Arrival(stolen, "", oidc.Tokens())) is None
    renamed = {"iss": ISSUER, "sub": "another", "email": account.login, "email_verified": True}
    assert enter(request, oidc.Arrival(renamed, "", oidc.Tokens())) is None


def test_an_issuer_that_answers_under_another_name_or_without_tls_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    oidc.forget()
    with pytest.raises(oidc.Unreachable, match="TLS"):
        oidc.authorization_address(replace(US, issuer="http://annuaire.example"), oidc.Trip("s", "n", "v"))
    monkeypatch.setattr(oidc, "_ask", lambda *_: (b'{"issuer": "https://evil.example"}', ""))
    with pytest.raises(oidc.Unreachable, match="another issuer"):
        oidc.authorization_address(US, oidc.Trip("s", "n", "v"))
