"""A local certificate authority and the certificate of our hosts, for machines without real ones.

The authority may sign for our own names only (RFC 5280 name constraints): whoever trusts it trusts it for nothing else,
even if its key is stolen.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 90
RENEW_BEFORE_DAYS = 30
LOOPBACK = ("127.0.0.1/32", "::1/128")


@dataclass(frozen=True)
class Certificates:
    """The files of one installation; `expires` is when the hosts' certificate ends."""

    authority: Path
    certificate: Path
    key: Path
    expires: datetime


def ensure_certificates(folder: Path, hosts: Sequence[str]) -> Certificates:
    """The certificates below `folder`, created or renewed when they are missing, near their end or for other hosts.

    Private keys are readable by their owner alone. The authority changes only when it cannot sign for `hosts`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = sorted({*hosts, "localhost"})
    files = Certificates(folder / "nomade-ca.pem", folder / "server.pem", folder / "server.key", datetime.now(UTC))
    authority_key = folder / "nomade-ca.key"
    if not _is_good(files.authority, authority_key, names, margin_days=CERTIFICATE_DAYS):
        _create_authority(files.authority, authority_key, names)
        files.certificate.unlink(missing_ok=True)
    if not _is_good(files.certificate, files.key, names, margin_days=RENEW_BEFORE_DAYS):
        _sign(files, authority_key, names)
    expires = _load(files.certificate).not_valid_after_utc
    return Certificates(files.authority, files.certificate, files.key, expires)


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _is_good(certificate: Path, key: Path, names: Sequence[str], *, margin_days: int) -> bool:
    if not (certificate.exists() and key.exists()):
        return False
    try:
        found = _load(certificate)
    except ValueError:
        return False  # cut short by a full disk: made again
    if found.not_valid_after_utc - datetime.now(UTC) < timedelta(days=margin_days):
        return False
    return _names_of(found) == set(names)


def _names_of(certificate: x509.Certificate) -> set[str]:
    """The host names that a certificate is for, or that an authority may sign."""
    try:
        allowed = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
        return {name.value for name in allowed if isinstance(name, x509.DNSName)}
    except x509.ExtensionNotFound:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return set(alternatives.get_values_for_type(x509.DNSName))


def _write(path: Path, content: bytes, mode: int) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    unfinished.replace(path)


def _new_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(path, pem, 0o600)
    return key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a phone's clock may be late
        .not_valid_after(now + timedelta(days=days) - timedelta(hours=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _create_authority(path: Path, key_path: Path, names: Sequence[str]) -> None:
    key = _new_key(key_path)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nomade, autorité locale")])
    allowed: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    allowed += [x509.IPAddress(ipaddress.ip_network(network)) for network in LOOPBACK]
    certificate = (
        _builder(subject, subject, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(path, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _sign(files: Certificates, authority_key: Path, names: Sequence[str]) -> None:
    issuer = _load(files.authority)
    issuer_key = serialization.load_pem_private_key(authority_key.read_bytes(), password=None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    key = _new_key(files.key)
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives += [x509.IPAddress(ipaddress.ip_address(network.partition("/")[0])) for network in LOOPBACK]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nomade")])
    certificate = (
        _builder(subject, issuer.subject, key.public_key(), CERTIFICATE_DAYS)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    chain = certificate.public_bytes(serialization.Encoding.PEM) + issuer.public_bytes(serialization.Encoding.PEM)
    _write(files.certificate, chain, 0o644)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
