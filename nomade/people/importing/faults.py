"""What is wrong in a file, line by line, in words that let somebody put it right."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

SHOWN_VALUE = 60


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right; `line` is the line of the file (1 is the header, 0 the file as a whole)."""

    line: int
    column: str
    value: str
    expected: str
    file: str = ""

    def __str__(self) -> str:
        place = _("ligne %(line)s") % {"line": self.line} if self.line else _("fichier")
        if self.file:
            place = f"{self.file}, {place}"
        if self.column:
            place += _(", colonne « %(column)s »") % {"column": self.column}
        value = self.value if len(self.value) <= SHOWN_VALUE else self.value[:SHOWN_VALUE] + "…"
        return f"{place} : " + (f"« {value} » : {self.expected}" if value else self.expected)


class Faulty(Exception):
    """The file cannot be imported; nothing was changed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = sorted(faults)


@dataclass
class Faults:
    """Faults as they are found; the same place is never reported twice."""

    file: str = ""
    found: dict[tuple[int, str], Fault] = field(default_factory=dict)

    def add(self, line: int, column: str, value: str, expected: str) -> None:
        self.found.setdefault((line, column), Fault(line, column, value, expected, self.file))

    def __bool__(self) -> bool:
        return bool(self.found)

    def listed(self) -> list[Fault]:
        return sorted(self.found.values())
