"""Asking clamd about a file (security § 3): its answer is read to the letter, and anything else is « not scanned ».

A file over clamd's own limits can come back like a clean one (Cisco-Talos/clamav#633): keep our largest file under
`StreamMaxLength`, `MaxScanSize` and `MaxFileSize`, and set `AlertExceedsMax` and `AlertEncrypted`.
"""

from __future__ import annotations

import logging
import re
import socket
import struct
import time
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
CHUNK = 64 * 1024
LONGEST_ANSWER = 1024
_FOUND = re.compile(rb"stream: [^\x00\n]{1,200} FOUND\x00")


class Verdict(StrEnum):
    """What is known of a file. `UNSURE`: clamd is down, late, or says something else than yes or no."""

    NOT_ASKED = "not_asked"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSURE = "unsure"


# After a silence, nobody waits for clamd again for a while: fifty files of one form must not wait fifty times.
QUIET_SECONDS = 30.0
_silence = {"until": 0.0}


def scan(content: bytes, *, patient: bool = False) -> Verdict:
    """Asks clamd by INSTREAM; never raises. `patient` asks even just after a silence."""
    if not settings.NOMADE.clamd_url:
        return Verdict.NOT_ASKED
    if not patient and time.monotonic() < _silence["until"]:
        return Verdict.UNSURE
    try:
        with _connected(settings.NOMADE.clamd_url) as channel:
            channel.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                channel.sendall(struct.pack("!I", len(piece)) + piece)
            channel.sendall(struct.pack("!I", 0))
            answer = _answer(channel)
    except OSError as error:
        log.warning("clamd does not answer: %s", error)
        _silence["until"] = time.monotonic() + QUIET_SECONDS
        return Verdict.UNSURE
    if answer == b"stream: OK\0":
        return Verdict.CLEAN
    if _FOUND.fullmatch(answer):
        log.critical("clamd refuses a file: %s", answer[:200].decode("ascii", errors="replace").rstrip("\0"))
        return Verdict.INFECTED
    log.warning("clamd answers something else: %r", answer[:200])
    return Verdict.UNSURE


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        channel.settimeout(PATIENCE_SECONDS)
        try:
            channel.connect(parts.path)
        except OSError:
            channel.close()
            raise
        return channel
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=PATIENCE_SECONDS)


def _answer(channel: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        piece = channel.recv(LONGEST_ANSWER)
        if not piece:
            break
        received += piece
    return received
