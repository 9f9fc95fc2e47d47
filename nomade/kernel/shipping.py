"""Sending the journal to a collector of another machine (ASVS 16.4.3): syslog messages over TCP or TLS.

RFC 5424 messages, framed by their length (RFC 6587 § 3.4.1, RFC 5425). What goes is what is sealed, link by link; a
link counts as sent once the collector has closed its end after reading everything. Cut before that, it goes again: a
collector may read an event twice, with the same `id`, and never misses one.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from nomade.kernel import audit, journal
from nomade.kernel.models import AuditEvent, AuditSeal, AuditShipment

#: Facility 13 (log audit), severity 6 (informational): RFC 5424 § 6.2.1.
PRIORITY = 13 * 8 + 6
PORTS = {"syslog+tls": 6514, "syslog+tcp": 601}
SECONDS = 10
LINKS_AT_ONCE = 500
SENT_AT_ONCE = 64 * 1024
_NOT_IN_A_NAME = re.compile(r"[^\x21-\x7e]")


@dataclass(frozen=True)
class Collector:
    """Where the journal goes."""

    host: str
    port: int
    tls: bool
    ca_file: str = ""

    @classmethod
    def of(cls, url: str, ca_file: str) -> Collector:
        """Reads `syslog+tls://host[:port]`. Raises ValueError for an address without a host."""
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError(url)
        return cls(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "syslog+tls", ca_file)

    def connect(self) -> socket.socket:
        """A connection; the certificate is checked. Raises OSError."""
        plain = socket.create_connection((self.host, self.port), timeout=SECONDS)
        if not self.tls:
            return plain
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
            return context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def message(event: AuditEvent, host: str) -> bytes:
    """One event as a framed syslog message."""
    name = _NOT_IN_A_NAME.sub("", event.event)[:32] or "-"
    head = f"<{PRIORITY}>1 {event.at.isoformat()} {host} nomade - {name} - "
    text = head.encode("ascii", "replace") + journal.as_json(event, ascii_only=True).encode("ascii")
    return b"%d %s" % (len(text), text)


def ship(collector: Collector, host: str) -> int:
    """Sends the links that were not sent yet; returns how many events went. Raises OSError: the rest goes next time."""
    shipment, _made = AuditShipment.objects.get_or_create(pk=1)
    sent = 0
    links = AuditSeal.objects.filter(id__gt=shipment.seal_id or 0).order_by("id").values_list("id", flat=True)
    for pk in list(links[:LINKS_AT_ONCE]):
        sent += _send(collector, (message(event, host) for event in audit.events_of(pk)))
        with transaction.atomic():
            AuditShipment.objects.filter(pk=1).update(seal_id=pk)
    return sent


def _send(collector: Collector, messages: Iterator[bytes]) -> int:
    count, waiting = 0, bytearray()
    with collector.connect() as connection:
        for text in messages:
            waiting += text
            count += 1
            if len(waiting) >= SENT_AT_ONCE:
                connection.sendall(waiting)
                waiting.clear()
        connection.sendall(waiting)
        _wait_until_read(connection)
    return count


def _wait_until_read(connection: socket.socket) -> None:
    """Says that all was sent, then waits for the other end to close. Raises OSError when it does not in time."""
    if isinstance(connection, ssl.SSLSocket):
        # A collector that closes without a word of TLS had read to the end too: had it not, this would be a reset.
        with suppress(ssl.SSLEOFError):
            connection.unwrap()
        return
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
