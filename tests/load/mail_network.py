"""The network between the portal and the mail server, as the benchmark wants it: near, far, or frozen."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Way:
    """A proxy in front of the mail server."""

    port: int
    process: subprocess.Popen[bytes]

    def freeze(self) -> None:
        """Connections are taken by the kernel, and nothing answers any more."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """What waited goes on its way."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def way_to(port: int, seconds: float) -> Iterator[Way]:
    """A way to the mail server whose round trip takes so long."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = int(probe.getsockname()[1])
    script = str(Path(__file__).with_name("delay.py"))
    process = subprocess.Popen([sys.executable, script, str(here), str(port), str(seconds / 2)])
    way = Way(here, process)
    try:
        _wait_for(here)
        yield way
    finally:
        way.thaw()
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """The port of such a way; the mail server's own when it takes no time."""
    if not seconds:
        yield port
        return
    with way_to(port, seconds) as way:
        yield way.port
