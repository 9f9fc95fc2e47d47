"""Which addresses have a mailbox in the embedded store, and where it lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import psycopg

#: Every new mailbox gets these folders, marked so that any mail program knows what they are for (RFC 6154).
SPECIAL_FOLDERS = {
    "Sent": "\\Sent",
    "Drafts": "\\Drafts",
    "Junk": "\\Junk",
    "Trash": "\\Trash",
    "Archive": "\\Archive",
}
SEPARATOR = "*"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._'+-]{0,63}@[a-z0-9][a-z0-9.-]{0,251}[a-z0-9]")


def login_name(agent_login: str, master_user: str) -> str:
    """What to give as user name to sign in to the store on behalf of an agent (both flavours, IMAP, Sieve, SMTP)."""
    return f"{agent_login}{SEPARATOR}{master_user}"


def normalised(login: str) -> str | None:
    """The login in the one form that names a mailbox, or None when it cannot name one."""
    folded = login.strip().lower()
    return folded if _LOGIN.fullmatch(folded) and ".." not in folded else None


def split_login(name: str, master_user: str) -> str | None:
    """The agent in `agent*master`, or None when the name is not of that form."""
    agent, separator, master = name.rpartition(SEPARATOR)
    return normalised(agent) if separator and master == master_user else None


@dataclass(frozen=True)
class Mailboxes:
    """The mailboxes below one folder, for one mail domain."""

    folder: Path
    domain: str
    #: SQL that finds a row when the address given as only parameter belongs to an agent with a mailbox.
    address_query: str = ""
    database_url: str = ""

    def home(self, login: str) -> Path:
        """The folder of one mailbox; `login` must be normalised."""
        local, _, domain = login.rpartition("@")
        return self.folder / domain / local

    def is_local(self, address: str) -> bool:
        """Whether the address is in our domain."""
        return address.lower().rpartition("@")[2] == self.domain

    def exists(self, login: str) -> bool:
        """Whether the mailbox is there, or may be created for this agent on the first delivery.

        Raises `psycopg.OperationalError` when the database that knows the agents does not answer.
        """
        if self.home(login).is_dir():
            return True
        if not self.address_query:
            return False
        with psycopg.connect(self.database_url, connect_timeout=3) as connection:
            # The query is ours, from the code of the command line, never from outside.
            return connection.execute(self.address_query.encode(), (login,)).fetchone() is not None
