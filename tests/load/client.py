"""The smallest client that measures a server and not itself: requests made once, answers cut by their length."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import statistics
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Target:
    """Where the portal listens, on loopback; the name goes in SNI and Host."""

    port: int
    host: str

    def connect(self) -> ssl.SSLSocket:
        """A new TLS connection. The certificate is the local authority's: what is measured here is time, not trust."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _TRUSTING.wrap_socket(plain, server_hostname=self.host)

    def http(self) -> http.client.HTTPSConnection:
        """The same, for http.client."""
        made = http.client.HTTPSConnection("127.0.0.1", self.port, context=_TRUSTING)
        made.sock = self.connect()
        return made


def _trusting() -> ssl.SSLContext:
    """Made once: reading the authorities of the machine at each connection cost the clients more than a sign-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_TRUSTING = _trusting()


@dataclass
class Visitor:
    """Somebody with cookies."""

    target: Target
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """One request on a connection of its own: status, Location, body."""
        connection = self.target.http()
        headers = {"Host": f"{self.target.host}:{self.target.port}", "Cookie": self.cookie_header()}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"https://{self.target.host}:{self.target.port}"
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        response = connection.getresponse()
        body = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        connection.close()
        return response.status, response.headers.get("Location", ""), body

    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self, login: str, password: str) -> None:
        """Through the door, as a browser does. Raises when the portal refuses."""
        _, _, page = self.ask("GET", "/connexion/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise RuntimeError("no form on the sign-in page")
        form = {"csrfmiddlewaretoken": token[1].decode(), "login": login, "password": password}
        status, _, _ = self.ask("POST", "/connexion/", form)
        if status not in {302, 303}:
            raise RuntimeError(f"{login} was not let in: {status}")

    def request_for(self, path: str) -> bytes:
        """The bytes of a GET, as a browser on a kept connection sends it."""
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {self.target.host}:{self.target.port}",
            "Accept: text/html,application/xhtml+xml",
            "Accept-Encoding: gzip, deflate, br",
            "Sec-Fetch-Site: none",
            f"Cookie: {self.cookie_header()}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True)
class Timings:
    """Seconds of each answer, and the bytes of its body as they travelled."""

    seconds: list[float]
    size: int
    elapsed: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]

    @property
    def rate(self) -> float:
        """Answers a second, all clients together."""
        return len(self.seconds) / self.elapsed


def exchange(connection: ssl.SSLSocket, request: bytes) -> tuple[float, int]:
    """One request on a connection that stays: seconds, and the bytes of the answer's body."""
    started = time.perf_counter()
    connection.sendall(request)
    received = b""
    while (cut := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head = received[:cut].lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"not 200: {head[:200]!r}")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head)
    if length is None:
        raise RuntimeError(f"an answer without its length: {head[:200]!r}")
    missing = int(length[1]) - (len(received) - cut - 4)
    while missing > 0:
        missing -= len(_some(connection))
    return time.perf_counter() - started, int(length[1])


def _some(connection: ssl.SSLSocket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data


#: A web process has four threads, each with a connection to PostgreSQL that plans a statement anew for its first uses:
#: a portal that has been in service for a minute is past that.
WARM = 80


def measure(visitors: list[Visitor], path: str, *, each: int, warm: int | None = None) -> Timings:
    """Each visitor asks for `path` `each` times in a row on one connection, all at once; bounded in count.

    Not counted: `warm` times before, by default enough for every thread of the server to know its statements.
    """
    warm = WARM // len(visitors) if warm is None else warm
    seconds: list[float] = []
    sizes: list[int] = []
    failures: list[Exception] = []
    started: list[float] = []
    barrier = threading.Barrier(len(visitors), action=lambda: started.append(time.perf_counter()))

    def visit(visitor: Visitor) -> None:
        try:
            request = visitor.request_for(path)
            with visitor.target.connect() as connection:
                for _ in range(warm):
                    exchange(connection, request)
                barrier.wait(60)
                for _ in range(each):
                    taken, size = exchange(connection, request)
                    seconds.append(taken)
                    sizes.append(size)
        except Exception as error:  # noqa: BLE001  # carried to the caller, below
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=visit, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{path}: {failures[0]}") from failures[0]
    return Timings(seconds, max(sizes), time.perf_counter() - started[0])
