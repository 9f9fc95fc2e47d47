"""Where the servers are, and in whose name we sign in."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

Tls = Literal["none", "starttls", "implicit"]

_SCHEMES: dict[str, tuple[int, Tls]] = {
    "imap": (143, "none"),
    "imap+starttls": (143, "starttls"),
    "imaps": (993, "implicit"),
    "smtp": (587, "none"),
    "smtp+starttls": (587, "starttls"),
    "smtps": (465, "implicit"),
    "sieve": (4190, "none"),
    "sieves": (4190, "implicit"),
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@cache
def trust() -> ssl.SSLContext:
    """Whom we trust by default, read once a process: reading the authorities of the machine takes 20 ms of processor,
    five times what the rest of a connection does.
    """
    return ssl.create_default_context()


@dataclass(frozen=True)
class Endpoint:
    """One server. `imap://` and its like speak in clear on loopback and upgrade with STARTTLS everywhere else."""

    host: str
    port: int
    tls: Tls

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Reads `imaps://host[:port]` and its like. Raises ValueError with a sentence when it cannot be one."""
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"not the address of a mail server: {url!r}")
        port, tls = _SCHEMES[parts.scheme]
        if tls == "none" and parts.hostname not in _LOOPBACK:
            tls = "starttls"
        return cls(parts.hostname, parts.port or port, tls)


@dataclass(frozen=True)
class Credentials:
    """How to sign in as `mailbox`.

    - `password`: as the mailbox itself, `secret` is its password;
    - `master`: as `login` with `secret`, acting for `mailbox` (SASL PLAIN with an authorisation identity);
    - `master_star`: the same written `mailbox*login`, for servers that know only this form;
    - `oauthbearer`, `xoauth2`: `secret` is a fresh access token of the mailbox.
    """

    method: Literal["password", "master", "master_star", "oauthbearer", "xoauth2"]
    mailbox: str
    secret: str = field(repr=False)
    login: str = ""

    def plain(self) -> tuple[str, str, str]:
        """Authorisation identity, authentication identity and password of SASL PLAIN (RFC 4616)."""
        if self.method == "master":
            return self.mailbox, self.login, self.secret
        if self.method == "master_star":
            return "", f"{self.mailbox}*{self.login}", self.secret
        return "", self.mailbox, self.secret


@dataclass(frozen=True)
class Account:
    """A mailbox on a server; two equal accounts share a live connection."""

    endpoint: Endpoint
    credentials: Credentials
