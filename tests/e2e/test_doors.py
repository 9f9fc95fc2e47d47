"""The door, what it keeps out, and what stays in the browser afterwards."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from people import CAMILLE
from running_portal import Portal
from steps import Hands, sign_in


def test_the_sign_in_page_opens_and_somebody_comes_in_and_goes_out(open_context: Any) -> None:
    page = open_context(360).new_page()
    sign_in(page, CAMILLE)
    hands = Hands(page)
    hands.sign_out()


def test_what_the_policy_of_a_page_stops_is_told_to_the_log(portal: Portal, open_context: Any) -> None:
    context = open_context(1440)
    page = context.new_page()
    page.goto("/connexion/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'stolen = 1' }))")
    assert page.evaluate("typeof stolen") == "undefined"
    # The browser tells in its own time: each turn is a page asked and answered.
    for _turn in range(60):
        if "csp directive=script-src" in portal.tail(400):
            break
        page.reload()
    line = next(line for line in portal.tail(400).splitlines() if "csp directive=script-src" in line)
    assert "blocked=inline page=accounts:sign-in" in line
    context.watch.faults.clear()  # it was meant


#: What a proxy and a server have read in two ways, and sent one person's request as another's (ASVS 4.2.1).
SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"
CHUNKS = "0\r\n\r\n" + SMUGGLED
AMBIGUOUS = {
    "both lengths": ("Content-Length: {chunks}\r\nTransfer-Encoding: chunked", CHUNKS),
    "both lengths, the other way": ("Transfer-Encoding: chunked\r\nContent-Length: 4", CHUNKS),
    "two lengths": ("Content-Length: 0\r\nContent-Length: {smuggled}", SMUGGLED),
    "a list of lengths": ("Content-Length: 0, {smuggled}", SMUGGLED),
    "a length with a sign": ("Content-Length: +0", SMUGGLED),
    "a length with a null": ("Content-Length: 0\x00", SMUGGLED),
    "an unknown coding": ("Transfer-Encoding: xchunked\r\nContent-Length: {chunks}", CHUNKS),
    "chunks, then another coding": ("Transfer-Encoding: chunked, identity\r\nContent-Length: {chunks}", CHUNKS),
    "a space before the colon": ("Transfer-Encoding : chunked\r\nContent-Length: {chunks}", CHUNKS),
    "a folded line": ("X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: {chunks}", CHUNKS),
    "a chunk beyond 64 bits": ("Transfer-Encoding: chunked", "10000000000000000\r\n" + SMUGGLED),
    "a chunk ended by a bare line feed": ("Transfer-Encoding: chunked", "0;\n\r\n\r\n" + SMUGGLED),
}


def _answers(portal: Portal, request: str) -> tuple[list[str], bool]:
    """The statuses that come back for these bytes, and whether the server then closed the connection."""
    context = ssl.create_default_context(cafile=str(portal.data / "tls" / "nomade-ca.pem"))
    host = urlsplit(portal.url("/")).hostname or ""
    plain = socket.create_connection(("127.0.0.1", portal.port), timeout=30)
    with plain, context.wrap_socket(plain, server_hostname=host) as connection:
        connection.sendall(request.encode())
        received = b""
        try:
            while more := connection.recv(65536):
                received += more
        except TimeoutError:
            return re.findall(r"HTTP/1\.1 (\d+)", received.decode()), False
    return re.findall(r"HTTP/1\.1 (\d+)", received.decode()), True


def test_no_second_request_hides_in_a_first(portal: Portal) -> None:
    host = urlsplit(portal.url("/")).netloc
    smuggled = SMUGGLED.format(host=host)
    found = {}
    for name, (headers, body) in AMBIGUOUS.items():
        sizes = {"chunks": len("0\r\n\r\n" + smuggled), "smuggled": len(smuggled)}
        head = f"POST /connexion/ HTTP/1.1\r\nHost: {host}\r\n{headers.format(**sizes)}\r\n\r\n"
        found[name] = _answers(portal, head + body.format(host=host))
    wrong = {name: seen for name, seen in found.items() if len(seen[0]) != 1 or seen[0][0][0] != "4" or not seen[1]}
    assert not wrong, wrong
    two, _closed = _answers(portal, smuggled + smuggled.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
    assert two == ["200", "200"], "two requests written as two are answered as two"
