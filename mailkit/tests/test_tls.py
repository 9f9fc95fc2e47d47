"""Over TLS from the first byte, and after STARTTLS: what travels in clear on loopback works there too."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mailkit.endpoints import Account, Endpoint
from mailkit.errors import MailError
from mailkit.imap import Listing, Session
from mailkit.imap.listing import overview
from mailkit.tests.test_servers import account_of, fill, new_login
from nomade.runtime.certificates import ensure_certificates


class _Front:
    """Ends TLS before a server of loopback; with `late`, once the client has asked for it."""

    def __init__(self, context: ssl.SSLContext, port: int, *, late: bool) -> None:
        self.context, self.behind, self.late = context, port, late

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.behind)
        try:
            await self._pass(reader, writer, far_reader, far_writer)
        finally:
            for end in (writer, far_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        if self.late:
            writer.write(await far_reader.readline())
            asked = b"* "
            while asked and not asked.upper().endswith(b" STARTTLS\r\n"):
                asked = await reader.readline()
                writer.write(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" if b" CAPABILITY" in asked else b"")
                writer.write(asked.partition(b" ")[0] + b" OK done\r\n")
            await writer.drain()
            await writer.start_tls(self.context)
        await asyncio.gather(_passing(reader, far_writer), _passing(far_reader, writer), return_exceptions=True)


async def _passing(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.close()


@contextmanager
def front(context: ssl.SSLContext, port: int, *, late: bool) -> Iterator[int]:
    """The port of such a server, for the length of a block."""
    loop = asyncio.new_event_loop()
    made = _Front(context, port, late=late)
    server = loop.run_until_complete(asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=None if late else context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_a_mailbox_is_read_over_tls_and_only_of_a_server_that_is_trusted(
    dovecot: object, tmp_path: Path, scheme: str
) -> None:
    files = ensure_certificates(tmp_path / "tls", ["localhost"])
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(files.certificate, files.key)
    plain = account_of(dovecot, new_login())
    with front(served, plain.endpoint.port, late=scheme != "imaps") as port:
        account = Account(Endpoint.parse(f"{scheme}://localhost:{port}"), plain.credentials)
        session = Session(account, tls=ssl.create_default_context(cafile=str(files.authority)))
        fill(session, 3)
        page = overview(session, Listing("INBOX")).page
        assert [line.subject for line in page.envelopes] == ["Message 3", "Message 2", "Message 1"]
        assert session.opened(page.envelopes[0].ref)[0].subject == "Message 3"
        assert session.wire.is_alive(ask=True)
        session.close()
        with pytest.raises(MailError) as error:
            Session(account)
        assert error.value.key == "unreachable"
