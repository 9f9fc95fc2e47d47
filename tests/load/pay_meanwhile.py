"""What an import does to the rest: the web while it works, and the slips after it was killed in the middle."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client import Target, Visitor
from installation import PORTAL_HOST, _free_port
from pages import CAMILLE, PASSWORD

ADDRESSES = ("/", "/paie/")
BETWEEN = 0.25


@contextmanager
def portal(folder: str) -> Iterator[Visitor]:
    """`nomade run` on the base and the data of the benchmark; gives Camille, signed in."""
    port = _free_port()
    with Path(folder, "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nomade", "run", "--port", str(port), "--no-demo"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        visitor = Visitor(Target(port, PORTAL_HOST))
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError):
                if visitor.ask("GET", "/readyz")[0] == 200:
                    break
            time.sleep(0.3)
        visitor.sign_in(CAMILLE, PASSWORD)
        yield visitor
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def timed_pages(visitor: Visitor, while_running: Callable[[], bool]) -> dict[str, list[float]]:
    """Milliseconds of two pages, asked for in turn as long as `while_running`; TLS handshake included."""
    spent: dict[str, list[float]] = {address: [] for address in ADDRESSES}
    while while_running():
        for address in ADDRESSES:
            started = time.perf_counter()
            status, _location, _body = visitor.ask("GET", address)
            if status != 200:
                raise SystemExit(f"{address}: {status}")
            spent[address].append((time.perf_counter() - started) * 1000)
        time.sleep(BETWEEN)
    return spent


def quiet_pages(visitor: Visitor, times: int = 40) -> dict[str, list[float]]:
    """The same pages while nothing else works."""
    left = iter(range(times))
    return timed_pages(visitor, lambda: next(left, None) is not None)


@contextmanager
def asked_meanwhile(visitor: Visitor) -> Iterator[dict[str, list[float]]]:
    """Asks for the pages during the block; the dictionary is filled at its end."""
    ended = threading.Event()
    found: dict[str, list[float]] = {}

    def ask() -> None:
        found.update(timed_pages(visitor, lambda: not ended.is_set()))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        ended.set()
        asking.join()


def told(quiet: dict[str, list[float]], meanwhile: dict[str, list[float]]) -> Iterator[tuple[str, str]]:
    """One row a page: p95 before, during, and how many answers that is."""
    for address in ADDRESSES:
        before, during = (statistics.quantiles(spent[address], n=20)[-1] for spent in (quiet, meanwhile))
        label = f"{address}: p95 alone, during the import (ms)"
        yield label, f"{before:.0f}, {during:.0f} ({len(meanwhile[address])} answers)"


def killed_then_resumed(path: Path, period: str) -> Iterator[tuple[str, str]]:
    """Kills an import, and all its processes, once half of its slips are stored; runs it again; counts."""
    from nomade.files.models import StoredFile
    from nomade.payslips.models import Payslip, PayslipBatch

    command = [sys.executable, "-m", "nomade", "import-payslips", str(path), "--period", period, "--run", "coupure"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    batch = None
    while process.poll() is None:
        time.sleep(0.5)
        batch = batch or PayslipBatch.objects.filter(run="coupure").first()
        if batch and batch.payslips.count() * 2 > batch.expected:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if batch is None or process.returncode != -signal.SIGKILL:
        raise SystemExit("the import ended before it could be killed")
    stored = batch.payslips.count()
    started = time.monotonic()
    again = subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - started
    batch.refresh_from_db()
    slips = Payslip.objects.filter(batch=batch)
    keys = slips.values("matricule", "period").distinct().count()
    kept = set(StoredFile.objects.filter(payslip__batch=batch).values_list("storage_name", flat=True))
    root = Path(os.environ["NOMADE_DATA_DIR"], "files")
    missing = sum(not (root / name).is_file() for name in kept)
    yield "Killed with SIGKILL when stored", f"{stored:,} of {batch.expected:,} slips"
    yield "Run again: time, exit status, state", f"{seconds:.0f} s, {again.returncode}, {batch.state}"
    yield "Slips, distinct slips, files missing", f"{slips.count():,}, {keys:,}, {missing}"
