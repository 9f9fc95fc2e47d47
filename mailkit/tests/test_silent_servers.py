"""A server that accepts and says nothing, or next to nothing, is left before a person gives up."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress

import pytest

from mailkit.endpoints import Account, Credentials, Endpoint, trust
from mailkit.errors import MailError
from mailkit.imap import Pool
from mailkit.imap.wire import Wire
from mailkit.smtp import submit


def test_a_server_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            while not stop.wait(0.05):
                connection.send(b"*")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    pool = Pool(deadline_seconds=0.4)
    account = Account(
        Endpoint.parse(f"imap://127.0.0.1:{listener.getsockname()[1]}"), Credentials("password", "a@b.fr", "x")
    )
    started = time.monotonic()
    with pytest.raises(MailError):
        pool.run(account, lambda session: session.folders())
    assert time.monotonic() - started < 5
    stop.set()
    thread.join(timeout=5)
    listener.close()
    pool.close()


@pytest.mark.parametrize("until", ["greeting", "login"])
def test_a_server_that_accepts_and_never_answers_costs_less_than_three_seconds(until: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def freeze() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            if until == "login":
                connection.sendall(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n")
                tag = lines.readline().split()[0]
                connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
            stop.wait(10)

    thread = threading.Thread(target=freeze, daemon=True)
    thread.start()
    pool = Pool()
    account = Account(
        Endpoint.parse(f"imap://127.0.0.1:{listener.getsockname()[1]}"), Credentials("password", "a@b.fr", "x")
    )
    started = time.monotonic()
    with pytest.raises(MailError) as caught:
        pool.run(account, lambda session: session.folders())
    assert caught.value.key == "timeout"
    assert time.monotonic() - started < 3
    stop.set()
    thread.join(timeout=5)
    listener.close()
    pool.close()


def test_the_authorities_of_the_machine_are_read_once_for_all_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    make = ssl.create_default_context

    def counted() -> ssl.SSLContext:
        read.append(1)
        return make()

    monkeypatch.setattr(ssl, "create_default_context", counted)
    trust.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    account = Account(Endpoint.parse(f"imap://127.0.0.1:{port}"), Credentials("password", "a@b.fr", "x"))
    for _time in range(3):
        with pytest.raises(MailError):
            Wire(account)
        with pytest.raises(MailError):
            submit(account, sender="a@b.fr", recipients=["c@d.fr"], message=b"\r\n")
    assert read == [1]
