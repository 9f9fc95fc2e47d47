"""Mailboxes of any size for a benchmark, written straight into the Maildir of an embedded Dovecot."""

from __future__ import annotations

import os
import random
from pathlib import Path

from nomade.runtime.mailserver import MailSettings
from nomade.runtime.mailserver.settings import mail_owner

WORDS = (
    "réunion",
    "budget",
    "planning",
    "chantier",
    "crèche",
    "école",
    "piscine",
    "parc",
    "jardin",
    "conseil",
    "marché",
    "devis",
    "facture",
    "formation",
    "congé",
    "recrutement",
    "logiciel",
    "réseau",
    "serveur",
    "bâtiment",
    "travaux",
    "voirie",
    "éclairage",
    "propreté",
    "accueil",
    "état-civil",
    "mariage",
    "subvention",
    "association",
    "stade",
    "gymnase",
    "bibliothèque",
    "musée",
    "concert",
    "exposition",
    "fête",
    "sécurité",
    "prévention",
    "médiation",
    "courrier",
    "archive",
    "signature",
    "délibération",
    "arrêté",
    "convention",
    "partenaire",
    "région",
    "préfecture",
    "inspection",
)


def letter(number: int, dice: random.Random) -> bytes:
    """A message of about two kilobytes; its subject holds two words out of fifty."""
    subject = f"{dice.choice(WORDS)} : {dice.choice(WORDS)} n° {number}"
    encoded = (
        "=?utf-8?q?"
        + "".join(f"={byte:02X}" if byte > 126 or byte in b"=?_ " else chr(byte) for byte in subject.encode())
        + "?="
    )
    who = dice.randrange(300)
    text = "\r\n".join(" ".join(dice.choice(WORDS) for _ in range(10)) for _ in range(14))
    return (
        f"From: Personne {who} <personne.{who}@exemple.fr>\r\nTo: Un agent <agent@paris.fr>\r\nSubject: {encoded}\r\n"
        f"Date: {1 + number % 28:d} Oct 2026 08:{number % 60:02d}:00 +0200\r\n"
        f"Message-ID: <bench-{number}@exemple.fr>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def folder_of(servers: MailSettings, login: str, name: str = "") -> Path:
    """Where the messages of a folder lie; the inbox when it has no name."""
    local, _, domain = login.partition("@")
    root = Path(servers.folder) / "boxes" / domain / local / "Maildir"
    return root / f".{name}" if name else root


def write(servers: MailSettings, login: str, count: int, *, name: str = "") -> Path:
    """A folder of that many messages, read but for the last twenty; seconds apart by their order."""
    owner, dice = mail_owner(), random.Random(7)
    place = _made(folder_of(servers, login, name), owner.uid, owner.gid)
    began = 1_700_000_000
    for number in range(count):
        content = letter(number, dice)
        flags = "" if number >= count - 20 else "S"
        path = place / "cur" / f"{began + number}.M{number}P1.bench,S={len(content)}:2,{flags}"
        path.write_bytes(content)
        os.chown(path, owner.uid, owner.gid)
        os.utime(path, (began + number, began + number))
    return place


def copy(servers: MailSettings, source: Path, login: str) -> None:
    """The same inbox for somebody else: the same files under other names."""
    owner = mail_owner()
    place = _made(folder_of(servers, login), owner.uid, owner.gid)
    for path in sorted((source / "cur").iterdir()):
        os.link(path, place / "cur" / path.name)


def forget(servers: MailSettings, login: str, name: str = "") -> None:
    """Dovecot's index of a folder goes: the next one who opens it is the first. Its list of UIDs stays."""
    for path in folder_of(servers, login, name).glob("dovecot.index*"):
        path.unlink()


def _made(place: Path, uid: int, gid: int) -> Path:
    for part in ("cur", "new", "tmp"):
        (place / part).mkdir(parents=True, exist_ok=True)
    if place.name.startswith("."):
        (place / "maildirfolder").touch()
    top = next(parent for parent in place.parents if parent.name == "boxes")
    for path in (place, *place.rglob("*"), *[each for each in place.parents if top in each.parents]):
        os.chown(path, uid, gid)
    return place
