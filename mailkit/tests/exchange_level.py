"""A proxy that makes a rich mail server as poor as Exchange: UIDPLUS, MOVE and IDLE, and nothing else.

It hides the other capabilities, answers BAD to what needs them, and takes out of the answers what Exchange does not
say: what folders are for, change numbers, keywords that can be made. What passes, the real server behind it does.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CAPABILITIES = b"IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE IDLE"
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


def poorer(line: bytes) -> bytes:
    """A line of the rich server without what a poor one does not say."""
    upper = line.upper()
    if _HIDDEN_LINE.match(line):
        return b""
    if upper.startswith(b"* CAPABILITY"):
        return b"* CAPABILITY " + CAPABILITIES + b"\r\n"
    if b"[CAPABILITY" in upper:
        return re.sub(rb"\[CAPABILITY [^\]]*\]", b"[CAPABILITY " + CAPABILITIES + b"]", line, flags=re.IGNORECASE)
    if upper.startswith((b"* LIST", b"* LSUB")):
        head, end, rest = line.partition(b")")
        return _USES.sub(b"", head).replace(b" )", b")") + end + rest
    if b"[PERMANENTFLAGS" in upper:
        kept = rb"[PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)]"
        return re.sub(rb"\[PERMANENTFLAGS [^\]]*\]", kept, line, flags=re.IGNORECASE)
    return line


class _Connection:
    """One client, one connection to the server behind."""

    def __init__(self, client: socket.socket, port: int) -> None:
        self.client = client
        self.server = socket.create_connection(("127.0.0.1", port))
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._up, self._down)]
        for thread in self.threads:
            thread.start()

    def _up(self) -> None:
        with suppress(OSError, ValueError), self.client.makefile("rb") as lines:
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
        self.close()

    def _down(self) -> None:
        with suppress(OSError, ValueError), self.server.makefile("rb") as lines:
            inside = False
            while line := lines.readline():
                self.client.sendall(line if inside else poorer(line))
                found = _LITERAL.search(line)
                inside = found is not None
                if found:
                    self.client.sendall(lines.read(int(found[1])))
        self.close()

    def close(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.close()
        for thread in self.threads:
            thread.join(timeout=5)
        self.client.close()
        self.server.close()


@contextmanager
def exchange_level(port: int) -> Iterator[int]:
    """Listens before the server of this loopback port; the port to use instead."""
    opened: list[_Connection] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here: int = listener.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _address = listener.accept()
                    opened.append(_Connection(client, port))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield here
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
    for one in opened:
        one.end()
