"""The adapter over IMAPClient and imaplib: the only module that touches them, and the only one with type ignores.

IMAPClient opens the connection, speaks TLS and SASL and knows the capabilities; commands go through its imaplib object,
so that several can be on their way at once and that answers are read by our own parser. Each argument must have come
out of `mailkit.imap.arguments`.
"""

from __future__ import annotations

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from mailkit.endpoints import Account, Endpoint, trust
from mailkit.errors import ErrorKey, MailError
from mailkit.imap.parser import Raw, integer

CONNECT_SECONDS = 2.5
# Of silence. A page waits three seconds, then says so; what is long on an honest server may be silent for ten.
READ_SECONDS = 2.5
LONG_SECONDS = 10.0
#: The longest line of an answer: the structure of 30,000 parts. imaplib reads 1 MB and is lost; over TLS, without end.
MOST_LINE = 4 * 1024 * 1024
LONG_COMMANDS = frozenset({"APPEND", "COPY", "EXPUNGE", "MOVE", "SEARCH", "SORT", "THREAD"})
_LINE_BREAK = re.compile(r"[\r\n\0]")
_SAID: dict[str, ErrorKey] = {
    "[NONEXISTENT]": "no_such_folder",
    "[TRYCREATE]": "no_such_folder",
    "[OVERQUOTA]": "over_quota",
}


Opened = Callable[[socket.socket], None]


class _Together:
    """What is written while `held` leaves at once, in as few packets as it fills."""

    held: bytearray | None = None

    def __init__(self, *arguments: Any, opened: Opened) -> None:
        self._opened = opened
        super().__init__(*arguments)

    def send(self, data: bytes) -> None:
        """imaplib's, of which each command is otherwise a packet that waits for the one before to be acknowledged."""
        if self.held is not None:
            self.held += data
        else:
            super().send(data)  # type: ignore[misc]

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        found: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened(found)
        return found

    def readline(self) -> bytes:
        """A line of an answer. Raises MailError("protocol") for one that is too long to be kept in memory."""
        line: bytes = self.file.readline(MOST_LINE + 1)  # type: ignore[attr-defined]  # imaplib's
        if len(line) > MOST_LINE:
            raise MailError("protocol", f"a line of more than {MOST_LINE} bytes", broken=True)
        return line


class _Plain(_Together, IMAP4WithTimeout):  # type: ignore[misc]
    """imaplib's client, which tells of its socket before it waits for the server's first word."""


class _Tls(_Together, IMAP4_TLS):  # type: ignore[misc]
    """The same over TLS."""


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient with the two above."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext, opened: Opened) -> None:
        self._opened = opened
        implicit = endpoint.tls == "implicit"
        super().__init__(
            endpoint.host,
            endpoint.port,
            ssl=implicit,
            ssl_context=context if implicit else None,
            timeout=SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  IMAPClient's name
        if self.ssl:
            return _Tls(self.host, self.port, self.ssl_context, CONNECT_SECONDS, opened=self._opened)
        return _Plain(self.host, self.port, CONNECT_SECONDS, opened=self._opened)


class Wire:
    """One authenticated connection. Every method raises MailError; `broken` errors mean: throw this one away."""

    def __init__(
        self, account: Account, *, tls: ssl.SSLContext | None = None, opened: Opened = lambda _socket: None
    ) -> None:
        """Connects and signs in: 2.5 seconds at most to connect, as many of silence in each answer (10 for a search).

        `opened` gets the socket as soon as there is one: a server that drips its greeting can then be cut short.
        """
        self.selected: tuple[str, int] | None = None
        self.keeps_keywords = False
        #: What the caller has to do anyway: done once, while the server thinks of the next batch.
        self.meanwhile: Callable[[], None] | None = None
        endpoint = account.endpoint
        context = tls or trust()
        with _translated("unreachable"):
            client = _Client(endpoint, context, opened)
        self._client: Any = client
        self._imap: Any = client._imap  # noqa: SLF001  the adapter's very purpose, see the module's docstring
        # IMAPClient has each line written to a log, which costs as much as reading it.
        self._imap.debug = 0
        try:
            with _translated("unreachable"):
                if endpoint.tls == "starttls":
                    client.starttls(context)
                self._sign_in(account)
                self.capabilities: frozenset[str] = frozenset(
                    capability.decode("ascii", errors="replace").upper() for capability in client.capabilities()
                )
        except MailError:
            self.close()
            raise

    def _sign_in(self, account: Account) -> None:
        credentials = account.credentials
        try:
            if credentials.method == "oauthbearer":
                self._client.oauthbearer_login(credentials.mailbox, credentials.secret)
            elif credentials.method == "xoauth2":
                self._client.oauth2_login(credentials.mailbox, credentials.secret)
            else:
                answer = "\0".join(credentials.plain())
                self._client.sasl_login("PLAIN", lambda _challenge: answer)
        except (LoginError, CapabilityError) as error:
            # A server that is shutting down or overloaded says so with these codes: worth another try.
            retry = any(code in str(error) for code in ("UNAVAILABLE", "INUSE", "LIMIT"))
            raise MailError("login_refused", _short(error), retry=retry, broken=True) from error

    def command(self, name: str, *arguments: str, answers: str) -> Raw:
        """Sends a command and gives back its untagged answers of one kind. Raises MailError("refused") on NO."""
        with _translated("refused"), self._patience(name):
            status, data = self._imap._simple_command(name, *_checked(arguments))  # noqa: SLF001
            self._expect_ok(status, data)
            _, untagged = self._imap.response(answers)
        return _raw(untagged)

    @contextmanager
    def _patience(self, name: str) -> Iterator[None]:
        """Waits longer for what an honest server may take long to do."""
        if name not in LONG_COMMANDS:
            yield
            return
        self._imap.sock.settimeout(LONG_SECONDS)
        try:
            yield
        finally:
            if self._imap.sock is not None:
                self._imap.sock.settimeout(READ_SECONDS)

    def untagged(self, kind: str) -> Raw:
        """Other untagged answers that came with the last command."""
        return _raw(self._imap.response(kind)[1])

    def heard_news(self) -> bool:
        """Whether the server told that messages came to the selected folder, or left it."""
        told = self._imap.untagged_responses
        changed = any(kind in told for kind in ("EXISTS", "EXPUNGE"))
        for kind in ("EXISTS", "EXPUNGE", "RECENT"):
            told.pop(kind, None)
        return changed

    def codes(self, kind: str) -> list[str]:
        """Response codes (`[COPYUID …]`) that came with the last command, as imaplib sets them apart."""
        found = self._imap.response(kind)[1]
        return [f"[{kind} {_answer_text([item])}]" for item in found or [] if isinstance(item, bytes)]

    def batch(self, commands: Sequence[tuple[str, ...]]) -> list[bool]:
        """Sends commands of different kinds in one round trip, and says which succeeded; answers: `untagged`.

        A `SELECT` among them opens its folder for those that follow.
        """
        slow = next((word for command in commands for word in command[:2] if word in LONG_COMMANDS), "")
        with _translated("refused"), self._patience(slow):
            tags = []
            with self._together():
                for name, *arguments in commands:
                    if name == "SELECT":
                        self.selected = None
                        self._imap.untagged_responses = {}
                        self._imap.state, self._imap.is_readonly = "SELECTED", True
                    tags.append((name, self._imap._command(name, *_checked(tuple(arguments)))))  # noqa: SLF001
            if self.meanwhile is not None:
                work, self.meanwhile = self.meanwhile, None
                work()
            return [self._succeeded(name, tag) for name, tag in tags]

    def _succeeded(self, name: str, tag: bytes) -> bool:
        """Whether a command of a batch did; one that follows a SELECT that failed makes no sense to the server."""
        try:
            return bool(self._imap._command_complete(name, tag)[0] == "OK")  # noqa: SLF001
        except (imaplib.IMAP4.abort, imaplib.IMAP4.readonly):
            raise
        except imaplib.IMAP4.error:
            return False

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Sends at its end, in one go, what was written during the block."""
        held = self._imap.held = bytearray()
        try:
            yield
        finally:
            self._imap.held = None
        self._imap.send(bytes(held))

    def search(self, pieces: Sequence[str | bytes], *, command: str = "UID SEARCH") -> Raw:
        """A search whose bytes travel as literals: nothing in them can be read as a command.

        One round trip where the server takes LITERAL+, one more a literal elsewhere.
        """
        plus = self.has("LITERAL+")
        with _translated("refused"), self._patience("SEARCH"):
            tag: bytes = self._imap._new_tag()  # noqa: SLF001
            line = tag + b" " + command.encode("ascii")
            for piece in pieces:
                if isinstance(piece, str):
                    line += b" " + _checked((piece,))[0].encode("ascii")
                    continue
                line += b" {%d%s}\r\n" % (len(piece), b"+" if plus else b"")
                if not plus:
                    self._imap.send(line)
                    if not self._continues(tag):
                        break
                    line = b""
                line += piece
            else:
                self._imap.send(line + b"\r\n")
            status, data = self._imap._command_complete("UID", tag)  # noqa: SLF001
            self._expect_ok(status, data)
            return _raw(self._imap.response(command.rpartition(" ")[2])[1])

    def _continues(self, tag: bytes) -> bool:
        """Waits for the server to ask for a literal; False when it refused the command instead."""
        while self._imap._get_response():  # noqa: SLF001
            if self._imap.tagged_commands[tag]:
                return False
        return True

    def selection(self) -> tuple[int, int, int]:
        """What the SELECT of a batch said: messages in the folder, UIDVALIDITY, UIDNEXT."""
        exists, validity, following = (self._imap.response(kind)[1] for kind in ("EXISTS", "UIDVALIDITY", "UIDNEXT"))
        self._note_keywords()
        return _last_number(exists), _last_number(validity), _last_number(following)

    def _note_keywords(self) -> None:
        """Whether the folder that was just selected keeps any keyword one likes (RFC 9051 § 7.1)."""
        told = self._imap.response("PERMANENTFLAGS")[1]
        self.keeps_keywords = any(isinstance(item, bytes) and b"\\*" in item for item in told or [])

    def select(self, quoted_folder: str) -> tuple[int, int, int]:
        """Opens a folder: messages in it, UIDVALIDITY, UIDNEXT. Raises MailError("no_such_folder")."""
        self.selected = None
        with _translated("refused"):
            try:
                status, data = self._imap.select(quoted_folder)
            except imaplib.IMAP4.readonly:
                status, data = "OK", self._imap.response("EXISTS")[1]
            # imaplib would refuse every later command in a folder shared for reading only; the server decides.
            self._imap.is_readonly = True
            if status != "OK":
                raise MailError("no_such_folder", _answer_text(data))
            self._note_keywords()
            validity, following = self._imap.response("UIDVALIDITY")[1], self._imap.response("UIDNEXT")[1]
        return _last_number(data), _last_number(validity), _last_number(following)

    def fetch(self, numbers: str, items: str, *, by_uid: bool = True) -> Raw:
        """FETCH, or UID FETCH."""
        with _translated("refused"):
            if by_uid:
                status, data = self._imap.uid("FETCH", *_checked((numbers, items)))
            else:
                status, data = self._imap.fetch(*_checked((numbers, items)))
            self._expect_ok(status, data)
        return _raw(data)

    def uid(self, name: str, *arguments: str) -> tuple[Raw, str]:
        """UID STORE, UID SEARCH, UID COPY, UID MOVE, UID EXPUNGE: untagged answers, and the server's last words."""
        with _translated("refused"), self._patience(name):
            status, data = self._imap.uid(name, *_checked(arguments))
            self._expect_ok(status, data)
        return _raw(data), _answer_text(data)

    def append(self, quoted_folder: str, flags: str, message: bytes) -> int | None:
        """Adds a message: its UID when the server tells (UIDPLUS). Raises MailError("no_such_folder", "over_quota")."""
        with _translated("refused"), self._patience("APPEND"):
            status, data = self._imap.append(*_checked((quoted_folder, flags)), None, message)
            words = _answer_text(data)
            if status != "OK" and "TOOBIG" in words:
                raise MailError("too_large", words)
            self._expect_ok(status, data)
        found = re.search(r"\[APPENDUID \d+ (\d+)\]", words)
        return int(found[1]) if found else None

    def is_alive(self, *, ask: bool) -> bool:
        """Whether the connection can be used again: the socket is silent and, when `ask`, the server answers NOOP."""
        try:
            sock: socket.socket = self._imap.sock
            # `select` itself knows no descriptor past 1,023: a process may hold more mailboxes than that.
            heard = select.poll()
            heard.register(sock, select.POLLIN)
            silent = not heard.poll(0)
            if silent and not ask:
                return True
            with _translated("unreachable"):
                status, _ = self._imap.noop()
        except (MailError, OSError, ValueError):
            return False
        return bool(status == "OK")

    def close(self) -> None:
        """Leaves politely if the server still listens; never raises and never waits long."""
        with suppress(Exception):
            self._imap.sock.settimeout(1.0)
            self._client.logout()
        self.abort()

    def abort(self) -> None:
        """Cuts the connection at once; a thread that waits on it gets a MailError. May be called from another one."""
        with suppress(Exception):
            self._imap.sock.shutdown(socket.SHUT_RDWR)
        with suppress(Exception):
            self._client.shutdown()

    def has(self, capability: str) -> bool:
        """Whether the server offers an extension."""
        return capability in self.capabilities

    @staticmethod
    def _expect_ok(status: str, data: Any) -> None:
        if status == "OK":
            return
        words = _answer_text(data)
        raise MailError(next((key for code, key in _SAID.items() if code in words.upper()), "refused"), words)


@contextmanager
def _translated(otherwise: ErrorKey) -> Iterator[None]:
    """imaplib's, ssl's and the socket's errors as ours."""
    try:
        yield
    except MailError:
        raise
    except (imaplib.IMAP4.abort, EOFError, ConnectionError, ssl.SSLError) as error:
        raise MailError("unreachable", _short(error), retry=True, broken=True) from error
    except TimeoutError as error:
        raise MailError("timeout", _short(error), retry=True, broken=True) from error
    except OSError as error:
        raise MailError("unreachable", _short(error), retry=True, broken=True) from error
    except (imaplib.IMAP4.error, ValueError, UnicodeError, IndexError, TypeError, AttributeError) as error:
        # AttributeError and TypeError: imaplib on a socket that `abort` closed under it.
        raise MailError(otherwise, _short(error), broken=True) from error


def _checked(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The last gate before the socket, whatever the callers did."""
    if any(_LINE_BREAK.search(argument) for argument in arguments):
        raise MailError("bad_argument", "line break or NUL in a command")
    return arguments


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:300]}"


def _raw(data: Any) -> Raw:
    return [] if data is None or data == [None] else list(data)


def _answer_text(data: Any) -> str:
    return b" ".join(item for item in data or [] if isinstance(item, bytes)).decode("utf-8", errors="replace")[:500]


def _last_number(data: Any) -> int:
    return integer(data[-1] if data else None)
