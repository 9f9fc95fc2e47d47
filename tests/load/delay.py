"""`python delay.py HERE THERE SECONDS`: a network of some milliseconds to a server of loopback; each way takes SECONDS.

What is on its way does not hold up what follows it, as in a real network: a large answer is late once.
"""

from __future__ import annotations

import asyncio
import socket
import sys


class _Way(asyncio.Protocol):
    """Bytes that come by one end leave by the other, later."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end: asyncio.Transport | None = None
        self.other: _Way | None = None
        self.waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.end = transport
        for data in self.waiting:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(self.seconds, self._pass, data)

    def _pass(self, data: bytes) -> None:
        other = self.other
        assert other is not None
        if other.end is None:
            other.waiting.append(data)
        else:
            other.end.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.end is not None:
            asyncio.get_running_loop().call_later(self.seconds, self.other.end.close)


async def _listen(here: int, there: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    opening: set[asyncio.Future[object]] = set()

    def pair() -> _Way:
        near, far = _Way(seconds), _Way(seconds)
        near.other, far.other = far, near
        # The client's first packet and the connection to the server take their way too.
        task = loop.create_task(loop.create_connection(lambda: far, "127.0.0.1", there))
        opening.add(task)
        task.add_done_callback(opening.discard)
        return near

    server = await loop.create_server(pair, "127.0.0.1", here)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_listen(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
