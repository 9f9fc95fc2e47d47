"""An LDAP v3 client for three things: find one entry, bind as it, change its password (RFC 4511, 3062).

It writes no filter as text: a value goes in its own BER element, so nothing typed changes what is asked
(docs/adr/0024).
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nomade.accounts.directories import ber

BIND, BOUND, UNBIND, SEARCH, ENTRY, FOUND, ASK, ANSWERED = 0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x77, 0x78
START_TLS, CHANGE_PASSWORD = "1.3.6.1.4.1.1466.20037", "1.3.6.1.4.1.4203.1.11.1"
SUCCESS, NO_SUCH_OBJECT, INVALID_CREDENTIALS = 0, 32, 49
# What a directory adds to its answer when asked (draft-behera-ldap-password-policy): expired, to be changed first.
PASSWORD_POLICY, EXPIRED, MUST_CHANGE = "1.3.6.1.4.1.42.2.27.8.5.1", 0, 2
# Active Directory says it in words, and only to who gave the right password.
EXPIRED_IN_WORDS = re.compile(r"\bdata (532|773)\b")
# What a directory answers when it is not able to serve now: busy, unavailable, other.
NOT_NOW = (51, 52, 80)
LARGEST_MESSAGE = 1_000_000
LOCAL = ("127.0.0.1", "::1", "localhost")


class Unreachable(Exception):
    """The directory does not answer, or not as a directory."""


class Expired(Exception):
    """The password is the right one, and must be changed in the directory before it opens anything."""


class Denied(Exception):
    """The directory says no; `code` is its result code."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}"[:200])
        self.code = code


@dataclass(frozen=True)
class Server:
    """Where the directory is, and how the portal looks for people there."""

    url: str
    base: str
    login_attribute: str = "mail"
    bind_dn: str = ""
    bind_password: str = ""
    start_tls: bool = True
    ca_file: str = ""
    seconds: int = 3


@dataclass(frozen=True)
class Entry:
    """One entry: its name, and the attributes that were asked, in lower case."""

    dn: str
    attributes: dict[str, list[str]] = field(default_factory=dict)


def is_password_of(server: Server, login: str, password: str) -> bool:
    """Whether a password is the one of the only entry of a login. Raises Expired, Unreachable.

    An empty password is refused here: many servers answer « success » to a bind without one (RFC 4513, 5.1.2).
    """
    if not password:
        return False
    with _connected(server) as connection:
        entry = connection.entry(server, login)
        right = entry is not None and connection.binds(entry.dn, password)
        if connection.expired:
            raise Expired
        return right


def change_password(server: Server, login: str, present: str, wanted: str) -> bool:
    """Changes the password of somebody who knows the present one; False when it is not. Raises Denied, Unreachable."""
    if not present:
        return False
    with _connected(server) as connection:
        entry = connection.entry(server, login)
        if entry is None or not connection.binds(entry.dn, present):
            return False
        value = ber.sequence(ber.octets(entry.dn, 0x80), ber.octets(present, 0x81), ber.octets(wanted, 0x82))
        connection.extended(CHANGE_PASSWORD, value)
        return True


def is_locked(server: Server, login: str) -> bool | None:
    """Whether the directory locked somebody; None when it does not know them."""
    with _connected(server) as connection:
        entry = connection.entry(server, login)
    if entry is None:
        return None
    said = [*entry.attributes.get("pwdaccountlockedtime", []), *entry.attributes.get("nsaccountlock", [])]
    said += [when for when in entry.attributes.get("lockouttime", []) if when != "0"]
    return any(value.lower() != "false" for value in said)


@contextmanager
def _connected(server: Server) -> Iterator[_Connection]:
    parts = urlsplit(server.url)
    host, port = parts.hostname or "", parts.port or (636 if parts.scheme == "ldaps" else 389)
    connection: _Connection | None = None
    try:
        connection = _Connection(socket.create_connection((host, port), timeout=server.seconds))
        _secure(connection, server, host, at_once=parts.scheme == "ldaps")
        if server.bind_dn and not connection.binds(server.bind_dn, server.bind_password):
            raise Unreachable("the account of the portal is refused")
        yield connection
        connection.stream.sendall(connection.message(UNBIND, b""))
    except (OSError, ValueError, IndexError) as error:  # ValueError: bytes that are not what they say
        raise Unreachable(type(error).__name__) from error
    finally:
        if connection is not None:
            connection.stream.close()  # the one of TLS, which took the plain one over


def _secure(connection: _Connection, server: Server, host: str, *, at_once: bool) -> None:
    """TLS from the first byte, or asked for; without any, this machine only."""
    if not at_once and not server.start_tls:
        if host not in LOCAL:
            raise Unreachable("an address without TLS")
        return
    if not at_once:
        connection.extended(START_TLS)
    context = ssl.create_default_context(cafile=server.ca_file or None)
    connection.stream = context.wrap_socket(connection.stream, server_hostname=host)


class _Connection:
    """One conversation, one question at a time."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.number = 0
        # Whether the last bind gave a right password that must be changed first.
        self.expired = False
        self.controls: list[bytes] = []

    def message(self, tag: int, content: bytes, controls: bytes = b"") -> bytes:
        self.number += 1
        return ber.sequence(ber.integer(self.number), ber.element(tag, content), controls)

    def binds(self, dn: str, password: str) -> bool:
        """A simple bind: whether it is accepted. Any refusal but « not now » says no."""
        content = ber.integer(3) + ber.octets(dn) + ber.octets(password, 0x80)
        policy = ber.sequence(ber.sequence(ber.octets(PASSWORD_POLICY)), tag=0xA0)
        (answer,) = self.ask(BIND, content, BOUND, policy)
        code, said = _result(answer)
        if code in NOT_NOW:
            raise Unreachable(f"{code} {said}")
        in_words = code == INVALID_CREDENTIALS and EXPIRED_IN_WORDS.search(said) is not None
        self.expired = in_words or any(_policy_error(control) in (EXPIRED, MUST_CHANGE) for control in self.controls)
        return code == SUCCESS

    def entry(self, server: Server, login: str) -> Entry | None:
        """The only entry whose attribute equals a login; two are as none. No filter is ever written as text."""
        equality = ber.sequence(ber.octets(server.login_attribute), ber.octets(login), tag=0xA3)
        wanted = ber.sequence(*map(ber.octets, ("pwdAccountLockedTime", "nsAccountLock", "lockoutTime")))
        scope, aliases, most = ber.integer(2, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED), ber.integer(2)
        limits = most + ber.integer(server.seconds) + ber.element(ber.BOOLEAN, b"\x00")
        content = ber.octets(server.base) + scope + aliases + limits + equality + wanted
        *answers, end = self.ask(SEARCH, content, FOUND)
        code, said = _result(end)
        if code not in (SUCCESS, NO_SUCH_OBJECT):
            raise Unreachable(f"search: {code} {said}")
        found = [_entry(answer) for answer in answers]
        return found[0] if len(found) == 1 else None

    def extended(self, name: str, value: bytes | None = None) -> None:
        """An extended operation. Raises Denied."""
        content = ber.octets(name, 0x80) + (ber.element(0x81, value) if value is not None else b"")
        (answer,) = self.ask(ASK, content, ANSWERED)
        code, said = _result(answer)
        if code != SUCCESS:
            raise Denied(code, said)

    def ask(self, tag: int, content: bytes, last: int, controls: bytes = b"") -> list[bytes]:
        """Sends one question; the answers up to the last, entries among them. Others (referrals) are left out."""
        self.stream.sendall(self.message(tag, content, controls))
        answers: list[bytes] = []
        while True:
            (_number, number), (kind, answer), *said = list(ber.elements(self._receive()))
            if int.from_bytes(number, "big") != self.number:
                raise ber.Malformed("an answer to another question")
            if kind in (last, ENTRY):
                answers.append(answer)
            if kind == last:
                self.controls = [control for _tag, held in said[:1] for _sequence, control in ber.elements(held)]
                return answers

    def _receive(self) -> bytes:
        """The content of the next message."""
        data = b""
        while True:
            found = ber.head(data)
            if found and found[2] > LARGEST_MESSAGE:
                raise ber.Malformed("too long")
            if found and len(data) >= found[2]:
                if len(data) > found[2]:
                    self.rest = data[found[2] :]
                return data[found[1] : found[2]]
            data += self._some()

    rest = b""

    def _some(self) -> bytes:
        if self.rest:
            data, self.rest = self.rest, b""
            return data
        data = self.stream.recv(65536)
        if not data:
            raise ConnectionResetError
        return data


def _result(answer: bytes) -> tuple[int, str]:
    parts = list(ber.elements(answer))
    return int.from_bytes(parts[0][1], "big"), parts[2][1].decode(errors="replace")


def _policy_error(control: bytes) -> int | None:
    """The error that a control of the password policy holds: SEQUENCE { [0] warning, [1] error }, both optional."""
    (_name, name), *others = list(ber.elements(control))
    if name.decode(errors="replace") != PASSWORD_POLICY or not others or others[-1][0] != ber.OCTETS:
        return None
    held = dict(part for _tag, content in ber.elements(others[-1][1]) for part in ber.elements(content))
    return int.from_bytes(held[0x81], "big") if 0x81 in held else None


def _entry(answer: bytes) -> Entry:
    (_dn, dn), (_list, attributes) = list(ber.elements(answer))[:2]
    found = {}
    for _tag, attribute in ber.elements(attributes):
        (_name, name), (_set, values) = list(ber.elements(attribute))[:2]
        found[name.decode().lower()] = [value.decode(errors="replace") for _value, value in ber.elements(values)]
    return Entry(dn.decode(), found)
