"""The acceptance list of docs/security.md: prints row → test, and fails when a row has neither test nor reason."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "security.md"
# OWASP ASVS 5.0, levels 1 and 2 and what we chose of 3: browsers, requests, accounts, sessions, rights, journal.
_ROWS = """
3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.4.7 3.4.8 3.5.1 3.5.3 3.5.4 3.5.8 3.7.2 3.7.3
4.1.1 4.1.3 4.1.4 4.2.1
6.1.1 6.1.2 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12
6.3.1 6.3.2 6.3.3 6.3.4 6.3.5 6.3.6 6.3.7 6.3.8 6.4.1 6.4.2 6.4.3 6.4.4 6.4.6 6.5.1 6.5.2 6.5.5 6.5.6 6.6.1 6.8.1 6.8.4
7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.5.3
8.2.1 8.2.2 8.2.3 8.2.4 8.3.1 8.3.2 8.4.2
16.2.5 16.3.1 16.3.2 16.3.3 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3 16.5.4
"""
REQUIRED = _ROWS.split()
SPAN = re.compile(r"(\d+\.\d+)\.(\d+) to (?:\1\.)?(\d+)")


def rows(text: str) -> list[tuple[str, str, str]]:
    """(row, promise, tests or reason) of each line of the tables."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == 3 and re.match(r"(ASVS|F\d)", cells[0]):
            found.append((cells[0], cells[1], cells[2]))
    return found


def identifiers(row: str) -> set[str]:
    """`ASVS 3.4.1 to 3.4.6, 3.4.8` names seven."""
    spans = {f"{head}.{n}" for head, first, last in SPAN.findall(row) for n in range(int(first), int(last) + 1)}
    return spans | set(re.findall(r"\d+\.\d+\.\d+", row))


def missing(text: str) -> list[str]:
    """The required rows that the page does not speak of."""
    said = set().union(*(identifiers(row) for row, _promise, _tests in rows(text)))
    return [row for row in REQUIRED if row not in said]


def main() -> int:
    """Prints the table; 1 when a row is missing."""
    text = PAGE.read_text(encoding="utf-8")
    for row, _promise, tests in rows(text):
        print(f"{row} → {tests.replace('`', '')}")
    lacking = missing(text)
    if lacking:
        print(f"Ni test ni raison dans docs/security.md : {', '.join(lacking)}.", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
