"""A proxy that makes a rich mail server as poor as Exchange: UIDPLUS, MOVE and IDLE, and nothing else.

It hides the other capabilities, answers BAD to what needs them, and takes out of the answers what Exchange does not
say: what folders are for, change numbers, keywords that can be made. What passes, the real server behind it does.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from mailkit.tests.relay import Link, relay

CAPABILITIES = b"IMAP4rev1 UIDPLUS MOVE IDLE"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")
_VERB = re.compile(rb"\S+ (?:UID )?(\S+)", re.IGNORECASE)
_ABSENT = frozenset(
    b"SORT THREAD NAMESPACE ENABLE GETQUOTA GETQUOTAROOT SETQUOTA MYRIGHTS GETACL SETACL DELETEACL LISTRIGHTS NOTIFY"
    b" GETMETADATA SETMETADATA COMPRESS UNSELECT ID ESEARCH REPLACE CATENATE XLIST".split()
)
# Words of extensions inside commands that exist everywhere.
_FOREIGN = re.compile(
    rb"\bRETURN\b|CONDSTORE|QRESYNC|MODSEQ|CHANGEDSINCE|VANISHED|FUZZY|PREVIEW|SNIPPET|BINARY|\(SUBSCRIBED|\(SPECIAL-USE"
    rb"|\bYOUNGER\b|\bOLDER\b|EMAILID|THREADID|SAVEDATE|[( ]SIZE[) ]\)",
    re.IGNORECASE,
)
_USES = re.compile(
    rb"\\(?:Sent|Drafts|Trash|Junk|Archive|All|Flagged|Important|Subscribed|HasChildren|HasNoChildren) ?"
)
_HIDDEN_LINE = re.compile(rb"\* OK \[(?:HIGHESTMODSEQ|NOMODSEQ|CLOSED)", re.IGNORECASE)


def refusal(line: bytes) -> bytes:
    """What a poor server says to a command of an extension; empty for one it knows."""
    found = _VERB.match(line)
    if found is None:
        return b""
    verb = found[1].upper()
    literal = _LITERAL.search(line)
    initial = verb == b"AUTHENTICATE" and len(line.split()) > 3
    # What is looked for, or the name of a folder, may hold any word.
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', line)
    if verb in _ABSENT or _FOREIGN.search(bare) or initial or (literal and literal[2]):
        return line.split(b" ", 1)[0] + b" BAD unknown or misplaced command\r\n"
    return b""


def poorer(line: bytes, auth: bytes) -> bytes:
    """A line of the rich server without what a poor one does not say."""
    upper, told = line.upper(), CAPABILITIES + b" AUTH=" + auth
    if _HIDDEN_LINE.match(line):
        return b""
    if upper.startswith(b"* CAPABILITY"):
        return b"* CAPABILITY " + told + b"\r\n"
    if b"[CAPABILITY" in upper:
        return re.sub(rb"\[CAPABILITY [^\]]*\]", b"[CAPABILITY " + told + b"]", line, flags=re.IGNORECASE)
    if upper.startswith((b"* LIST", b"* LSUB")):
        head, end, rest = line.partition(b")")
        return _USES.sub(b"", head).replace(b" )", b")") + end + rest
    if b"[PERMANENTFLAGS" in upper:
        kept = rb"[PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)]"
        return re.sub(rb"\[PERMANENTFLAGS [^\]]*\]", kept, line, flags=re.IGNORECASE)
    return line


class _Poorer(Link):
    """One client, told less than the server behind says."""

    def __init__(self, client: socket.socket, port: int, auth: bytes) -> None:
        self.auth = auth
        super().__init__(client, port)

    def up(self) -> None:
        with self.client.makefile("rb") as lines:
            inside = False
            while line := lines.readline():
                if not inside and (said := refusal(line)):
                    # A literal that does not wait comes all the same.
                    if found := _LITERAL.search(line):
                        lines.read(int(found[1]))
                        lines.readline()
                    self.client.sendall(said)
                    continue
                self.server.sendall(line)
                found = _LITERAL.search(line)
                inside = found is not None
                if found:
                    self.server.sendall(lines.read(int(found[1])))

    def down(self) -> None:
        with self.server.makefile("rb") as lines:
            inside = False
            while line := lines.readline():
                self.client.sendall(line if inside else poorer(line, self.auth))
                found = _LITERAL.search(line)
                inside = found is not None
                if found:
                    self.client.sendall(lines.read(int(found[1])))


@contextmanager
def exchange_level(port: int, *, auth: bytes = b"PLAIN") -> Iterator[int]:
    """Listens before the server of this loopback port; the port to use instead. `auth`: the only way in it tells of."""
    with relay(port, partial(_Poorer, auth=auth)) as made:
        yield made.port
