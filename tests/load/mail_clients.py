"""Who asks for mail in the benchmark of the webmail: a bare IMAP connection, and a window of the portal."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import mailboxes
from client import Visitor, exchange
from imapclient import IMAPClient
from mail_timing import Place, words

from nomade.runtime.mailserver import MailSettings

HTMX = "\r\nHX-Request: true\r\nHX-Target: {target}\r\nX-Next-Message: {following}\r\n\r\n"
STEP = re.compile(rb'id="mail-suite" hx-get="([^"]+)"')
KEYS = re.compile(rb'data-key="(\d+-\d+)"')


class Bare:
    """A connection kept open, with IMAPClient."""

    def __init__(self, servers: MailSettings, port: int, login: str) -> None:
        self.client: Any = IMAPClient("127.0.0.1", port, ssl=False)
        answer = f"{login}\0{servers.master_user}\0{servers.master_password}"
        self.client.sasl_login("PLAIN", lambda _challenge: answer)
        self.words = words()

    def listed(self, _number: int) -> None:
        """The counts of the folders, and the last fifty lines."""
        imap = self.client._imap  # LIST-STATUS is no method of IMAPClient
        imap._simple_command("LIST", '""', '"*"', "RETURN (STATUS (MESSAGES UNSEEN))")
        count = int(self.client.folder_status(self.folder, ["MESSAGES"])[b"MESSAGES"])
        self.client.fetch(range(max(1, count - 49), count + 1), ["UID", "FLAGS", "RFC822.SIZE", "ENVELOPE"])

    def warm(self, folder: str) -> None:
        """Dovecot reads everything once, then it is signed out."""
        self.select(folder)
        self.searched(0)
        self.client.logout()

    def select(self, folder: str) -> None:
        self.folder = folder
        self.client.use_uid = False
        self.count = self.client.select_folder(folder, readonly=True)[b"EXISTS"]

    def opened(self, number: int) -> None:
        self.client.fetch(self.count - number, ["UID", "FLAGS", "BODYSTRUCTURE", "BODY.PEEK[HEADER]", "BODY.PEEK[1]"])

    def searched(self, _number: int) -> None:
        """The numbers, and the fifty last lines."""
        found = self.client.search(["SUBJECT", next(self.words)], "UTF-8")
        if found:
            self.client.fetch(found[-50:], ["UID", "FLAGS", "RFC822.SIZE", "ENVELOPE"])


class Window:
    """An agent's window: one kept connection, and what htmx asks on a click."""

    def __init__(self, visitor: Visitor, place: Place) -> None:
        self.visitor = visitor
        self.place = place
        self.connection = visitor.target.connect()
        self.words = words()
        self.folder = f"dossier={quote(place.folder)}" if place.folder != "INBOX" else ""
        self.keys: list[str] = []
        self.refused = 0

    def ask(self, path: str, *, target: str = "mail", following: str = "") -> int:
        plain = self.visitor.request_for(path).removesuffix(b"\r\n\r\n")
        return self._sent(plain + HTMX.format(target=target, following=following).encode())

    def _sent(self, request: bytes) -> int:
        """The size of the answer. A mail that says it is busy is asked again, as a person would; the time counts.

        So is a server that has closed a connection unused for long.
        """
        for _try in range(20):
            try:
                return exchange(self.connection, request)[1]
            except RuntimeError as error:
                if "503" not in str(error) and "closed" not in str(error):
                    raise
                self.refused += "503" in str(error)
                self.connection.close()
                self.connection = self.visitor.target.connect()
        raise RuntimeError("the mail is busy without end")

    def whole(self, _number: int) -> None:
        self._sent(self.visitor.request_for(f"/messagerie/?{self.folder}"))

    def listed(self, _number: int) -> None:
        self.ask(f"/messagerie/?{self.folder}")

    def walk(self, shift: int) -> None:
        """Learns the keys of the first two pages."""
        for page in (1, 2):
            _status, _location, body = self.visitor.ask("GET", f"/messagerie/?page={page}&{self.folder}")
            self.keys += [found.decode() for found in KEYS.findall(body)]
        self.keys = self.keys[shift:]

    def opened(self, number: int) -> None:
        """The message below the one before, the next one named as the page does."""
        at = number % (len(self.keys) - 1)
        path = f"/messagerie/message/{self.keys[at]}/?{self.folder}"
        self.ask(path, target="mail-message", following=self.keys[at + 1])

    def searched(self, _number: int) -> None:
        typed = quote('objet:"' + next(self.words) + '"')
        self.ask(f"/messagerie/?q={typed}&{self.folder}")

    def searched_first(self) -> None:
        """A search in a folder whose headers nobody has read yet: all of its steps, in a large one."""
        path = f"/messagerie/?q={quote('objet:' + mailboxes.WORDS[0])}&{self.folder}"
        while path:
            _status, path, body = self.visitor.ask("GET", path)
            found = STEP.search(body)
            path = path or (found[1].decode().replace("&amp;", "&") if found else "")
