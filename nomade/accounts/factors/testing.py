"""A passkey in software, and sessions that come from outside, for tests."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from nomade.accounts.factors import totp
from nomade.accounts.factors.actions import secret_context
from nomade.accounts.models import Account, Authenticator
from nomade.kernel.clock import now
from nomade.kernel.encryption import seal
from nomade.kernel.hosts import origin

OUTSIDE = "203.0.113.7"
_PRESENT, _VERIFIED, _ATTESTED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV, AuthenticatorData.FLAG.AT


class SoftKey:
    """What a telephone does when a site asks for a passkey; each lie that it can tell is an option."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.identifier = secrets.token_bytes(32)
        self.count = 0

    def _client_data(self, kind: Any, options: dict[str, Any], asked_by: str) -> CollectedClientData:
        return CollectedClientData.create(
            type=kind, challenge=websafe_decode(options["challenge"]), origin=asked_by or origin("portal")
        )

    def create(self, options: dict[str, Any], *, asked_by: str = "", verified: bool = True) -> str:
        """The answer to a request for a new passkey."""
        client = self._client_data(CollectedClientData.TYPE.CREATE, options, asked_by)
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        data = AuthenticatorData.create(
            hashlib.sha256(options["rp"]["id"].encode()).digest(),
            _PRESENT | _ATTESTED | (_VERIFIED if verified else _PRESENT),
            self.count,
            AttestedCredentialData.create(bytes(16), self.identifier, public),
        )
        attestation = AttestationObject.create("none", data, {})
        return self._written({"clientDataJSON": bytes(client), "attestationObject": bytes(attestation)})

    def sign(self, options: dict[str, Any], *, asked_by: str = "", verified: bool = True, count: int = 0) -> str:
        """The answer to a request to use it."""
        client = self._client_data(CollectedClientData.TYPE.GET, options, asked_by)
        flags = _PRESENT | (_VERIFIED if verified else _PRESENT)
        data = AuthenticatorData.create(hashlib.sha256(options["rpId"].encode()).digest(), flags, count)
        signature = self.private.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._written(
            {"clientDataJSON": bytes(client), "authenticatorData": bytes(data), "signature": signature}
        )

    def _written(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self.identifier)
        parts = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})


def options(client: Client, purpose: str, **extra: Any) -> dict[str, Any]:
    """The challenge that the portal sends for a purpose."""
    address = "/compte/securite/facteurs/cle/options/" if purpose == "register" else "/connexion/cle/options/"
    answer = client.post(address, {"purpose": purpose}, **extra)
    assert answer.status_code == 200, answer.status_code
    found: dict[str, Any] = answer.json()
    return found


def give_totp(account: Account) -> bytes:
    """An application already installed; returns its secret."""
    secret = totp.new_secret()
    Authenticator.objects.create(
        account=account, sealed_secret=seal(secret, context=secret_context(account.pk)), last_step=0
    )
    return secret


def code_of(secret: bytes, *, later: int = 0) -> str:
    """What the application shows now, or some steps later."""
    return totp.code_at(secret, int(now().timestamp()) // totp.STEP + later)
