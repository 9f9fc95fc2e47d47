"""A portal to measure: a database of its own filled with a city, `nomade run` in front of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from client import Target, Visitor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from nomade.runtime.postgres import SUPERUSER, embedded_postgres, prepare  # noqa: E402  (after the path is set)

NOMADE = (sys.executable, "-m", "nomade")
PORTAL_HOST, WEBMAIL_HOST = "nomades.ville.localhost", "webmail.ville.localhost"
# Not what a page asks for: the frame of a transaction, and the queue of jobs, which polls by itself.
NOT_COUNTED = re.compile(
    r": (BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |LISTEN|UNLISTEN)|procrastinate", re.IGNORECASE
)
STATEMENT = re.compile(r"LOG: +(?:statement|execute [^:]*):")


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    seconds: float
    peak_bytes: int
    # Of its own process: what the base did is not there.
    cpu_seconds: float = 0.0


class CommandFailed(Exception):
    """A `nomade` command ended badly; the text is what it said."""


@dataclass
class Installation:
    """One city: its folder and its settings."""

    folder: Path
    settings: dict[str, str]
    port: int = 0

    def nomade(self, *arguments: str) -> Cost:
        """Runs one `nomade` command to its end. Raises CommandFailed with its last lines."""
        with tempfile.TemporaryFile() as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                [*NOMADE, *arguments], cwd=ROOT, env=self._environment(), stdout=output, stderr=subprocess.STDOUT
            )
            # wait4 gives the resources of this child alone; RUSAGE_CHILDREN would keep the greediest of all.
            _, status, usage = os.wait4(process.pid, 0)
            taken = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace").strip().splitlines()[-8:]
                raise CommandFailed(f"nomade {' '.join(arguments)} : {process.returncode}\n" + "\n".join(said))
        return Cost(taken, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)

    def nomade_script(self, code: str) -> str:
        """Runs some Python with Django set up on this base, beside the scripts of this folder; what it printed."""
        with embedded_postgres(self.folder / "data" / "postgres") as url:
            environment = self._environment() | {
                "NOMADE_DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "nomade.config.settings",
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(__file__).parent))),
            }
            done = subprocess.run(
                [sys.executable, "-c", f"import django; django.setup(); {code}"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        if done.returncode:
            raise CommandFailed(done.stdout[-2000:])
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOMADE_", "DJANGO_"))}
        return {**kept, **self.settings}

    @contextmanager
    def running(self) -> Iterator[None]:
        """`nomade run` for the length of the block: granian with TLS, the worker, the embedded mail servers.

        The database is started here, not by the supervisor, which does not repeat every statement it logs.
        """
        self.port = _free_port()
        with embedded_postgres(self.folder / "data" / "postgres") as url:
            with (self.folder / "run.log").open("wb") as log:
                process = subprocess.Popen(
                    [*NOMADE, "run", "--port", str(self.port), "--no-demo"],
                    cwd=ROOT,
                    env=self._environment() | {"NOMADE_DATABASE_URL": url},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            try:
                self._wait(process)
                yield
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 120
        visitor = Visitor(self.target())
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError):
                if visitor.ask("GET", "/readyz")[0] == 200:
                    return
            time.sleep(0.2)
        raise CommandFailed("nomade run : " + (self.folder / "run.log").read_text(errors="replace")[-2000:])

    def cpu_seconds(self) -> float:
        """What everything that serves has spent so far: the portal's processes, and PostgreSQL's, same work."""
        mine, found = str(self.folder), {}
        for process in psutil.process_iter(["cmdline", "environ"]):
            environment = process.info["environ"] or {}
            named = environment.get("NOMADE_DATA_DIR", "").startswith(mine)
            if named or mine in " ".join(process.info["cmdline"] or []):
                with suppress(psutil.NoSuchProcess):
                    found.update({one.pid: one for one in (process, *process.children(recursive=True))})
        return sum(_cpu(process) for process in found.values())

    def target(self, host: str = PORTAL_HOST) -> Target:
        return Target(self.port, host)

    def queries_of(self, visitor: Visitor, path: str, *, times: int = 5) -> int:
        """How many statements one answer asks of PostgreSQL, as its own log tells: the median of a few answers."""
        log = self.folder / "data" / "postgres" / "postgres.log"
        superuser = prepare(self.folder / "data" / "postgres").url_for(SUPERUSER, "postgres")
        visitor.ask("GET", path)  # what is cached is cached
        counts = []
        with psycopg.connect(superuser, autocommit=True) as connection:
            _log_statements(connection, "all")
            try:
                for _ in range(times):
                    before = log.stat().st_size
                    visitor.ask("GET", path)
                    counts.append(_statements(log, before))
            finally:
                _log_statements(connection, "none")
        return int(statistics.median(counts))


def _log_statements(connection: psycopg.Connection[tuple[object, ...]], which: str) -> None:
    connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'")  # two literals of ours
    connection.execute("SELECT pg_reload_conf()")
    # The server's processes read the setting when the signal reaches them.
    connection.execute("SELECT pg_sleep(0.1)")


def _statements(log: Path, start: int) -> int:
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode(errors="replace")
    lines = [text[found.start() :].split("\n", 1)[0] for found in STATEMENT.finditer(text)]
    return sum(not NOT_COUNTED.search(line) for line in lines)


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation() -> Iterator[Installation]:
    """An empty, migrated, embedded base in a temporary folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="nomade-bench-", dir="/tmp") as place:
        folder = Path(place)
        folder.chmod(0o711)
        made = Installation(folder, {"NOMADE_DATA_DIR": str(folder / "data")})
        made.nomade("migrate", "--verbosity", "0")
        yield made
