"""A real portal for the length of the browser tests: `nomade run`, its demo city, its own data folder."""

from __future__ import annotations

import atexit
import contextlib
import functools
import http.client
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
NOMADE = Path(sys.executable).with_name("nomade")
#: A cold machine creates the base, the certificates and the demo city before the first page.
START_SECONDS = 300
#: Below the ports that Linux lends to outgoing connections (ip_local_port_range, 32768 at first).
QUIET_PORTS = (20_000, 32_000)
STOP_SECONDS = 30
HOSTS = {
    "portal": "nomades.ville.localhost",
    "webmail": "webmail.ville.localhost",
    "content": "contenu.ville.localhost",
    "support": "assistance.ville.localhost",
}


@dataclass(frozen=True)
class Answer:
    """What the portal answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Portal:
    """One running portal."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    origins: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.origins = {role: f"https://{name}:{self.port}" for role, name in HOSTS.items()}

    def url(self, path: str = "/", host: str = "portal") -> str:
        """The address of a page."""
        return self.origins[host] + path

    def get(self, path: str, host: str = "portal", headers: Mapping[str, str] | None = None) -> Answer:
        """Asks for one page without a browser; the name is in SNI and Host, the connection goes to 127.0.0.1."""
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=10)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sock = context.wrap_socket(plain, server_hostname=HOSTS[host])
        try:
            connection.request("GET", path, headers={"Host": f"{HOSTS[host]}:{self.port}", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    @property
    def authority(self) -> Path:
        """The certificate of the local authority that signed the portal's."""
        return self.data / "tls" / "nomade-ca.pem"

    def tail(self, lines: int = 40) -> str:
        """The end of the supervisor's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A port that nobody listens on, nor is lent to a connection in the minute before it is used."""
    candidates = list(range(*QUIET_PORTS))
    random.shuffle(candidates)
    for port in candidates:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"no port is free from {QUIET_PORTS[0]} to {QUIET_PORTS[1]}")


def _temporary_data() -> Path:
    """A folder that the database's own user can reach when the tests run as root: below no private folder."""
    folder = Path(tempfile.mkdtemp(prefix="nomade-e2e-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


def _wait_until_ready(portal: Portal) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError, StopIteration, http.client.HTTPException):
            if portal.get("/readyz").status == 200:
                return
        try:
            portal.process.wait(0.2)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
            raise AssertionError(f"nomade run did not answer within {START_SECONDS} s:\n{portal.tail()}") from None
        raise AssertionError(f"nomade run ended with {portal.process.returncode}:\n{portal.tail()}")


@functools.cache
def _demonstration() -> Path:
    """The data of a city that was made by a first start, then stopped: portals of the same run begin with a copy."""
    folder = _temporary_data()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with running_portal(data=folder):
        pass
    return folder


@contextlib.contextmanager
def running_portal(
    *options: str, data: Path | None = None, made: bool = False, port: int = 0, **settings: str
) -> Iterator[Portal]:
    """Runs `nomade run` with these options and NOMADE_* settings until the end of the block.

    `made` begins with a copy of a city that is made once a run. The end is part of the test: one SIGINT, exit status 0,
    no child left.
    """
    folder = data or _temporary_data()
    if made:  # whose files belong to the database's own user: `cp` keeps owners
        subprocess.run(["cp", "-a", f"{_demonstration()}/.", str(folder)], check=True)
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NOMADE_", "DJANGO_"))}
    environment = {**inherited, **settings, "NOMADE_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    log = folder / "supervisor.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(NOMADE), "run", "--port", str(port), *options],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    portal = Portal(port, folder, process, log)
    try:
        _wait_until_ready(portal)
        yield portal
        stop_cleanly(portal)
    finally:
        _end(process)
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


def stop_cleanly(portal: Portal) -> None:
    """Ctrl-C once: the supervisor ends with status 0 and takes every child with it."""
    if portal.process.poll() is not None:
        raise AssertionError(f"nomade run had already ended with {portal.process.returncode}:\n{portal.tail()}")
    children = psutil.Process(portal.process.pid).children(recursive=True)
    portal.process.send_signal(signal.SIGINT)
    status = portal.process.wait(STOP_SECONDS)
    _, left = psutil.wait_procs(children, timeout=5)
    assert status == 0, f"nomade run ended with {status}:\n{portal.tail()}"
    assert not left, f"children outlived nomade run: {left}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """After a failure: the supervisor's children end with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
