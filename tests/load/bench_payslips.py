"""Import of one combined PDF: time, slips a second, peak memory of all processes together.

    python tests/load/bench_payslips.py [--agents 55000] [--database-url URL]

Without a URL, an embedded PostgreSQL (with its usual durability) is started for the run and thrown away.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
PERIOD = "2026-10"
GOAL_RATE, GOAL_MIB = 400, 1024


def main() -> int:
    """Prints the table; exit status 1 when a slip is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agents", type=int, default=55_000)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nm-bench-", dir="/tmp") as folder, _database(folder, options.database_url):
        os.environ["NOMADE_DATA_DIR"] = f"{folder}/data"
        os.environ["DJANGO_SETTINGS_MODULE"] = "nomade.config.settings"
        _nomade("migrate", "-v0")
        _timed("city", "demo", "--agents", str(options.agents))
        path = f"{folder}/paie.pdf"
        made = _timed("combined PDF", "demo-payslips", "--period", PERIOD, "--out", path)
        imported = _timed("import", "import-payslips", path, "--period", PERIOD)
        return _report(options.agents, Path(path), made, imported)


def _report(agents: int, path: Path, made: tuple[float, int, float], imported: tuple[float, int, float]) -> int:
    import django

    django.setup()
    from nomade.payslips.models import Payslip, PayslipBatch

    batch = PayslipBatch.objects.get(source_name=path.name)
    slips = Payslip.objects.filter(batch=batch).count()
    rate = slips / imported[0]
    rows = [
        ("Agents of the base", f"{agents:,}"),
        ("Pages, slips", f"{batch.pages:,}, {slips:,}"),
        ("Size of the file", f"{path.stat().st_size / 1024**2:.0f} MiB"),
        ("Making the file", f"{made[0]:.0f} s, {slips / made[0]:.0f} slips/s, peak {made[1]} MiB"),
        ("Importing it (read, match, cut, seal, store)", f"{imported[0]:.0f} s"),
        (
            "Processor time of the import, database apart",
            f"{imported[2]:.0f} s, {slips / imported[2]:.0f} slips/s a core",
        ),
        (f"Slips a second (goal {GOAL_RATE})", f"{rate:.0f}"),
        (f"Peak memory of all processes (goal {GOAL_MIB} MiB)", f"{imported[1]} MiB"),
    ]
    for label, value in rows:
        print(f"{label:<52} {value}")
    return 0 if slips == batch.expected else 1


@contextmanager
def _database(folder: str, url: str) -> Iterator[None]:
    if url:
        os.environ["NOMADE_DATABASE_URL"] = url
        yield
        return
    from nomade.runtime.postgres import embedded_postgres

    base = Path(folder) / "base"
    base.mkdir()
    with embedded_postgres(base) as found:
        os.environ["NOMADE_DATABASE_URL"] = found
        yield


def _nomade(*arguments: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-m", "nomade", *arguments], stdout=subprocess.DEVNULL)
    if arguments[0] == "migrate" and process.wait():
        raise SystemExit("migrate failed")
    return process


def _timed(label: str, *arguments: str) -> tuple[float, int, float]:
    """Seconds, the highest sum of resident memory (MiB) of a command and its children, and their processor time."""
    before = _processor_seconds()
    started = time.monotonic()
    process = _nomade(*arguments)
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.2):
            peak = max(peak, _resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    ended.set()
    watcher.join()
    if status:
        raise SystemExit(f"{label}: exit status {status}")
    seconds = time.monotonic() - started
    print(f"  {label}: {seconds:.0f} s", file=sys.stderr)
    return seconds, peak // 1024**2, _processor_seconds() - before


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(pid: int) -> int:
    """Bytes in memory of a process and all below it (pages that they share are counted for each)."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return own + sum(_resident(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
