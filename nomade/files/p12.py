"""Reading the certificate of the organisation's seal. `nomade doctor` reads it before Django is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID


class SealUnusable(Exception):
    """The certificate that was given cannot seal; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A certificate that may seal: whose it is, and until when."""

    holder: str
    until: datetime


def read_p12(path: Path, password: str) -> Seal:
    """Raises `SealUnusable` for a file that cannot be read or opened, or that holds no key with its certificate."""
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except OSError as error:
        raise SealUnusable(f"{path} ne se lit pas : {error.strerror}") from error
    except ValueError as error:
        raise SealUnusable(f"{path} ne s’ouvre pas : mauvais mot de passe, ou fichier qui n’est pas PKCS#12") from error
    if key is None or certificate is None:
        raise SealUnusable(f"{path} ne contient pas une clé et son certificat")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    holder = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Seal(holder[:200], certificate.not_valid_after_utc)
