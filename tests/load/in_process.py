"""A city in a base of its own, and its pages measured by the real views in this process: no network, no other client.

An embedded PostgreSQL (with its usual durability) is started for the run and thrown away.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crowd import crowd
from report import Report, milliseconds

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
GOAL_MS = 100
#: The demo city; more agents are copies of these (`crowd`).
CITY = 300
HEAD = ("Page", "SQL", "median, ms", "worst, ms", "portal, processor ms", "base, processor ms")

#: What is asked: its name, who asks (a signed-in client), the address.
Page = tuple[str, Any, str]


@contextmanager
def city(agents: int) -> Iterator[None]:
    """Django over the base of a demo city of that many agents."""
    from nomade.runtime.postgres import embedded_postgres

    with (
        _folder() as folder,
        embedded_postgres(Path(folder) / "postgres") as url,
    ):
        os.environ |= {
            "NOMADE_DATA_DIR": f"{folder}/data",
            "NOMADE_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "nomade.config.settings",
        }
        for command in (
            ("migrate", "-v0"),
            ("demo", "--agents", str(min(agents, CITY))),
            ("collectstatic", "--no-input", "-v0"),
        ):
            with stage(f"nomade {command[0]}"):
                done = subprocess.run(
                    [sys.executable, "-m", "nomade", *command], cwd=ROOT, check=False, capture_output=True, text=True
                )
            if done.returncode:
                raise SystemExit(f"nomade {command[0]}: {(done.stdout + done.stderr)[-2000:]}")
        import django

        django.setup()
        logging.disable(logging.INFO)
        crowd(agents)
        yield


@contextmanager
def _folder() -> Iterator[str]:
    """A temporary folder that PostgreSQL's own user can cross."""
    with tempfile.TemporaryDirectory(prefix="nm-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield folder


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Says what is being done, and how long it took."""
    started = time.perf_counter()
    yield
    print(f"  {name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def fill(statements: Sequence[tuple[str, str]], values: Mapping[str, object]) -> None:
    """Runs statements that fill tables, each with the table it fills, which is then analysed."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table, statement in statements:
            with stage(table):
                cursor.execute(statement, values)
                cursor.execute(f"VACUUM ANALYZE {connection.ops.quote_name(table)}")


def measure(title: str, pages: Sequence[Page], report: Report, *, rounds: int) -> int:
    """Adds the table of the pages; how many are slower than the goal."""
    rows: list[tuple[object, ...]] = []
    slow = 0
    for label, client, address in pages:
        print(f"  {label}…", file=sys.stderr, flush=True)
        _answer(client, address)
        asked = _statements(lambda client=client, address=address: _answer(client, address))  # type: ignore[misc]
        times = []
        busy, base = time.process_time(), _base_seconds()
        for _round in range(rounds):
            started = time.perf_counter()
            _answer(client, address)
            times.append(time.perf_counter() - started)
        busy, base = (time.process_time() - busy) / rounds, (_base_seconds() - base) / rounds
        times.sort()
        median = times[rounds // 2]
        slow += median * 1000 > GOAL_MS
        seconds = (median, times[-1], busy, base)
        rows.append((label, asked, *map(milliseconds, seconds)))
    load = os.getloadavg()[0]
    note = (
        f"{rounds} answers a page; processor time of the portal, and of its connection's process in PostgreSQL. Goal "
        f"{GOAL_MS} ms; load of the machine at the end, on {os.cpu_count()} cores: {load:.1f}."
    )
    report.table(title, HEAD, rows, note)
    return slow


def _statements(act: Callable[[], None]) -> int:
    """How many statements an answer asks of the base; Django forgets its own list when a request starts."""
    from django.db import connection

    count = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        act()
    return count


def _base_seconds() -> float:
    """Processor time that this connection has taken of its own server process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text(encoding="ascii")
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _answer(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")


def run(what: str, *, amount: tuple[str, int], agents: int, bench: Callable[[int, int, Report], int]) -> int:
    """The command line of such a benchmark; exit status 1 when a page is slower than the goal."""
    name, number = amount
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument(f"--{name}", type=int, default=number, dest="number")
    parser.add_argument("--agents", type=int, default=agents)
    parser.add_argument("--out", type=Path, help="the page of benchmarks to write the table in")
    options = parser.parse_args()
    report = Report()
    with city(options.agents):
        slow = bench(options.agents, options.number, report)
    if options.out:
        report.write(options.out)
    return 1 if slow else 0
