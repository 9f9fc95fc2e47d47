"""Our only contact with sievelib: a signed-in session, errors as ours, and scripts of others never written over."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sievelib.managesieve import Client, Error  # type: ignore[import-untyped]

from mailkit.endpoints import Account
from mailkit.errors import MailError

#: Ours. Every other script belongs to the agent, or to another program of theirs.
OURS = "nomade"
#: Runs ours, then the one that was active before: neither is changed.
TOGETHER = "nomade-ensemble"
#: A copy of ours as somebody had changed it by hand, kept when ours is written anew.
BEFORE = "nomade-avant"
CONNECT_SECONDS = 3.0
LARGEST_SCRIPT = 64 * 1024
_NAME = re.compile(r"[^\x00-\x1f\x7f\"\\/\u2028\u2029]{1,128}")


class SieveSession:
    """The scripts of one mailbox. Methods raise MailError."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.extensions = frozenset(str(name).lower() for name in client.get_sieve_capabilities() or ())

    def scripts(self) -> tuple[str, tuple[str, ...]]:
        """The active script, empty when none is, and the others."""
        listed = self._client.listscripts()
        if listed is None:
            raise self._refused()
        active, others = listed
        return active or "", tuple(name for name in others if name)

    def get(self, name: str) -> str:
        """The text of a script; empty when there is none of this name."""
        active, others = self.scripts()
        if name not in (active, *others):
            return ""
        found = self._client.getscript(_checked(name))
        if found is None:
            raise self._refused()
        return str(found)

    def set_aside(self) -> None:
        """Keeps a copy of our script, which somebody else wrote in."""
        self._put(BEFORE, self.get(OURS))

    def install(self, text: str) -> None:
        """Makes our script this one, and has it run: alone, or before the foreign one that was active.

        The server reads the script before it takes the place of the former (CHECKSCRIPT where there is one; PUTSCRIPT
        refuses a wrong one as well). Raises MailError("foreign_script") when another script is active and this server
        cannot run two.
        """
        active, _others = self.scripts()
        foreign = active not in ("", OURS, TOGETHER)
        if foreign and "include" not in self.extensions:
            raise MailError("foreign_script", active)
        self._put(OURS, text)
        if foreign:
            self._put(TOGETHER, together(_checked(active)))
            self._activate(TOGETHER)
        elif active == "":
            self._activate(OURS)

    def take_over(self, text: str) -> None:
        """At the agent's wish, runs our script alone; the other one stays, inactive."""
        self._put(OURS, text)
        self._activate(OURS)

    def _put(self, name: str, text: str) -> None:
        if len(text.encode()) > LARGEST_SCRIPT:
            raise MailError("too_large", "script")
        try:
            right = self._client.checkscript(text)
        except NotImplementedError:
            right = True
        if not right or not self._client.putscript(_checked(name), text):
            raise self._refused()

    def _activate(self, name: str) -> None:
        if not self._client.setactive(_checked(name)):
            raise self._refused()

    def _refused(self) -> MailError:
        words = self._client.errmsg or b""
        return MailError("refused", words.decode("utf-8", errors="replace")[:300])


def together(foreign: str) -> str:
    """A script that runs ours, then another of the agent's."""
    return f'require ["include"];\ninclude :personal :optional "{OURS}";\ninclude :personal "{_checked(foreign)}";\n'


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise MailError("bad_argument", "script name")
    return name


@contextmanager
def connected(account: Account) -> Iterator[SieveSession]:
    """A signed-in session. Raises MailError."""
    client = _client(account)
    try:
        yield SieveSession(client)
    except MailError:
        raise
    except (Error, OSError, UnicodeError) as error:
        raise MailError("unreachable", f"{type(error).__name__}: {error}", retry=True) from error
    finally:
        with suppress(Error, OSError):
            client.logout()
        if client.sock is not None:
            client.sock.close()
            client.sock = None


class _Client(Client):  # type: ignore[misc]
    """sievelib's client; it writes a comma after the user of XOAUTH2, which servers take for a part of the name."""

    def _xoauth2_authentication(self, login: bytes, password: bytes, authz_id: bytes = b"") -> bool:
        answer = base64.b64encode(b"user=" + login + b"\x01auth=Bearer " + password + b"\x01\x01")
        code, _words = self._Client__send_command("AUTHENTICATE", [b"XOAUTH2", answer])
        return bool(code == "OK")


def _client(account: Account) -> Client:
    endpoint = account.endpoint
    try:
        # sievelib connects without a limit of time: a server that hangs is found here.
        socket.create_connection((endpoint.host, endpoint.port), timeout=CONNECT_SECONDS).close()
        client = _Client(endpoint.host, endpoint.port)
        with warnings.catch_warnings():
            # In clear on loopback only: `Endpoint` sees to that.
            warnings.simplefilter("ignore")
            opened = client.connect(**_credentials(account))
    except (Error, OSError, ssl.SSLError) as error:
        raise MailError("unreachable", f"{type(error).__name__}: {error}", retry=True) from error
    if not opened:
        raise MailError("login_refused", (client.errmsg or b"").decode("utf-8", errors="replace")[:300])
    return client


def _credentials(account: Account) -> dict[str, Any]:
    credentials, endpoint = account.credentials, account.endpoint
    how: dict[str, Any] = {"ssl": endpoint.tls == "implicit", "starttls": endpoint.tls == "starttls"}
    if credentials.method in ("oauthbearer", "xoauth2"):
        mechanism = credentials.method.upper()
        return how | {"login": credentials.mailbox, "password": credentials.secret, "authmech": mechanism}
    identity, login, secret = credentials.plain()
    return how | {"login": login, "password": secret, "authz_id": identity, "authmech": "PLAIN"}
