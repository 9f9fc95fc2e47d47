"""`make bench`: what pages, first visits and imports cost, at 60 and at 55,000 agents. It measures; it asserts nothing.

Everything goes through the real door: granian with TLS on loopback, one connection a client, counts bounded.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench_leave import bench_leave
from bench_mail import bench_mail
from bench_training import bench_training
from client import Visitor, measure
from first_visit import first_visits
from imports import import_agents
from installation import ROOT, CommandFailed, Installation, installation
from letters import bench_letters
from pages import CAMILLE, PAGES, PASSWORD, PageToMeasure
from report import Report, kilobytes, mebibytes, milliseconds
from sign_ins import bench_sign_ins

#: What the search and the news are measured over.
ARTICLES = 2_000
SEE_LOAD = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})"
ALONE, TOGETHER, CLIENTS = 40, 15, 8
HEAD = ("Page", "SQL", "median alone, ms", f"p95 at {CLIENTS} clients, ms", "answers/s", "KB sent")
PART_NAMES = ("pages", "leave", "import", "letters", "payslips", "sign-ins", "training", "tickets", "portfolio", "mail")


def measure_pages(installation: Installation, agents: int, report: Report) -> None:
    """One table: each page, alone then at 8 clients."""
    rows = []
    visitors: dict[str, list[Visitor]] = {}
    for page in PAGES:
        if page.login not in visitors:
            # One session for all: an agent has five at most.
            first = _visitor(installation, page.login)
            others = [Visitor(installation.target(), dict(first.cookies)) for _ in range(CLIENTS - 1)]
            visitors[page.login] = [first, *others]
        rows.append(_row(installation, page, visitors[page.login]))
    report.table(f"Pages, {agents} agents and {ARTICLES} articles in the base", HEAD, rows)


def _visitor(installation: Installation, login: str) -> Visitor:
    visitor = Visitor(installation.target())
    if login:
        visitor.sign_in(login, PASSWORD)
    return visitor


def _row(installation: Installation, page: PageToMeasure, visitors: list[Visitor]) -> tuple[object, ...]:
    path = page.address(lambda path: visitors[0].ask("GET", path)[2])
    if path is None:
        return (page.name, *["none"] * (len(HEAD) - 1))
    print(f"  {page.name}…", file=sys.stderr, flush=True)
    try:
        queries = installation.queries_of(visitors[0], path)
        alone = measure(visitors[:1], path, each=ALONE)
        together = measure(visitors, path, each=TOGETHER)
    except RuntimeError as error:
        print(f"{page.name}: {error}", file=sys.stderr)
        return (page.name, *["refused"] * (len(HEAD) - 1))
    return (
        page.name,
        queries,
        milliseconds(alone.median),
        milliseconds(together.p95),
        f"{together.rate:.0f}",
        kilobytes(alone.size),
    )


def bench_city(agents: int, report: Report, *, browser: bool) -> None:
    """Fills a base with that many agents, and measures its pages."""
    with installation() as made:
        cost = made.nomade("demo", "--agents", str(agents))
        report.table(
            f"Demo city of {agents} agents",
            ("Command", "seconds", "peak MiB"),
            [("nomade demo", f"{cost.seconds:.1f}", mebibytes(cost.peak_bytes))],
        )
        made.nomade("shell", "-c", f"{SEE_LOAD}; from articles import write_articles; write_articles({ARTICLES})")
        with made.running():
            measure_pages(made, agents, report)
            if browser:
                first_visits(made.port, CAMILLE, PASSWORD, report)


def bench_cities(sizes: list[int], report: Report) -> None:
    """The pages of each city; first visits in the largest."""
    for agents in sizes:
        bench_city(agents, report, browser=agents == max(sizes))


def bench_apart(script: str, *options: str) -> None:
    """A benchmark of its own, which prints its table; a page over its goal there ends it with status 1, and is told."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), *options], cwd=ROOT, check=False, env=dict(os.environ)
    )
    if done.returncode:
        raise CommandFailed(f"{script}: status {done.returncode}")


def _measure(part: str, asked: argparse.Namespace, report: Report) -> None:
    sizes, out = asked.agents, asked.out
    largest = max(sizes)
    history = ("--agents", str(largest), "--months", "36", "--faults", "--web", "--kill")
    parts: dict[str, Callable[[], None]] = {
        "pages": lambda: bench_cities(sizes, report),
        "leave": lambda: bench_leave(largest, report),
        "import": lambda: import_agents(report),
        "letters": lambda: bench_letters(report),
        "training": lambda: bench_training(largest, report),
        "mail": lambda: bench_mail(report, asked.messages, asked.mailboxes),
        "sign-ins": lambda: bench_sign_ins(report),
        "payslips": lambda: bench_apart("bench_payslips.py", *history),
        "tickets": lambda: bench_apart("bench_tickets.py", "--out", str(out)),
        "portfolio": lambda: bench_apart("bench_portfolio.py", "--agents", str(largest), "--out", str(out)),
    }
    parts[part]()


def main() -> int:
    """Returns the exit status: 1 when something could not be measured at all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--agents", type=int, nargs="*", default=[60, 55_000], help="sizes of the cities")
    parser.add_argument("--messages", type=int, nargs=2, default=[10_000, 100_000], help="of an inbox, of a folder")
    parser.add_argument("--mailboxes", type=int, default=1_000, help="how many are opened together")
    parser.add_argument("--only", choices=PART_NAMES, nargs="*", default=PART_NAMES)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    asked = parser.parse_args()
    report = Report()
    try:
        for part in asked.only:
            _measure(part, asked, report)
    except CommandFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if report.sections:
            report.write(asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
