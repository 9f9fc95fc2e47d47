"""Everything that goes into an IMAP command passes here first.

IMAPClient and imaplib send what they are given: a line break in a folder name or a search term becomes a second
command (mjs/imapclient#657, CVE-2025-15366). So CR, LF and NUL are refused, and each kind of argument has its shape.
"""

from __future__ import annotations

import re

from imapclient import imap_utf7

from mailkit.errors import MailError

_FORBIDDEN = re.compile(r"[\r\n\0]")
_SECTION = re.compile(r"[1-9]\d{0,4}(\.[1-9]\d{0,4}){0,30}", re.ASCII)
_FLAG = re.compile(r"\\?[A-Za-z0-9$_.-]{1,60}", re.ASCII)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>", re.ASCII)
MAX_NAME = 1000


def text(value: str) -> str:
    """`value` unless it holds CR, LF or NUL. Raises MailError("bad_argument")."""
    if _FORBIDDEN.search(value):
        raise MailError("bad_argument", "line break or NUL in an argument")
    return value


def quoted(value: str) -> str:
    """An ASCII argument as an IMAP quoted string."""
    if not text(value).isascii():
        raise MailError("bad_argument", "a quoted string holds ASCII only")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folder(name: str) -> str:
    """A folder name in modified UTF-7, quoted. Raises MailError("bad_argument") for an empty or endless one."""
    if not name or len(name) > MAX_NAME:
        raise MailError("bad_argument", "folder name is empty or too long")
    encoded: bytes = imap_utf7.encode(text(name))
    return quoted(encoded.decode("ascii"))


def decode_folder(raw: bytes) -> str:
    """A folder name as the server wrote it (modified UTF-7), for a person."""
    try:
        name: str = imap_utf7.decode(raw)
    except (ValueError, IndexError):
        return raw.decode("utf-8", errors="replace")
    return name


def uid(value: int) -> str:
    """A message number. Raises MailError("no_such_message") outside what RFC 9051 allows."""
    if not 0 < value < 2**32:
        raise MailError("no_such_message", "impossible UID")
    return str(int(value))


def uids(values: list[int]) -> str:
    """A set of message numbers."""
    if not values or len(values) > 5000:
        raise MailError("bad_argument", "empty or endless set of messages")
    return ",".join(uid(value) for value in values)


def section(value: str) -> str:
    """A part number such as `1.2`. Raises MailError("no_such_message") for anything else."""
    if not _SECTION.fullmatch(value):
        raise MailError("no_such_message", "impossible part number")
    return value


def flags(values: tuple[str, ...]) -> str:
    """A parenthesised list of flags and keywords."""
    if not all(_FLAG.fullmatch(value) for value in values):
        raise MailError("bad_argument", "not a flag")
    return "(" + " ".join(values) + ")"


def message_id(value: str) -> str:
    """A Message-ID to search for. What a sender wrote in a header is never sent back unless it has the plain shape."""
    if not _MESSAGE_ID.fullmatch(value):
        raise MailError("bad_argument", "not a Message-ID")
    return quoted(value)
