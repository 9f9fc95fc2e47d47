"""The optional service of stolen passwords, against a real server on loopback."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.passwords.breached import is_breached
from nomade.kernel.models import AuditEvent
from nomade.people.factories import make_agent

pytestmark = pytest.mark.django_db
STOLEN, PADDING, SAFE = "Vingt-Petits-Tilleuls-7", "Vingt-Petits-Tilleuls-8", "Vingt-Petits-Tilleuls-9"


def _digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


class _Service(BaseHTTPRequestHandler):
    """Answers as Have I Been Pwned does, and remembers what it was asked."""

    asked: list[str] = []  # one server a test, emptied by the fixture
    release = threading.Event()
    mode = "well"

    def do_GET(self) -> None:  # the name that http.server calls
        self.asked.append(self.path + " " + str(dict(self.headers)))
        if self.mode == "silent":
            self.release.wait(10)
        known = [(STOLEN, 37), (PADDING, 0)]
        body = "\r\n".join(f"{_digest(word)[5:]}:{times}" for word, times in known) + "\r\n" + "0" * 35 + ":4"
        self.send_response(500 if self.mode == "broken" else 200)
        self.end_headers()
        self.wfile.write(b"\xff\xfe" if self.mode == "odd" else body.encode())

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@contextmanager
def _serving(settings: Any, mode: str) -> Iterator[list[str]]:
    _Service.mode, _Service.asked = mode, []
    _Service.release.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/range/"
    settings.NOMADE = replace(settings.NOMADE, breached_passwords_url=address)
    try:
        yield _Service.asked
    finally:
        _Service.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def account() -> Account:
    return make_account(make_agent())


def test_a_stolen_password_is_known_and_only_five_signs_of_it_leave(settings: Any, account: Account) -> None:
    with _serving(settings, "well") as asked:
        assert is_breached(STOLEN, account)
        assert not is_breached(SAFE, account)
        assert not is_breached(PADDING, account), "a line of padding says zero times"
    assert [line.split()[0] for line in asked] == [f"/range/{_digest(p)[:5]}" for p in (STOLEN, SAFE, PADDING)]
    assert not any(_digest(STOLEN)[5:] in line or STOLEN in line for line in asked)
    assert "'Add-Padding': 'true'" in asked[0]


@pytest.mark.parametrize("mode", ["silent", "broken", "odd"])
def test_a_service_that_does_not_answer_blocks_nobody_and_is_written_in_the_journal(
    settings: Any, account: Account, mode: str
) -> None:
    with _serving(settings, mode):
        assert not is_breached(STOLEN, account)
    event = AuditEvent.objects.get(event="password.breach_check_unreachable")
    assert event.subject_id == account.agent_id and event.facts == {}


def test_a_port_where_nobody_listens_blocks_nobody(settings: Any, account: Account) -> None:
    settings.NOMADE = replace(settings.NOMADE, breached_passwords_url="http://127.0.0.1:9/range")
    assert not is_breached(STOLEN, account)


def test_without_the_setting_nothing_is_asked(account: Account) -> None:
    assert not is_breached(STOLEN, account)
    assert not AuditEvent.objects.exists()
