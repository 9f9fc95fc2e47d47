"""Child processes that never outlive the program that started them."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def _load_prctl() -> Callable[[int, int], int] | None:
    """Linux's prctl, or None elsewhere: there, stale children are found by the next start instead."""
    if not sys.platform.startswith("linux"):
        return None
    function = ctypes.CDLL(None, use_errno=True).prctl

    def call(option: int, value: int) -> int:
        return int(function(option, value, 0, 0, 0))

    return call


# Loaded before any fork: the code that runs between fork and exec must not import anything.
_prctl = _load_prctl()


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that makes the kernel send `death_signal` to the child when its parent dies, however it dies.

    It runs after the change of user, which would clear the setting.
    """
    parent, number = os.getpid(), int(death_signal)

    def prepare() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:  # the parent died between fork and prctl
                os._exit(1)

    return prepare


def with_files(number: int, also: Callable[[], None]) -> Callable[[], None]:
    """A `preexec_fn` that does `also`, for a program that opens so many files: as far as the system lets it."""

    def prepare() -> None:
        also()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

    return prepare


def compiled_once(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of Python programs that keep their compiled modules in `folder`.

    Where the code may not be written beside (an installation of another user, a container), each program would compile
    all of Django at each start: one to five seconds of processor, five programs at once.
    """
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(folder), **kept}


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> int:
    """Sends each signal in turn and waits that many seconds for the end, then kills; returns the exit code."""
    for number, seconds in steps:
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    return process.wait()
