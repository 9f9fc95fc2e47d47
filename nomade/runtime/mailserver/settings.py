"""What the embedded mail servers need to know, decided once by `prepare_mail`."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from .. import places
from ..errors import StartRefused
from .dovecot import MAIL_USER, Dovecot, find_dovecot
from .mailboxes import Mailboxes

Flavour = Literal["dovecot", "pymap"]


@dataclass(frozen=True)
class MailSettings:
    """The embedded mail servers of one data folder; plain values, so that they travel to a child as JSON."""

    flavour: Flavour
    folder: str
    domain: str
    imap_port: int
    smtp_port: int
    sieve_port: int
    master_user: str
    master_password: str
    address_query: str = ""
    database_url: str = ""
    durable: bool = True

    @property
    def imap_url(self) -> str:
        """For NOMADE_IMAP_URL."""
        return f"imap://127.0.0.1:{self.imap_port}"

    @property
    def smtp_url(self) -> str:
        """For NOMADE_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def sieve_url(self) -> str:
        """For NOMADE_SIEVE_URL."""
        return f"sieve://127.0.0.1:{self.sieve_port}"

    def environment(self) -> dict[str, str]:
        """What the portal reads to reach these servers."""
        return {
            "NOMADE_IMAP_URL": self.imap_url,
            "NOMADE_SMTP_URL": self.smtp_url,
            "NOMADE_SIEVE_URL": self.sieve_url,
            "NOMADE_MAIL_AUTH": "master",
            "NOMADE_MAIL_MASTER_USER": self.master_user,
            "NOMADE_MAIL_MASTER_PASSWORD": self.master_password,
        }

    def as_json(self) -> dict[str, object]:
        """The fields, for the child's standard input."""
        return asdict(self)

    def mailboxes(self) -> Mailboxes:
        """Where the mail lies."""
        return Mailboxes(Path(self.folder) / "boxes", self.domain, self.address_query, self.database_url)

    def dovecot(self) -> Dovecot:
        """The Dovecot of this folder. Raises `StartRefused` when the machine has none any more."""
        binary = find_dovecot()
        if binary is None:
            raise StartRefused(
                f"Le courrier de {self.folder} a été créé avec Dovecot, qui n’est plus installé :"
                " installez dovecot-imapd et dovecot-managesieved."
            )
        return Dovecot(
            binary=binary,
            folder=Path(self.folder),
            mailboxes=self.mailboxes(),
            owner=mail_owner(),
            imap_port=self.imap_port,
            sieve_port=self.sieve_port,
            master_user=self.master_user,
            master_password=self.master_password,
            durable=self.durable,
        )


def mail_owner() -> places.SystemUser:
    """Whose files the mailboxes of Dovecot are: a user of their own as root (Dovecot refuses root's mail)."""
    return places.current_user() if os.geteuid() else places.unprivileged_user(MAIL_USER)


def flavour_named(name: str) -> Flavour:
    """The store of this name. Raises `StartRefused` for any other."""
    if name not in get_args(Flavour):
        raise StartRefused(f"« {name} » n’est pas un magasin de courrier : il faut dovecot ou pymap.")
    return cast(Flavour, name)


def default_flavour() -> Flavour:
    """The best store this machine can run."""
    return "dovecot" if find_dovecot() else "pymap"


def choose_flavour(folder: Path, wanted: Flavour | None = None) -> Flavour:
    """The store of this folder: the one of its first start, else Dovecot when the machine has it."""
    note = folder / "flavour"
    if note.exists():
        kept = flavour_named(note.read_text().strip())
        if wanted in {None, kept}:
            return kept
        raise StartRefused(f"Le fichier {note} dit « {kept} », celui du premier démarrage ; il n’en change plus.")
    flavour: Flavour = wanted or default_flavour()
    note.write_text(f"{flavour}\n")
    return flavour
