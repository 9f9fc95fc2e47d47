"""Encryption at rest: each value has its own key, wrapped by a versioned key of the installation.

Layout of a sealed value: `NM1`, one byte giving the length of the key's version, the version, 12 + 48 bytes of wrapped
data key, then 12 bytes of nonce and the ciphertext with its 16-byte tag. AES-256-GCM twice (NIST SP 800-38D).
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from nomade.kernel.errors import Unavailable

MAGIC = b"NM1"
NONCE, KEY, TAG = 12, 32, 16


_CLOSED = (
    "Ces informations sont chiffrées et ne peuvent pas être ouvertes pour le moment. Le reste du portail fonctionne."
)


class DecryptionFailed(Unavailable):
    """The value was altered, belongs to another object, or its key is absent. Nothing of it is ever returned.

    A page that nothing else catches it on answers 503 with a sentence; `reason`, in English, is for the log.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("encryption", _CLOSED)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def seal(plain: bytes, *, context: bytes) -> bytes:
    """Encrypts `plain`, bound to `context` (the object's id and its owner's): it opens with the same context only."""
    wrapping = settings.NOMADE.encryption_keys[0]
    version = wrapping.version.encode("ascii")
    header = MAGIC + bytes([len(version)]) + version
    data_key = secrets.token_bytes(KEY)
    key_nonce, nonce = secrets.token_bytes(NONCE), secrets.token_bytes(NONCE)
    wrapped = AESGCM(wrapping.secret).encrypt(key_nonce, data_key, header + context)
    return header + key_nonce + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, header + context)


def unseal(sealed: bytes, *, context: bytes) -> bytes:
    """Gives back what `seal` encrypted. Raises `DecryptionFailed`."""
    if len(sealed) < 4 or sealed[:3] != MAGIC:
        raise DecryptionFailed("not a sealed value")
    header = sealed[: 4 + sealed[3]]
    version = header[4:].decode("ascii", errors="replace")
    secret = next((key.secret for key in settings.NOMADE.encryption_keys if key.version == version), None)
    if secret is None:
        raise DecryptionFailed(f"no key of version {version!r}")
    rest = sealed[len(header) :]
    wrapped_end = NONCE + KEY + TAG
    try:
        data_key = AESGCM(secret).decrypt(rest[:NONCE], rest[NONCE:wrapped_end], header + context)
        nonce = rest[wrapped_end : wrapped_end + NONCE]
        return AESGCM(data_key).decrypt(nonce, rest[wrapped_end + NONCE :], header + context)
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed("altered, or of another object") from error


def key_version(sealed: bytes) -> str:
    """The version of the key that protects a sealed value, for rotation."""
    return sealed[4 : 4 + sealed[3]].decode("ascii", errors="replace")
