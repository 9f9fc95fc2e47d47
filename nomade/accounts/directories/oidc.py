"""OpenID Connect, code flow with PKCE: what is sent to the provider, and what of its answer is believed.

Only the parts that we use, each checked (docs/adr/0023): exact issuer, audience and authorised party, nonce, an
allow-list of signatures, dates. No session, no row, no request of Django here.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

LARGEST_ANSWER = 1_000_000
KEPT_SECONDS = 600
# A key that we do not know makes us look again, so often at most.
AGAIN_SECONDS = 10
# Clocks of two machines.
LEEWAY_SECONDS = 60


class Unreachable(Exception):
    """The provider does not answer, or not as a provider: trying later may help."""


class Refused(Exception):
    """The answer is not believed; the text says why, for the journal, never for the page."""


@dataclass(frozen=True)
class Client:
    """Us, as the provider knows us."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: Sequence[str]
    algorithms: Sequence[str]
    acr: Sequence[str] = ()
    seconds: int = 3


@dataclass(frozen=True)
class Trip:
    """What one browser holds while it is at the provider's."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Tokens:
    """What the provider gave with the ID token: opens what it protects (a mailbox), `seconds` long (0: unsaid)."""

    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    seconds: int = 0


@dataclass(frozen=True)
class Arrival:
    """Who came back: what is believed of them, the ID token that says it, and what came with it."""

    claims: dict[str, Any]
    id_token: str
    tokens: Tokens


def authorization_address(client: Client, trip: Trip, *, again: bool = False) -> str:
    """Where to send the browser. `again` asks the provider to prove anew who is there. Raises Unreachable."""
    digest = hashlib.sha256(trip.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": " ".join(client.scopes),
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if client.acr:
        query["acr_values"] = " ".join(client.acr)
    if again:
        query |= {"prompt": "login", "max_age": "0"}
    return f"{_discovered(client)['authorization_endpoint']}?{urlencode(query)}"


def end_address(client: Client, hint: str, back: str) -> str:
    """Where a browser ends its session at the provider, or nothing when the provider has no such page."""
    address = str(_discovered(client).get("end_session_endpoint", ""))
    if not _is_safe(address):
        return ""
    query = {"client_id": client.client_id, "post_logout_redirect_uri": back, "state": secrets.token_urlsafe(16)}
    return f"{address}?{urlencode(query | ({'id_token_hint': hint} if hint else {}))}"


def arrival_of_answer(client: Client, trip: Trip, answer: Mapping[str, str], *, wanted: str) -> Arrival:
    """Who came back: the claims of the ID token, with `wanted` from the user endpoint when it lacks it; and the tokens.

    Raises Refused for an answer that is not for this trip, and Unreachable.
    """
    metadata = _discovered(client)
    if answer.get("state") != trip.state:
        raise Refused("state")
    if answer.get("iss", client.issuer) != client.issuer:  # RFC 9207
        raise Refused("issuer of the answer")
    if "error" in answer or not answer.get("code"):
        raise Refused(f"provider: {answer.get('error', 'no code')[:60]}")
    given = _exchange(client, metadata, answer["code"], trip.verifier)
    claims = verified(client, given.get("id_token", ""), trip.nonce)
    tokens = _tokens(given)
    if wanted not in claims and "userinfo_endpoint" in metadata:
        claims = _with_user(client, metadata, tokens.access, claims)
    return Arrival(claims, str(given["id_token"]), tokens)


def renewed(client: Client, refresh: str) -> Tokens:
    """Fresh tokens for a refresh token (RFC 6749 § 6). Raises Refused when it opens nothing more, and Unreachable."""
    address = str(_discovered(client)["token_endpoint"])
    tokens = _tokens(_posted(client, address, {"grant_type": "refresh_token", "refresh_token": refresh}))
    if not tokens.access:
        raise Refused("no access token")
    return tokens


def _tokens(given: Mapping[str, Any]) -> Tokens:
    seconds = given.get("expires_in")
    # Some providers write the number as text.
    known = int(seconds) if isinstance(seconds, int) or (isinstance(seconds, str) and seconds.isdecimal()) else 0
    return Tokens(str(given.get("access_token") or ""), str(given.get("refresh_token") or ""), known)


def verified(client: Client, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token once everything about it is as it must be. Raises Refused."""
    claims = signed(client, token)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    now = time.time()
    checks = {
        "iss": claims.get("iss") == client.issuer,
        "aud": client.client_id in audiences,
        "azp": claims.get("azp", client.client_id) == client.client_id and (len(audiences) == 1 or "azp" in claims),
        "nonce": bool(nonce) and claims.get("nonce") == nonce,
        "exp": instant(claims, "exp") > now - LEEWAY_SECONDS,
        "iat": now - 3600 < instant(claims, "iat") < now + LEEWAY_SECONDS,
        "sub": isinstance(claims.get("sub"), str) and 0 < len(str(claims.get("sub"))) <= 255,
        "acr": not client.acr or claims.get("acr") in client.acr,
    }
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        raise Refused("claims: " + ", ".join(wrong))
    return claims


def instant(claims: Mapping[str, Any], name: str) -> float:
    """A date of a token in seconds, or 0 where it has none."""
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def signed(client: Client, token: str) -> dict[str, Any]:
    """The payload of a token signed by the provider, by an algorithm of the list; `none` and HMAC are never on it."""
    allowed = [name for name in client.algorithms if name[:2] in ("RS", "PS", "ES", "Ed")]
    for fresh in (False, True):  # a key that we do not know may be a new one: look once more
        try:
            decoded = jwt.decode(token, _keys(client, fresh=fresh), algorithms=allowed)
        except (JoseError, ValueError) as error:
            if fresh:
                raise Refused(f"signature: {type(error).__name__}") from error
        else:
            return dict(decoded.claims)
    raise AssertionError("the second round returns or raises")


def _exchange(client: Client, metadata: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    return _posted(client, str(metadata["token_endpoint"]), form)


def _posted(client: Client, address: str, form: Mapping[str, str]) -> dict[str, Any]:
    """An exchange with the token endpoint, in our name."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    body, _kind = _ask(client, address, headers, urlencode(form).encode())
    return _json(body)


def _with_user(client: Client, metadata: Mapping[str, Any], token: str, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with those of the user endpoint, signed (ProConnect) or plain, if they are of the same subject."""
    body, kind = _ask(client, str(metadata["userinfo_endpoint"]), {"Authorization": f"Bearer {token}"})
    user = signed(client, body.decode()) if "jwt" in kind else _json(body)
    if user.get("sub") != claims["sub"]:
        raise Refused("another subject at the user endpoint")
    return {**user, **claims}


_kept: dict[tuple[str, str], tuple[float, Any]] = {}


def _discovered(client: Client) -> dict[str, Any]:
    """The provider's own description, kept a few minutes. Its issuer must be exactly ours."""
    kept = _kept.get((client.issuer, "metadata"))
    if kept and kept[0] > time.monotonic():
        return dict(kept[1])
    body, _kind = _ask(client, client.issuer.rstrip("/") + "/.well-known/openid-configuration")
    metadata = _json(body)
    if metadata.get("issuer") != client.issuer:
        raise Unreachable("another issuer answers there")
    _kept[client.issuer, "metadata"] = (time.monotonic() + KEPT_SECONDS, metadata)
    return metadata


def _keys(client: Client, *, fresh: bool) -> KeySet:
    kept = _kept.get((client.issuer, "keys"))
    present = time.monotonic()
    # Anybody may send us a token: not every wrong one makes us ask the provider.
    if kept and kept[0] - (KEPT_SECONDS - AGAIN_SECONDS if fresh else 0) > present:
        found: KeySet = kept[1]
        return found
    body, _kind = _ask(client, str(_discovered(client)["jwks_uri"]))
    try:
        keys = KeySet.import_key_set(_json(body))  # type: ignore[arg-type]  # checked by the library
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unreachable("keys that are none") from error
    _kept[client.issuer, "keys"] = (time.monotonic() + KEPT_SECONDS, keys)
    return keys


def forget() -> None:
    """Forgets what was kept of every provider."""
    _kept.clear()


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Unreachable("not JSON") from error
    if not isinstance(found, dict):
        raise Unreachable("not an object")
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        """A provider that sends our secret elsewhere is not followed."""


_opener = urllib.request.build_opener(_NoRedirect)


def _is_safe(address: str) -> bool:
    """Over TLS, unless it is on this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _ask(
    client: Client, address: str, headers: Mapping[str, str] = {}, body: bytes | None = None
) -> tuple[bytes, str]:  # never written
    """One exchange with the provider, over TLS unless it is on this very machine."""
    if not _is_safe(address):
        raise Unreachable("an address without TLS")
    request = urllib.request.Request(address, body, {"Accept": "application/json, application/jwt", **(headers or {})})  # noqa: S310
    try:
        with _opener.open(request, timeout=client.seconds) as answer:
            return answer.read(LARGEST_ANSWER), answer.headers.get_content_type()
    except urllib.error.HTTPError as error:
        if body is not None and error.code in (400, 401):
            raise Refused(f"token endpoint: {error.code}") from error
        raise Unreachable(f"status {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
