"""Passkeys, on top of the fido2 library: what is asked of a browser, and whether its answer holds.

User verification is always required: a passkey is something held and something known (or a face, a finger) at once.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from nomade.kernel.hosts import origin
from nomade.kernel.http import HostRole

# What reading an answer made by anybody may raise.
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, struct.error, UnsupportedAlgorithm)


class BadAnswer(Exception):
    """What the browser sent proves nothing: malformed, of another site, without verification, or wrongly signed."""


def rp_id() -> str:
    """The domain that passkeys are bound to: what the portal's and the webmail's names end with, if it is a domain."""
    if settings.NOMADE.passkey_domain != "auto":
        return str(settings.NOMADE.passkey_domain)
    portal, webmail = settings.NOMADE.portal_host.split("."), settings.NOMADE.webmail_host.split(".")
    common: list[str] = []
    for left, right in zip(reversed(portal), reversed(webmail), strict=False):
        if left != right:
            break
        common.insert(0, left)
    return ".".join(common if len(common) >= 2 else portal)


def decoded(text: str) -> bytes:
    """The bytes of what WebAuthn writes in base64url."""
    return websafe_decode(text)


def _server(host: HostRole = "portal") -> Fido2Server:
    """Passkeys are made on the portal; one may be shown again on the host whose page asks (step-up of the support)."""
    party = PublicKeyCredentialRpEntity(name=settings.NOMADE.organisation, id=rp_id())
    return Fido2Server(party, verify_origin=lambda asked: asked == origin(host))


def ask_to_create(account: int, login: str, name: str, known: list[bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is given, what must be kept until it answers) to make a passkey for an account."""
    handle = salted_hmac("nomade.accounts.passkey", str(account), algorithm="sha256").digest()
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(name=login, id=handle, display_name=name),
        credentials=[AttestedCredentialData(credential) for credential in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options.public_key), dict(state)


def created(state: dict[str, Any], answer: str) -> tuple[bytes, bytes, int]:
    """(credential id, credential, counter) of a new passkey. Raises BadAnswer."""
    try:
        response = RegistrationResponse.from_dict(json.loads(answer))
        data = _server().register_complete(state, response)
    except MALFORMED as error:
        raise BadAnswer(str(error)) from error
    if data.credential_data is None:
        raise BadAnswer("no credential")
    return data.credential_data.credential_id, bytes(data.credential_data), data.counter


def ask_to_sign(known: list[bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same, to use a passkey: one of `known`, or any one the browser has for us when none is given."""
    options, state = _server().authenticate_begin(
        credentials=[AttestedCredentialData(credential) for credential in known] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options.public_key), dict(state)


def challenge_of(answer: str) -> bytes:
    """The challenge that an answer says it answers. Raises BadAnswer."""
    try:
        data = json.loads(answer)
        parsed = (
            RegistrationResponse.from_dict(data)
            if "attestationObject" in data["response"]
            else AuthenticationResponse.from_dict(data)
        )
        return bytes(parsed.response.client_data.challenge)
    except MALFORMED as error:
        raise BadAnswer(str(error)) from error


def credential_id_of(answer: str) -> bytes:
    """Which passkey an answer was made with. Raises BadAnswer."""
    try:
        return bytes(AuthenticationResponse.from_dict(json.loads(answer)).raw_id)
    except MALFORMED as error:
        raise BadAnswer(str(error)) from error


def signed(state: dict[str, Any], answer: str, credential: bytes, host: HostRole) -> int:
    """The counter of the passkey that signed on a host. Raises BadAnswer when it was not this one, or not for this."""
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        _server(host).authenticate_complete(state, [AttestedCredentialData(credential)], response)
        return int(response.response.authenticator_data.counter)
    except MALFORMED as error:
        raise BadAnswer(str(error)) from error
