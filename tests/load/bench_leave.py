"""Leave with two years of history: its pages, a request sent, a year opened and closed. It asserts nothing."""

from __future__ import annotations

import re
import statistics
import sys
import time
from datetime import date, timedelta

from client import Visitor, measure
from installation import CommandFailed, Installation, installation
from pages import CAMILLE, MEHDI, PASSWORD
from report import Report, mebibytes, milliseconds

ALONE, SENT = 40, 20
PAGES = (
    ("Mes congés", CAMILLE, "/conges/"),
    ("Nouvelle demande", CAMILLE, "/conges/nouvelle/"),
    ("Mon CET", MEHDI, "/conges/cet/"),
    ("À valider", MEHDI, "/conges/a-valider/"),
    ("Équipe", MEHDI, "/conges/equipe/"),
)
TOKEN = re.compile(rb'name="(csrfmiddlewaretoken|form_token)"[^>]* value="([^"]+)"')
_SEED = "from leave_history import write_leave_history; print('rows', write_leave_history(({first}, {last})))"


def bench_leave(agents: int, report: Report) -> None:
    """The tables: commands, then pages and sending."""
    year = date.today().year  # noqa: DTZ011  # the year of the city, which is made today
    with installation() as made:
        made.nomade("demo", "--agents", str(agents))
        rows = [_command(made, "open-leave-year", str(year - 1)), _seed(made, year)]
        rows.append(_command(made, "open-leave-year", str(year + 2)))
        rows.append(_command(made, "close-leave-year", str(year - 1)))
        rows.append(_command(made, "recount-leave-year", str(year)))
        head = ("What", "seconds", "of CPU", "peak MiB")
        report.table(f"Leave of {agents} agents, two years of absences", head, rows)
        with made.running():
            report.table(
                f"Pages of leave, {agents} agents, two years of absences", ("Page", "SQL", "median, ms"), _pages(made)
            )


def _command(made: Installation, *arguments: str) -> tuple[str, str, str, str]:
    cost = made.nomade(*arguments)
    return (
        f"nomade {' '.join(arguments)}",
        f"{cost.seconds:.1f}",
        f"{cost.cpu_seconds:.1f}",
        mebibytes(cost.peak_bytes),
    )


def _seed(made: Installation, year: int) -> tuple[str, str, str, str]:
    """Two years of absences, by a process that reads the same settings as the portal."""
    started = time.perf_counter()
    done = made.nomade_script(_SEED.format(first=year - 1, last=year))
    found = re.search(r"rows (\d+)", done)
    if found is None:
        raise CommandFailed(done[-2000:])
    return (f"{int(found[1])} absences written by SQL", f"{time.perf_counter() - started:.1f}", "", "")


def _pages(made: Installation) -> list[tuple[object, ...]]:
    visitors = {}
    for login in (CAMILLE, MEHDI):
        visitors[login] = Visitor(made.target())
        visitors[login].sign_in(login, PASSWORD)
    rows: list[tuple[object, ...]] = []
    for name, login, path in PAGES:
        queries = made.queries_of(visitors[login], path)
        rows.append((name, queries, milliseconds(measure([visitors[login]], path, each=ALONE).median)))
    taken = _send(visitors[CAMILLE])
    rows.append((f"Envoyer une demande ({len(taken)} fois)", "", milliseconds(statistics.median(taken))))
    return rows


def _send(visitor: Visitor) -> list[float]:
    """Telework of one Thursday, week after week: seconds of each sending that was accepted."""
    today = date.today()  # noqa: DTZ011  # as above
    thursday = today - timedelta(days=today.weekday()) + timedelta(days=3, weeks=30)
    taken = []
    for turn in range(SENT):
        _status, _location, page = visitor.ask("GET", "/conges/nouvelle/?type=" + _telework(visitor))
        form = {found[1].decode(): found[2].decode() for found in TOKEN.finditer(page)}
        day = (thursday + timedelta(weeks=turn)).isoformat()
        form |= {
            "leave_type": _telework(visitor), "first_day": day, "last_day": day, "first_half": "0", "last_half": "1"
        }  # fmt: skip
        started = time.perf_counter()
        status, _location, body = visitor.ask("POST", "/conges/nouvelle/", form)
        seconds = time.perf_counter() - started
        if status == 303:
            taken.append(seconds)
        elif b"f\xc3\xa9ri\xc3\xa9" not in body:
            print(f"a request was not accepted: {status}", file=sys.stderr)
    return taken


_known: dict[str, str] = {}


def _telework(visitor: Visitor) -> str:
    """The key of the type, as the form of the portal names it."""
    if "key" not in _known:
        page = visitor.ask("GET", "/conges/nouvelle/")[2].decode()
        found = re.search(r'<option value="(\d+)"[^>]*>\s*Télétravail', page)
        if found is None:
            raise CommandFailed("the form of a request does not offer telework")
        _known["key"] = found[1]
    return _known["key"]


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]] or [55_000]
    made = Report()
    for size in sizes:
        bench_leave(size, made)
