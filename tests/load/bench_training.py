"""Training with 3,000 courses and 20,000 sessions a year: its pages for every role. It measures; it asserts nothing."""

from __future__ import annotations

import re
import sys
import time

from client import Visitor, measure
from installation import CommandFailed, Installation, installation
from pages import MEHDI, PASSWORD, PageToMeasure
from report import Report, mebibytes, milliseconds

AWA, GABRIEL = "awa.diallo@paris.fr", "gabriel.simon@paris.fr"
ALONE = 30
IDLE = 5.0
_ID = "[0-9a-f-]{36}"
PAGES = (
    PageToMeasure("Catalogue", "/formations/"),
    PageToMeasure("Catalogue, en tapant « jard »", "/formations/?q=jard"),
    PageToMeasure("Catalogue, mots, domaine et type", "/formations/?q=équipe&domain=securite&kind=concours"),
    PageToMeasure("Catalogue, pour mon métier", "/formations/?show=metier"),
    PageToMeasure("Catalogue, bientôt complètes", "/formations/?show=bientot"),
    PageToMeasure("Une formation", "/formations/?show=dates", link=f"/formations/cours/{_ID}/"),
    PageToMeasure("Mes formations", "/formations/mes-formations/"),
    PageToMeasure("Une inscription", "/formations/mes-formations/", link=f"/formations/inscription/{_ID}/"),
    PageToMeasure("Mes compétences", "/formations/competences/"),
    PageToMeasure("À traiter", "/formations/a-traiter/", login=MEHDI),
    PageToMeasure("Mon équipe", "/formations/equipe/", login=MEHDI),
    PageToMeasure("Mes sessions à animer", "/formations/animer/", login=GABRIEL),
    PageToMeasure("Une session animée", "/formations/animer/", login=GABRIEL, link=f"/formations/animer/{_ID}/"),
    PageToMeasure("Gestion : sessions", "/formations/gestion/", login=AWA),
    PageToMeasure("Gestion : sessions, recherche", "/formations/gestion/?q=jardin", login=AWA),
    PageToMeasure("Inscrits d’une session", "/formations/gestion/", login=AWA,
                  link=f"/formations/gestion/session/{_ID}/inscrits/"),
    PageToMeasure("Gestion : à traiter", "/formations/a-traiter/", login=AWA),
    PageToMeasure("Gestion : habilitations", "/formations/gestion/habilitations/", login=AWA),
    PageToMeasure("Gestion : compétences", "/formations/gestion/competences/", login=AWA),
    PageToMeasure("Obligations par unité", "/formations/obligations/", login=AWA),
    PageToMeasure("Obligations d’une direction", "/formations/obligations/?unite=DEVE", login=AWA),
    PageToMeasure("Bilan", "/formations/gestion/bilan/", login=AWA),
    PageToMeasure("Bilan en CSV", "/formations/gestion/bilan.csv", login=AWA),
)  # fmt: skip
_SEED = (
    "from training_history import write_training_history as write; print('rows', write({trainer!r}, {year}, {courses}))"
)


def bench_training(agents: int, report: Report, *, a_year: int = 20_000, courses: int = 3_000) -> None:
    """The tables: how long it takes to fill, then each page."""
    with installation() as made:
        cost = made.nomade("demo", "--agents", str(agents))
        started = time.perf_counter()
        said = made.nomade_script(_SEED.format(trainer=GABRIEL, year=a_year, courses=courses))
        found = re.search(r"rows (\d+)", said)
        if found is None:
            raise CommandFailed(said[-2000:])
        filled = (f"{int(found[1])} enrolments by SQL", f"{time.perf_counter() - started:.1f}", "")
        report.table(
            f"Training: {agents} agents, {courses} courses, {a_year} sessions a year, two years",
            ("What", "seconds", "peak MiB"),
            [("nomade demo", f"{cost.seconds:.1f}", mebibytes(cost.peak_bytes)), filled],
        )
        with made.running():
            report.table(
                f"Pages of training, {agents} agents",
                ("Page", "SQL", "median, ms", "CPU of server and base, ms", "KB"),
                _pages(made),
            )


def _pages(made: Installation) -> list[tuple[object, ...]]:
    visitors: dict[str, Visitor] = {}
    rows: list[tuple[object, ...]] = []
    idle = _idle(made)
    for page in PAGES:
        if page.login not in visitors:
            visitors[page.login] = Visitor(made.target())
            visitors[page.login].sign_in(page.login, PASSWORD)
        visitor = visitors[page.login]
        path = page.address(lambda path, visitor=visitor: visitor.ask("GET", path)[2])  # type: ignore[misc]
        if path is None:
            rows.append((page.name, "none", "", "", ""))
            continue
        print(f"  {page.name}…", file=sys.stderr, flush=True)
        queries = made.queries_of(visitor, path, times=3)
        measure([visitor], path, each=1)  # warm
        before = made.cpu_seconds()
        taken = measure([visitor], path, each=ALONE, warm=0)
        spent = milliseconds((made.cpu_seconds() - before - idle * taken.elapsed) / ALONE)
        rows.append((page.name, queries, milliseconds(taken.median), spent, f"{taken.size / 1000:.0f}"))
    return rows


def _idle(made: Installation) -> float:
    """The processor that jobs and mail servers take in a second while nobody asks for a page."""
    before = made.cpu_seconds()
    time.sleep(IDLE)
    return (made.cpu_seconds() - before) / IDLE


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:]] or [55_000, 20_000, 3_000]
    bench_training(sizes[0], Report(), a_year=sizes[1], courses=sizes[2])
