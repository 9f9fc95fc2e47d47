"""The tables of a benchmark, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass
class Report:
    """Sections, in the order they were measured."""

    sections: list[str] = field(default_factory=list)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
        """Adds a table, and shows it at once."""
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]

        def line(row: Sequence[str]) -> str:
            first, *others = row
            padded = [
                first.ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)),
            ]
            return "| " + " | ".join(padded) + " |"

        rule = "|" + "|".join("-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths)) + "|"
        text = "\n".join([line(list(head)), rule, *map(line, cells)])
        print(f"\n{title}\n{text}" + (f"\n{note}" if note else ""), flush=True)
        self.sections.append(f"## {title}\n\n{text}\n" + (f"\n{note}\n" if note else ""))

    def write(self, path: Path) -> None:
        """Puts these sections in the file of the last benchmarks: one of the same title gives way, the others stay."""
        kept = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
        kept.update(_sections("\n" + "\n".join(self.sections)))
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        head = (
            "# Benchmarks\n\n"
            f"Written by `make bench`, last on {datetime.now(UTC):%Y-%m-%d}, on a machine with {os.cpu_count()} "
            f"cores and {memory:.0f} GiB of memory, which ran the clients too. Budgets: 12 queries a page; median "
            "10 ms alone, p95 60 ms at 8 clients; first visit 100 KB (portal), 160 KB (webmail).\n"
        )
        path.write_text("\n".join([head, *kept.values()]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """The parts of a page by their title of second rank."""
    parts = text.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def kilobytes(size: float) -> str:
    return f"{size / 1000:.1f}"


def mebibytes(size: float) -> str:
    return f"{size / 2**20:.0f}"
