"""The journal on another machine: a collector that listens, one that cuts, one that nobody vouches for."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from nomade.kernel import audit, tasks
from nomade.kernel.models import AuditShipment
from nomade.kernel.shipping import Collector, ship
from nomade.runtime.certificates import Certificates, ensure_certificates

HOST = "nomades.ville.localhost"
Serve = Callable[[socket.socket], bytes]


def read_all(connection: socket.socket) -> bytes:
    """Everything until the sender says that it is over."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def read_some_and_cut(connection: socket.socket) -> bytes:
    """A part, then a reset."""
    received = connection.recv(40)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    return received


@contextmanager
def collector(*visits: Serve, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """Listens on loopback for as many visits; gives its port and what each one brought."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def serve() -> None:
            for visit in visits:
                connection, _peer = server.accept()
                try:
                    connection = tls.wrap_socket(connection, server_side=True) if tls else connection
                    heard.append(visit(connection))
                except OSError as error:
                    heard.append(str(error).encode())
                finally:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(20)


def served_with(files: Certificates) -> ssl.SSLContext:
    """The side of a collector that shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return context


def messages(received: bytes) -> list[tuple[str, dict[str, object]]]:
    """The frames of a stream: the head of each message, and its object."""
    found = []
    while received:
        length, _, rest = received.partition(b" ")
        text, received = rest[: int(length)], rest[int(length) :]
        head, _, body = text.decode("ascii").partition(" {")
        found.append((head, json.loads("{" + body)))
    return found


def sealed(*numbers: int) -> None:
    """One link of events, about the agents of these numbers."""
    with transaction.atomic():
        for number in numbers:
            audit.record("payslip.viewed", actor=number, subject=7, period="2026-10", of="l’été\n2026 <faux>")
    assert audit.seal_journal() == len(numbers)


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_reaches_the_collector_once_and_in_order() -> None:
    sealed(1, 2)
    sealed(3)
    audit.record("payslip.viewed", actor=4, subject=7)  # not sealed yet
    with collector(read_all, read_all) as (port, heard):
        there = Collector("127.0.0.1", port, tls=False)
        assert ship(there, HOST) == 3
        assert ship(there, HOST) == 0
    told = [one for received in heard for one in messages(received)]
    assert [body["actor"] for _head, body in told] == [1, 2, 3]
    for head, body in told:
        assert head.startswith("<110>1 20") and head.endswith(f" {HOST} nomade - payslip.viewed -")
        assert body["facts"] == {"period": "2026-10", "of": "l’été\n2026 <faux>"}


@pytest.mark.django_db(transaction=True)
def test_a_collector_that_cuts_gets_the_link_again() -> None:
    sealed(1)
    sealed(*range(2, 400))
    with collector(read_all, read_some_and_cut, read_all) as (port, heard):
        there = Collector("127.0.0.1", port, tls=False)
        with pytest.raises(ConnectionError):
            ship(there, HOST)
        assert ship(there, HOST) == 398
    assert [body["actor"] for _head, body in messages(heard[0])] == [1]
    assert [body["actor"] for _head, body in messages(heard[2])] == list(range(2, 400))


@pytest.mark.django_db(transaction=True)
def test_the_certificate_of_the_collector_is_checked(tmp_path: Path) -> None:
    sealed(1)
    known, other = (ensure_certificates(tmp_path / name, ["localhost"]) for name in ("known", "other"))
    with collector(read_all, tls=served_with(other)) as (port, heard), pytest.raises(ssl.SSLCertVerificationError):
        ship(Collector("localhost", port, tls=True, ca_file=str(known.authority)), HOST)
    assert b"payslip" not in b"".join(heard)
    with collector(read_all, tls=served_with(known)) as (port, heard):
        assert ship(Collector("localhost", port, tls=True, ca_file=str(known.authority)), HOST) == 1
    assert [body["actor"] for _head, body in messages(heard[0])] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_collector_out_of_reach_is_told_to_the_operator_and_loses_nothing(
    caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    sealed(1)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settings.NOMADE = replace(settings.NOMADE, journal_url=f"syslog+tcp://127.0.0.1:{port}")
    with caplog.at_level(logging.WARNING):
        tasks.ship_journal(0)
    assert f"journal collector=127.0.0.1:{port} not reached" in caplog.text
    assert AuditShipment.objects.get().seal_id is None


def test_the_ports_of_the_standards_are_the_ones_by_default() -> None:
    assert Collector.of("syslog+tls://journal.example", "").port == 6514
    assert Collector.of("syslog+tcp://journal.example:1514", "").port == 1514
    with pytest.raises(ValueError, match="syslog"):
        Collector.of("syslog+tls://", "")
