"""Import of one combined PDF: time, slips a second, peak memory of all processes together.

    python tests/load/bench_payslips.py [--agents 55000] [--months 36] [--faults] [--web] [--kill]

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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pay_history import write_history
from pay_meanwhile import asked_meanwhile, killed_then_resumed, portal, quiet_pages, told

from nomade.runtime.data_folder import kept_secrets

PAGE = os.sysconf("SC_PAGE_SIZE")
PERIOD, NEXT = "2026-10", "2026-11"
GOAL_RATE, GOAL_MIB = 400, 1024


def main() -> int:
    """Prints the table; exit status 1 when a slip is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agents", type=int, default=55_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--faults", action="store_true", help="then hides twelve faults in the file and reads it again")
    parser.add_argument(
        "--months", type=int, default=0, help="so many months of slips an agent; the pages are measured too"
    )
    parser.add_argument("--web", action="store_true", help="measures two pages of the portal during the import")
    parser.add_argument("--kill", action="store_true", help="then kills a second import in the middle, and resumes it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nm-bench-", dir="/tmp") as folder, _database(folder, options.database_url):
        os.environ["NOMADE_DATA_DIR"] = f"{folder}/data"
        os.environ["DJANGO_SETTINGS_MODULE"] = "nomade.config.settings"
        _nomade("migrate", "-v0")
        if options.months and _nomade("collectstatic", "--noinput", "-v0").wait():
            raise SystemExit("collectstatic failed")
        _timed("city", "demo", "--agents", str(options.agents))
        path = f"{folder}/paie.pdf"
        made = _timed("combined PDF", "demo-payslips", "--period", PERIOD, "--out", path)
        # What follows reads the documents in this process: with the keys that the commands made.
        os.environ.update(kept_secrets(Path(os.environ["NOMADE_DATA_DIR"]), os.environ))
        _set_up()
        if options.months > 1:
            started = time.monotonic()
            written = write_history(options.months - 1)
            print(f"  {options.months - 1} months before: {time.monotonic() - started:.0f} s", file=sys.stderr)
            print(f"{'Slips in the base before the import':<52} {written:,}")
        imported, pages = _import(folder, path, web=options.web)
        status = _report(options.agents, Path(path), made, imported)
        _print(pages)
        if options.kill:
            # Another month: the same file under another name is refused as already imported.
            _timed("second PDF", "demo-payslips", "--period", NEXT, "--out", f"{folder}/suivant.pdf")
            _print(killed_then_resumed(Path(folder, "suivant.pdf"), NEXT))
        if options.faults:
            status |= _faults(Path(path))
        if options.months:
            status |= _pages()
        return status


def _set_up() -> None:
    import django

    django.setup()


def _import(folder: str, path: str, *, web: bool) -> tuple[tuple[float, int, float], list[tuple[str, str]]]:
    """The import, alone or while somebody reads the portal; what it took, and the rows about the pages."""
    command = ("import", "import-payslips", path, "--period", PERIOD)
    if not web:
        return _timed(*command), []
    with portal(folder) as visitor:
        quiet = quiet_pages(visitor)
        with asked_meanwhile(visitor) as meanwhile:
            imported = _timed(*command)
        return imported, list(told(quiet, meanwhile))


def _print(rows: Iterable[tuple[str, str]]) -> None:
    for label, value in rows:
        print(f"{label:<52} {value}", flush=True)


def _report(agents: int, path: Path, made: tuple[float, int, float], imported: tuple[float, int, float]) -> int:
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
    _print(rows)
    return 0 if slips == batch.expected else 1


def _faults(path: Path) -> int:
    """The dry run of the same file with twelve faults in it: how long, and whether all are found."""
    from datetime import date

    import pikepdf

    from nomade.files.splitting.pdf import bookmarked_pages
    from nomade.payslips.actions import ImportOrder, import_payslips
    from nomade.payslips.paper.payroll import paid_agents
    from nomade.payslips.tests.faulty import not_found, plant_faults
    from nomade.people.factories import make_agent

    month = date.fromisoformat(f"{PERIOD}-01")
    matricules = [agent.matricule for agent in paid_agents(month)]
    plain = path.with_name("une-page.pdf")
    firsts = bookmarked_pages(path)
    with pikepdf.open(path) as pdf, pikepdf.new() as copy:
        pages = list(pdf.pages)
        single = []
        for matricule, first, after in zip(matricules, firsts, [*firsts[1:], len(pages)], strict=True):
            if after - first == 1:
                single.append(matricule)
                copy.pages.append(pages[first])
        copy.save(plain)
    leaver = make_agent("Parti", "Ailleurs", matricule="00000900", exit_date=date(2026, 8, 31))
    planted = plant_faults(
        plain, path.with_name("piege.pdf"), leaver=leaver.matricule, matricules=single, period=PERIOD
    )
    started = time.monotonic()
    order = ImportOrder(path=planted.path, period=month, run="essai", announced=planted.announced, dry_run=True)
    lists = import_payslips(order).as_json()["lists"]
    missed = not_found(planted, lists)
    print(f"{'Dry run of the file with twelve faults':<52} {time.monotonic() - started:.0f} s")
    print(f"{'Faults not found':<52} {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def _pages() -> int:
    """The pages of an agent: server time in this process, one after the other."""
    import random
    import statistics

    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of
    from nomade.payslips.models import Payslip
    from nomade.people.models import Agent

    print(f"{'Slips in the base':<52} {Payslip.objects.count():,}")
    dice = random.Random(1)  # the same agents at each run
    paid = list(Agent.objects.filter(payslips__isnull=False).distinct().values_list("pk", flat=True)[:5000])
    spent: dict[str, list[float]] = {"list": [], "slip": [], "image": []}
    for pk in dice.sample(paid, 40):
        agent = Agent.objects.get(pk=pk)
        client = client_of(Account.objects.get(agent=agent))
        real = Payslip.objects.filter(agent=agent, batch__source_name="paie.pdf", period=f"{PERIOD}-01").latest("id")
        addresses = {"list": "/paie/", "slip": f"/paie/{real.pk}/", "image": f"/paie/{real.pk}/page-1.png"}
        for name, address in addresses.items():
            client.get(address)
            started = time.perf_counter()
            answer = client.get(address)
            spent[name].append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
    for name, times in spent.items():
        print(f"{f'{name}: median, worst of 40 agents (ms)':<52} {statistics.median(times):.1f}, {max(times):.1f}")
    return 0


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
