"""Told by the mail server that something arrived (IDLE, RFC 2177), without a thread for each mailbox."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress

from mailkit.endpoints import Account, trust
from mailkit.errors import MailError

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
#: Servers may cut an IDLE after 30 minutes.
AGAIN_SECONDS = 25 * 60.0
#: Without IDLE, the mailbox is asked so often.
ASK_SECONDS = 20.0
LONGEST_LINE = 64 * 1024
_CHANGE = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b", re.IGNORECASE)
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\r\n\Z")


class _Line:
    """One connection, spoken to line by line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._number = 0

    async def say(self, words: str) -> str:
        """Sends a command; its tag."""
        if re.search(r"[\r\n\0]", words):
            raise MailError("bad_argument", "line break or NUL in a command")
        self._number += 1
        tag = f"N{self._number}"
        self.writer.write(f"{tag} {words}\r\n".encode("ascii"))
        await self.writer.drain()
        return tag

    async def hear(self) -> bytes:
        """One line, literals left out. Raises MailError("unreachable") at the end."""
        line = await self.reader.readline()
        while found := _LITERAL.search(line):
            size = int(found[1])
            if size > LONGEST_LINE:
                raise MailError("protocol", "endless literal", broken=True)
            await self.reader.readexactly(size)
            line = line[: found.start()] + await self.reader.readline()
        if not line:
            raise MailError("unreachable", "closed by the server", retry=True, broken=True)
        return line

    async def ask(self, words: str) -> list[bytes]:
        """Sends a command and waits for its end; the lines before it."""
        tag = (await self.say(words)).encode()
        lines: list[bytes] = []
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                line = await self.hear()
                if line.startswith(tag + b" "):
                    if not line[len(tag) + 1 :].upper().startswith(b"OK"):
                        raise MailError("refused", line.decode("ascii", errors="replace")[:200], broken=True)
                    return lines
                lines.append(line)


async def changes(account: Account, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Yields `ready` once listening, then `new` or `changed` each time the inbox does. Raises MailError at the end."""
    line = await _connected(account, tls)
    try:
        capabilities = b" ".join(await line.ask("CAPABILITY")).upper()
        count = _exists(await line.ask("EXAMINE INBOX"))
        yield "ready"
        while True:
            found = await (_idle(line) if b" IDLE" in capabilities else _asked(line))
            fresh = [int(number) for number, kind in found if kind == b"EXISTS"]
            if fresh and fresh[-1] > count:
                yield "new"
            elif found:
                yield "changed"
            count = fresh[-1] if fresh else count - sum(kind == b"EXPUNGE" for _number, kind in found)
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise MailError("unreachable", str(error)[:200], retry=True, broken=True) from error
    finally:
        line.writer.close()


async def _connected(account: Account, tls: ssl.SSLContext | None) -> _Line:
    endpoint = account.endpoint
    context = tls or trust()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                endpoint.host, endpoint.port, ssl=context if endpoint.tls == "implicit" else None, limit=LONGEST_LINE
            )
            line = _Line(reader, writer)
            await line.hear()
            if endpoint.tls == "starttls":
                await line.ask("STARTTLS")
                await writer.start_tls(context, server_hostname=endpoint.host)
            await _sign_in(line, account)
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
        raise MailError("unreachable", str(error)[:200], retry=True, broken=True) from error
    return line


async def _sign_in(line: _Line, account: Account) -> None:
    credentials = account.credentials
    if credentials.method == "xoauth2":
        method, raw = "XOAUTH2", f"user={credentials.mailbox}\x01auth=Bearer {credentials.secret}\x01\x01"
    elif credentials.method == "oauthbearer":
        method, raw = "OAUTHBEARER", f"n,a={credentials.mailbox},\x01auth=Bearer {credentials.secret}\x01\x01"
    else:
        method, raw = "PLAIN", "\0".join(credentials.plain())
    secret = base64.b64encode(raw.encode()).decode()
    tag = (await line.say(f"AUTHENTICATE {method}")).encode()
    while True:
        answer = await line.hear()
        if answer.startswith(b"+"):
            line.writer.write(secret.encode() + b"\r\n")
            await line.writer.drain()
            secret = ""
        elif answer.startswith(tag + b" "):
            if not answer[len(tag) + 1 :].upper().startswith(b"OK"):
                raise MailError("login_refused", answer.decode("ascii", errors="replace")[:200], broken=True)
            return


async def _idle(line: _Line) -> list[tuple[bytes, bytes]]:
    """Listens until something changes, or for long enough; what changed."""
    tag = (await line.say("IDLE")).encode()
    found: list[tuple[bytes, bytes]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(AGAIN_SECONDS):
            while not found:
                found += _CHANGE.findall(await line.hear())
    line.writer.write(b"DONE\r\n")
    await line.writer.drain()
    async with asyncio.timeout(ANSWER_SECONDS):
        while not (answer := await line.hear()).startswith(tag + b" "):
            found += _CHANGE.findall(answer)
    return [(number, kind.upper()) for number, kind in found]


async def _asked(line: _Line) -> list[tuple[bytes, bytes]]:
    await asyncio.sleep(ASK_SECONDS)
    lines = await line.ask("NOOP")
    return [(number, kind.upper()) for each in lines for number, kind in _CHANGE.findall(each)]


def _exists(lines: list[bytes]) -> int:
    found = [int(number) for each in lines for number, kind in _CHANGE.findall(each) if kind.upper() == b"EXISTS"]
    return found[-1] if found else 0
