"""One process that starts the others, shows one log, and stops everything when one of them dies.

It is single-threaded: a selector waits for lines of the children, for their deaths and for signals.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

from .errors import StartRefused
from .processes import dies_with_parent, with_files

_COLOURS = ("36", "33", "35", "32", "34", "31")
_KEPT_LINES = 8
_SAME_REQUEST_SECONDS = 1.0
_LINE_LIMIT = 64 * 1024
#: A program may hold a connection for each mailbox and each open page, beside those of its readers.
_FILES = 16_384


class Stopped(Exception):
    """Ctrl-C or SIGTERM came while something was being prepared."""


@dataclass
class Child:
    """A process that should live as long as the supervisor."""

    name: str
    process: subprocess.Popen[bytes]
    colour: str
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    must_live: bool = True
    chatter: re.Pattern[str] | None = None
    # What happens without a child that may die; told once, when it does.
    without: str = ""
    pending: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        if code is not None and code < 0:
            return f"tué par le signal {signal.Signals(-code).name}"
        return f"code {code}"


class Supervisor:
    """Starts children in order and stops them in the reverse order."""

    def __init__(self, *, output: TextIO = sys.stdout) -> None:
        self._output = output
        self._in_colour = output.isatty() and "NO_COLOR" not in os.environ
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._asked = 0
        self._asked_at = float("-inf")
        self._width = 13
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._wake = reader
        self._selector.register(reader, selectors.EVENT_READ)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the selector up

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        # A terminal and `make` may both pass on one and the same Ctrl-C.
        now = time.monotonic()
        if now - self._asked_at > _SAME_REQUEST_SECONDS:
            self._asked += 1
            self._asked_at = now

    def say(self, text: str = "") -> None:
        """A line of the supervisor's own."""
        self._print("nomade", "1", text)

    def _print(self, name: str, colour: str, text: str) -> None:
        label = f"{name:<{self._width}} │"
        if self._in_colour:
            label = f"\033[{colour}m{label}\033[0m"
        try:
            print(f"{label} {text}", file=self._output, flush=True)
        except BrokenPipeError:  # the terminal is gone; the children are stopped by SIGHUP
            self._output = open(os.devnull, "w")  # noqa: PTH123, SIM115

    def adopt(
        self,
        name: str,
        start: Callable[[int], subprocess.Popen[bytes]],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: float = 10.0,
        must_live: bool = True,
        chatter: re.Pattern[str] | None = None,
        without: str = "",
    ) -> Child:
        """Starts a child; `start` receives the file descriptor its messages must go to.

        Lines that match `chatter` are kept for the obituary but not shown.
        """
        reader, writer = os.pipe()
        try:
            process = start(writer)
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        os.set_blocking(reader, False)
        colour = _COLOURS[len(self._children) % len(_COLOURS)]
        child = Child(name, process, colour, stop_signal, grace, must_live, chatter, without)
        self._children.append(child)
        self._selector.register(reader, selectors.EVENT_READ, child)
        return child

    def launch(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        must_live: bool = True,
        without: str = "",
        orphan_signal: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Starts a program of ours: its own session, so that a Ctrl-C reaches the supervisor alone.

        `orphan_signal` ends it when the supervisor itself is killed. `without` says what is missing once one that may
        die is dead.
        """

        def start(output: int) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                start_new_session=True,
                preexec_fn=with_files(_FILES, dies_with_parent(orphan_signal)),  # noqa: PLW1509  this process has one thread
            )

        return self.adopt(name, start, must_live=must_live, without=without)

    def run_step(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Runs a program to its end while the children go on.

        Raises `StartRefused` when it fails, or when a child dies meanwhile; `Stopped` when asked to stop.
        """
        child = self.launch(name, command, environment, must_live=False)
        while child.process.poll() is None:
            self.tend(0.5)
        self._drain(child)
        self._children.remove(child)
        if child.process.returncode:
            last = child.last_lines[-1] if child.last_lines else child.ending
            raise StartRefused(f"L’étape « {name} » a échoué : {last}")

    def wait_for(self, what: str, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Tends the children until `is_ready`. Raises like `run_step`, and when time is over."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if time.monotonic() > deadline:
                raise StartRefused(f"« {what} » ne répond pas après {seconds:.0f} secondes.")
            self.tend(0.05)

    def tend(self, seconds: float) -> None:
        """Shows lines and watches for deaths, for at most that long.

        Raises `Stopped` when asked to stop and `StartRefused` when a child that must live is dead.
        """
        self._pump(seconds)
        if self._asked:
            raise Stopped
        for child in self._children:
            if child.must_live and child.process.poll() is not None:
                self._drain(child)
                raise StartRefused(self._obituary(child))
            if child.without and child.process.poll() is not None:
                self._drain(child)
                self.say(f"« {child.name} » s’est arrêté ({child.ending}) : {child.without}")
                child.without = ""

    def _obituary(self, child: Child) -> str:
        lines = "".join(f"\n    {line}" for line in child.last_lines)
        said = f" Ses dernières lignes :{lines}" if lines else " Il n’a rien dit."
        return f"« {child.name} » s’est arrêté ({child.ending}) : tout est arrêté.{said}"

    def _pump(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                self._empty(self._wake)
            else:
                self._read(key.fd, key.data)

    @staticmethod
    def _empty(descriptor: int) -> None:
        try:
            while os.read(descriptor, 1024):
                pass
        except BlockingIOError:
            return

    def _read(self, descriptor: int, child: Child) -> bool:
        """Shows what a child said; False at the end of its output or when there is nothing now."""
        try:
            chunk = os.read(descriptor, _LINE_LIMIT)
        except BlockingIOError:
            return False
        if not chunk:
            self._selector.unregister(descriptor)
            os.close(descriptor)
        *lines, child.pending = (child.pending + chunk).split(b"\n")
        if child.pending and (not chunk or len(child.pending) > _LINE_LIMIT):
            lines.append(child.pending)
            child.pending = b""
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            if text:
                child.last_lines.append(text)
                if not (child.chatter and child.chatter.search(text)):
                    self._print(child.name, child.colour, text)
        return bool(chunk)

    def _drain(self, child: Child) -> None:
        """What a dead child had still to say."""
        for key in list(self._selector.get_map().values()):
            if key.data is child:
                while self._read(key.fd, child):
                    pass

    def stop_all(self) -> None:
        """Stops the children, last started first; a second Ctrl-C kills them."""
        for child in reversed(self._children):
            self._stop(child)
        for child in self._children:
            self._drain(child)
        self._children.clear()

    def _stop(self, child: Child) -> None:
        already = self._asked
        if child.process.poll() is None:
            self._signal(child, child.stop_signal)
            deadline = time.monotonic() + child.grace
            while child.process.poll() is None and time.monotonic() < deadline and self._asked <= already:
                self._pump(0.1)
            if child.process.poll() is None:
                self.say(f"« {child.name} » ne s’arrête pas : il est tué.")
        self._kill_group(child)
        child.process.wait()

    @staticmethod
    def _signal(child: Child, number: signal.Signals) -> None:
        try:
            child.process.send_signal(number)
        except ProcessLookupError:
            return

    @staticmethod
    def _kill_group(child: Child) -> None:
        """Whatever is left of the child and of what it started: each child leads a session of its own."""
        try:
            os.killpg(child.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
