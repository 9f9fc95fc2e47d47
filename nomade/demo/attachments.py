"""Small files that go with the letters, made on the spot: a PDF, a picture, an invitation."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime, timedelta
from functools import cache

import typst

TITLES = {
    "plan-massif.pdf": "Plan de plantation : massif de l’allée des Cerisiers",
    "convocation.pdf": "Convocation à une formation",
    "compte-rendu.pdf": "Compte rendu de la réunion d’équipe",
    "plan-acces.pdf": "Accès des véhicules de service",
    "planning.pdf": "Planning de la semaine",
}


@cache
def pdf(title: str, text: str) -> bytes:
    """One page with a title and a paragraph."""
    source = (
        '#set document(title: "' + _quoted(title) + '")\n#set page(paper: "a4", margin: 2.5cm)\n'
        '#set text(lang: "fr", size: 11pt)\n= #"' + _quoted(title) + '"\n\n#"' + _quoted(text) + '"\n'
    )
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


@cache
def picture(width: int = 640, height: int = 400) -> bytes:
    """A dawn over a lawn: sky and grass in a few gradients."""
    rows = []
    horizon = height * 3 // 5
    for y in range(height):
        if y < horizon:
            part = y / horizon
            colour = bytes((int(120 + 130 * part), int(150 + 60 * part), int(200 - 60 * part)))
        else:
            part = (y - horizon) / (height - horizon)
            colour = bytes((int(90 - 50 * part), int(140 - 50 * part), int(60 - 20 * part)))
        rows.append(b"\0" + colour * width)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def invitation(title: str, start: datetime, uid: str) -> bytes:
    """An appointment of two hours (RFC 5545)."""
    end = start + timedelta(hours=2)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nomade//demo//FR", "METHOD:PUBLISH", "BEGIN:VEVENT", f"UID:{uid}",
        f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}", "LOCATION:Parc Georges-Brassens", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
