"""The local authority: browsers can check what it signs, and it can sign for nobody else."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from nomade.runtime import certificates
from nomade.runtime.certificates import Certificates, ensure_certificates

HOSTS = ["nomades.ville.localhost", "webmail.ville.localhost", "contenu.ville.localhost", "assistance.ville.localhost"]


def handshake(files: Certificates, name: str) -> None:
    """A client that trusts only our authority talks to a server that shows our certificate."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(files.certificate, files.key)
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            server_context.wrap_socket(there, server_side=True).close()
        except ssl.SSLError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        ssl.create_default_context(cafile=str(files.authority)).wrap_socket(here, server_hostname=name).close()
    finally:
        here.close()
        thread.join()


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1"])
def test_each_host_is_vouched_for(tmp_path: Path, name: str) -> None:
    handshake(ensure_certificates(tmp_path, HOSTS), name)


def test_private_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, HOSTS)
    keys = list(tmp_path.glob("*.key"))
    assert len(keys) == 2
    assert all(key.stat().st_mode & 0o777 == 0o600 for key in keys)


def test_a_certificate_lasts_90_days_at_most(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, HOSTS)
    assert files.expires - datetime.now(UTC) <= timedelta(days=90)


def test_a_second_start_keeps_the_certificates(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS)
    before = first.certificate.read_bytes(), first.authority.read_bytes()
    again = ensure_certificates(tmp_path, HOSTS)
    assert (again.certificate.read_bytes(), again.authority.read_bytes()) == before


def test_a_certificate_near_its_end_is_renewed_under_the_same_authority(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, HOSTS)
    before, authority = first.certificate.read_bytes(), first.authority.read_bytes()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=70)):
        again = ensure_certificates(tmp_path, HOSTS)
    assert again.certificate.read_bytes() != before
    assert again.authority.read_bytes() == authority


def test_other_hosts_get_another_authority(tmp_path: Path) -> None:
    authority = ensure_certificates(tmp_path, HOSTS).authority.read_bytes()
    files = ensure_certificates(tmp_path, ["portail.mairie.localhost"])
    assert files.authority.read_bytes() != authority
    handshake(files, "portail.mairie.localhost")


def test_a_certificate_cut_short_is_made_again(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path, HOSTS)
    files.certificate.write_bytes(files.certificate.read_bytes()[:100])
    handshake(ensure_certificates(tmp_path, HOSTS), HOSTS[0])


def test_the_authority_cannot_vouch_for_a_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ensure_certificates(tmp_path, HOSTS)
    certificates._sign(files, tmp_path / "nomade-ca.key", ["bank.example"])
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(files, "bank.example")
