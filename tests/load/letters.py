"""The letters of a whole roll-out: one PDF for every agent of a city that nobody has opened yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pikepdf
import psutil
from imports import AGENTS, write_city
from installation import CommandFailed, installation
from report import Report, mebibytes

EVERY_SECONDS = 1.0


@dataclass
class _Watched:
    """What a command and its working processes took together; what the base took is apart."""

    peak_bytes: int = 0
    cpu: dict[int, float] = field(default_factory=dict)

    @property
    def cpu_seconds(self) -> float:
        return sum(self.cpu.values())


def bench_letters(report: Report) -> None:
    """One table: every letter, its time, its processor, its memory, and the file that comes out."""
    with installation() as made:
        units, agents = write_city(made.folder)
        made.nomade("import-agents", str(agents), "--units", str(units))
        out = made.folder / "lettres.pdf"
        started = time.perf_counter()
        with _watching() as watched:
            made.nomade("activation-letters", "--batch", "deploiement", "--out", str(out))
        taken = time.perf_counter() - started
        with pikepdf.open(out) as pdf:
            pages, marks = len(pdf.pages), len(pdf.open_outline().root)
            if pages != AGENTS or "/StructTreeRoot" not in pdf.Root:
                raise CommandFailed(f"{pages} pages for {AGENTS} agents, or no tags")
        report.table(
            f"Activation letters of {AGENTS} agents, one tagged PDF sorted by unit",
            ("What", "measured"),
            [
                ("seconds", f"{taken:.0f}"),
                ("processor, all processes but the base, s", f"{watched.cpu_seconds:.0f}"),
                ("peak memory, all processes together, MiB", mebibytes(watched.peak_bytes)),
                ("pages", pages),
                ("units in the outline", marks),
                ("size, MiB", mebibytes(out.stat().st_size)),
            ],
            "Goal: 1 GiB.",
        )


@contextmanager
def _watching() -> Iterator[_Watched]:
    """Looks at the command and its working processes each second: memory of their own, shared pages shared out."""
    watched, over = _Watched(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_SECONDS):
            together = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    if any("postgres" in word for word in process.cmdline()[:1]):
                        continue
                    together += process.memory_full_info().pss
                    times = process.cpu_times()
                    watched.cpu[process.pid] = times.user + times.system
                except psutil.NoSuchProcess:
                    continue
            watched.peak_bytes = max(watched.peak_bytes, together)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        over.set()
        thread.join()
