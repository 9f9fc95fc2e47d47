"""A body that does not come holds a thread, and never the last one."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nomade.kernel import bodies
from nomade.kernel.bodies import FORM, KeepOneThread


class Stalled:
    """A body that stops after its head, until `come` is set."""

    def __init__(self) -> None:
        self.asked, self.come = threading.Event(), threading.Event()

    def read(self, size: int) -> bytes:
        self.asked.set()
        self.come.wait(20)
        return b"x" * size


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    source = environ.get("wsgi.input")
    return [source.read(int(environ.get("CONTENT_LENGTH") or 0)) if source else b""]


def _ask(door: KeepOneThread, source: Any = None, length: str = "") -> tuple[str, bytes]:
    said: list[str] = []
    answer = door({"wsgi.input": source, "CONTENT_LENGTH": length}, lambda status, _headers: said.append(status))
    return said[0], b"".join(answer)


@pytest.fixture(params=["5", str(FORM + 1)], ids=["a form", "a file"])
def full(request: pytest.FixtureRequest) -> Iterator[tuple[KeepOneThread, list[Stalled]]]:
    """A process of four threads where three wait for a body that does not come."""
    door, held = KeepOneThread(_application, 4), [Stalled() for _ in range(3)]
    threads = [threading.Thread(target=_ask, args=(door, one, request.param)) for one in held]
    for thread in threads:
        thread.start()
    assert all(one.asked.wait(5) for one in held)
    yield door, held
    for one in held:
        one.come.set()
    for thread in threads:
        thread.join(5)


def test_pages_are_read_while_slow_bodies_hold_every_other_thread(full: tuple[KeepOneThread, list[Stalled]]) -> None:
    door, _held = full
    assert _ask(door) == ("200 OK", b"")
    assert _ask(door, None, "0")[0] == "200 OK"


def test_one_more_body_is_told_to_come_back_and_is_not_read(full: tuple[KeepOneThread, list[Stalled]]) -> None:
    door, held = full
    late = Stalled()
    status, page = _ask(door, late, "5")
    assert status.startswith("503") and "réessayez" in page.decode() and not late.asked.is_set()
    held[0].come.set()
    for _try in range(100):
        if _ask(door, io.BytesIO(b"abcde"), "5") == ("200 OK", b"abcde"):
            return
        threading.Event().wait(0.02)
    raise AssertionError("a place that was left is not given again")


def test_what_comes_at_once_arrives_whole_and_leaves_its_place_even_after_a_fault() -> None:
    door = KeepOneThread(_application, 2)
    for size in (5, FORM, FORM + 1, 3 * FORM):
        assert _ask(door, io.BytesIO(b"y" * size), str(size)) == ("200 OK", b"y" * size)

    class Cut:
        def read(self, _size: int) -> bytes:
            raise OSError("cut")

    for length in ("5", str(FORM + 1)):
        with pytest.raises(OSError, match="cut"):
            _ask(door, Cut(), length)
    assert _ask(door, io.BytesIO(b"abc"), "3")[0] == "200 OK"


@pytest.mark.parametrize("length", ["", "abc", "-3"])
def test_an_odd_length_is_the_business_of_the_application(length: str) -> None:
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return []

    source = Stalled()
    assert _ask(KeepOneThread(application, 4), source, length) == ("200 OK", b"")
    assert seen[0]["wsgi.input"] is source and not source.asked.is_set()


def test_where_nobody_knows_the_threads_nothing_is_refused() -> None:
    assert KeepOneThread(_application, 0)._places is None
    assert _ask(KeepOneThread(_application, 1), io.BytesIO(b"a"), "1") == ("200 OK", b"a")
    assert bodies.WAIT_SECONDS < 0.5, "the thread that is left must not wait for a place"
