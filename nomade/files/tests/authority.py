"""A certification authority of the length of a test, and a seal that it gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

PASSWORD = "cachet-d-essai"
HOLDER = "Ville de Paris, cachet d’essai"


@dataclass(frozen=True)
class Authority:
    """Who is trusted, and the file of the seal."""

    root: bytes
    p12: Path

    def on(self, environment: Any, *kinds: str) -> Any:
        """The installation with this seal on these kinds of documents."""
        return replace(environment, cachet_p12=str(self.p12), cachet_password=PASSWORD, cachet_on=kinds)


def make_authority(folder: Path, *, days: int = 30) -> Authority:
    """A root, and a certificate of seal that it signed."""
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _rank in range(2))
    root_name = _named("Autorité d’essai")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, authority=True, days=3650)
    leaf = _certificate(_named(HOLDER), root_name, key.public_key(), root_key, authority=False, days=days)
    path = folder / "cachet.p12"
    encryption = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"cachet", key, leaf, [root], encryption))
    return Authority(root.public_bytes(Encoding.DER), path)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey,
    signing: rsa.RSAPrivateKey,
    *,
    authority: bool,
    days: int,
) -> x509.Certificate:
    at = datetime.now(UTC)
    others = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    usage = dict.fromkeys(others, False)
    usage |= {"digital_signature": not authority, "content_commitment": not authority}
    usage |= {"key_cert_sign": authority, "crl_sign": authority}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=60))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(signing, hashes.SHA256())
    )


def verdict(pdf: bytes, trusted: Authority) -> PdfSignatureStatus:
    """What pyHanko's validator says of the only seal of a PDF, for whoever trusts that authority."""
    (root,) = load_certs_from_pemder_data(trusted.root)
    (seal,) = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
    return validate_pdf_signature(seal, ValidationContext(trust_roots=[root], allow_fetching=False))
