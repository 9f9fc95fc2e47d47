"""What an import does to the rest: the web while it works, and the slips after it was killed in the middle."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client import Target, Visitor, measure
from installation import PORTAL_HOST, _free_port
from pages import CAMILLE, PASSWORD

ADDRESSES = ("/", "/paie/")
CLIENTS, EACH = 8, 10
REST = 2.0
#: Seconds of each answer, by address and number of clients at once.
Spent = dict[tuple[str, int], list[float]]


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


def _round(visitors: list[Visitor], spent: Spent) -> None:
    """Each page asked for a few times by one person, then by all at once, on connections that stay open."""
    for address in ADDRESSES:
        for count in (1, len(visitors)):
            spent.setdefault((address, count), []).extend(measure(visitors[:count], address, each=EACH, warm=1).seconds)


def quiet_pages(visitor: Visitor, rounds: int = 10) -> Spent:
    """What the pages take while nothing else works."""
    spent: Spent = {}
    for _ in range(rounds):
        _round(_together(visitor), spent)
    return spent


def _together(visitor: Visitor) -> list[Visitor]:
    # One session for all: an agent has five at most.
    return [visitor, *(Visitor(visitor.target, dict(visitor.cookies)) for _ in range(CLIENTS - 1))]


@contextmanager
def asked_meanwhile(visitor: Visitor) -> Iterator[Spent]:
    """Asks for the pages during the block, with a rest between rounds; the dictionary is filled at its end."""
    ended = threading.Event()
    found: Spent = {}

    def ask() -> None:
        visitors = _together(visitor)
        while not ended.is_set():
            _round(visitors, found)
            ended.wait(REST)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        ended.set()
        asking.join()


def told(quiet: Spent, meanwhile: Spent) -> Iterator[tuple[str, str]]:
    """One row a page and a number of clients: median and p95, before and during."""
    for (address, count), during in meanwhile.items():
        label = f"{address}, {count} client{'s' if count > 1 else ''}: median, p95 alone, then during (ms)"
        yield label, f"{_figures(quiet[address, count])}; {_figures(during)} ({len(during)} answers)"


def _figures(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f}, {statistics.quantiles(seconds, n=20)[-1] * 1000:.0f}"


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
