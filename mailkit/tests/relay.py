"""A relay before a server of loopback, where a test slows, slices, cuts or refuses what passes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

SIZE = 65536


class Link:
    """One client and its connection to the server behind, each way in a thread of its own; bytes pass as they are."""

    def __init__(self, client: socket.socket, port: int) -> None:
        self.client = client
        self.server = socket.create_connection(("127.0.0.1", port))
        for end in (self.client, self.server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.threads = [threading.Thread(target=self._passing, args=(work,), daemon=True) for work in self.ways()]

    def ways(self) -> tuple[Callable[[], None], Callable[[], None]]:
        """What carries commands up, and answers down."""
        return self.up, self.down

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def up(self) -> None:
        while data := self.client.recv(SIZE):
            self.server.sendall(data)

    def down(self) -> None:
        while data := self.server.recv(SIZE):
            self.client.sendall(data)

    def _passing(self, work: Callable[[], None]) -> None:
        with suppress(OSError, ValueError):
            work()
        self.close()

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.close()
        for thread in self.threads:
            thread.join(timeout=5)
        self.client.close()
        self.server.close()


class Relay:
    """Listens on a port of its own; each connection becomes a link made by `link`."""

    def __init__(self, port: int, link: Callable[[socket.socket, int], Link] = Link) -> None:
        self._behind = port
        self._link = link
        self._links: list[Link] = []
        self.port = 0
        self.listen()

    def listen(self) -> None:
        """Takes connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(self._listener,), daemon=True)
        self._thread.start()

    def refuse(self) -> None:
        """Cuts every connection and refuses new ones, as a server that is down."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)
        self._listener.close()
        links, self._links = self._links, []
        for link in links:
            link.end()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                link = self._link(client, self._behind)
                self._links.append(link)
                link.start()


@contextmanager
def relay(port: int, link: Callable[[socket.socket, int], Link] = Link) -> Iterator[Relay]:
    """A relay for the length of a block."""
    made = Relay(port, link)
    try:
        yield made
    finally:
        made.refuse()


@dataclass
class Trips:
    """Counts how often a client waits for the server: it writes, and writes again once it was answered."""

    count: int = 0
    packets: int = 0
    answered: bool = True

    def link(self, client: socket.socket, port: int) -> Link:
        """A link that counts."""
        return _CountingLink(client, port, self)

    @contextmanager
    def none_but(self, number: int) -> Iterator[None]:
        """No more and no fewer than so many during the block, each in one packet."""
        self.count, self.packets, self.answered = 0, 0, True
        yield
        told = f"waited {self.count} times, in {self.packets} packets"
        assert (self.count, self.packets) == (number, number), told


class _CountingLink(Link):
    def __init__(self, client: socket.socket, port: int, trips: Trips) -> None:
        self.trips = trips
        super().__init__(client, port)

    def up(self) -> None:
        while data := self.client.recv(SIZE):
            self.trips.packets += 1
            self.trips.count += self.trips.answered
            self.trips.answered = False
            self.server.sendall(data)

    def down(self) -> None:
        while data := self.server.recv(SIZE):
            self.trips.answered = True
            self.client.sendall(data)


When = Literal["before", "during", "after"]


@dataclass
class Faults:
    """What a test does to the links of a relay; it may change while they are open.

    `slow`: seconds before each answer; `slices`: bytes at a time, `drip` seconds apart. A `cut` waits for one command,
    does its harm once, and leaves the next connections alone: before the server gets it; during its literal, half of
    which arrives; after the server has done it, so that its answer is lost.
    """

    slow: float = 0.0
    slices: int = 0
    drip: float = 0.0
    cut: re.Pattern[bytes] | None = None
    when: When = "before"
    done: int = 0

    def __post_init__(self) -> None:
        self.over = threading.Event()

    def cut_at(self, command: bytes, when: When) -> None:
        """Arms a cut for the next command that matches."""
        self.cut, self.when = re.compile(command, re.IGNORECASE), when

    def link(self, client: socket.socket, port: int) -> Link:
        """A link under these faults."""
        return _FaultyLink(client, port, self)


class _FaultyLink(Link):
    def __init__(self, client: socket.socket, port: int, faults: Faults) -> None:
        self.faults = faults
        self.halved = False
        self.swallowed = b""
        super().__init__(client, port)

    def up(self) -> None:
        while data := self.client.recv(SIZE):
            if self.halved:
                self.server.sendall(data[: len(data) // 2])
                return
            cut = self.faults.cut
            if cut is not None and cut.search(data):
                self.faults.cut = None
                self.faults.done += 1
                if self.faults.when == "before":
                    return
                self.halved = self.faults.when == "during"
                self.swallowed = b"" if self.halved else data.split(b" ", 1)[0]
            self.server.sendall(data)

    def down(self) -> None:
        while data := self.server.recv(SIZE):
            if self.swallowed and re.search(rb"(?:^|\r\n)" + re.escape(self.swallowed) + b" ", data):
                return
            if self.faults.slow and self.faults.over.wait(self.faults.slow):
                return
            size = self.faults.slices or len(data)
            for start in range(0, len(data), size):
                self.client.sendall(data[start : start + size])
                if self.faults.drip and self.faults.over.wait(self.faults.drip):
                    return

    def end(self) -> None:
        self.faults.over.set()
        super().end()
