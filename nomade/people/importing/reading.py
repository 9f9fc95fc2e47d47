"""From the bytes of a CSV or XLSX file to rows of text, with the line each one starts on."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from nomade.people.importing.faults import Fault, Faulty

SEPARATOR = ";"
# A spreadsheet is a compressed archive: what it unfolds to is bounded before it is opened.
MAX_UNFOLDED_BYTES = 400 * 1024 * 1024


@dataclass(frozen=True)
class Columns:
    """What a file may hold: all its columns, those it cannot do without, and those that only some rows fill."""

    known: tuple[str, ...]
    required: tuple[str, ...]


@dataclass
class Table:
    """The rows of a file; `names` gives the column of each cell (empty for an unknown one)."""

    names: list[str]
    rows: Iterator[tuple[int, list[str]]]
    unknown: list[str] = field(default_factory=list)

    @property
    def present(self) -> frozenset[str]:
        return frozenset(filter(None, self.names))


def open_table(content: bytes, columns: Columns, file: str = "") -> Table:
    """The rows of a CSV (UTF-8, `;`) or XLSX file. Raises `Faulty` when it cannot be read as one.

    A fault inside the rows (a wrong number of cells) is raised while they are read.
    """
    if not content.strip():
        raise Faulty([Fault(0, "", "", _("le fichier est vide."), file)])
    is_spreadsheet = content[:4] == b"PK\x03\x04"
    lines = _spreadsheet(content, file) if is_spreadsheet else _csv(_text(content, file), file)
    _start, header = next(lines, (1, []))
    names = [cell.strip().lower() for cell in header]
    _check_header(names, columns, file)
    unknown = [name for name in names if name and name not in columns.known]
    kept = [name if name in columns.known else "" for name in names]
    return Table(kept, _cells(lines, len(names), file, pad=is_spreadsheet), unknown)


def _text(content: bytes, file: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        expected = _("le fichier est en UTF-16 ; enregistrez-le en « CSV UTF-8 ».")
        raise Faulty([Fault(0, "", "", expected, file)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        around = content[max(start, error.start - 20) : error.start + 20].split(b"\n")[0].decode("cp1252", "replace")
        expected = _("le fichier n’est pas en UTF-8 (sans doute Windows-1252) ; enregistrez-le en « CSV UTF-8 ».")
        raise Faulty([Fault(line, "", around.strip(), expected, file)]) from error


def _csv(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Faulty([Fault(line, "", "", _("un signe nul : ce n’est pas un fichier CSV."), file)])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATOR, strict=True)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        expected = _("guillemets mal fermés, ou texte après un guillemet fermant.")
        raise Faulty([Fault(start, "", "", expected, file)]) from error


def _spreadsheet(content: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    refused = Faulty([Fault(0, "", "", _("ce n’est pas un classeur XLSX lisible."), file)])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNFOLDED_BYTES:
                raise refused
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise refused from error
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(), start=1):
            values = [_cell_text(cell.value, str(cell.number_format or "")) for cell in cells]
            while len(values) > 1 and not values[-1]:
                values.pop()
            yield number, values
    finally:
        book.close()


def _cell_text(value: Any, shape: str) -> str:
    """What a person sees in the cell: a matricule formatted `00000000` keeps its zeros, a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float) and "%" in shape:
        return f"{value * 100:g}"
    if isinstance(value, int) and re.fullmatch(r"0+", shape):
        return f"{value:0{len(shape)}d}"
    return str(value)


def _check_header(names: list[str], columns: Columns, file: str) -> None:
    faults = []
    if len(names) == 1 and names[0] not in columns.known:
        for sign, word in ((",", _("virgule")), ("\t", _("tabulation")), ("|", "|")):
            if sign in names[0]:
                expected = _("le séparateur est « %(found)s » ; il faut le point-virgule.") % {"found": word}
                raise Faulty([Fault(1, "", names[0], expected, file)])
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            faults.append(Fault(1, name, "", _("la colonne est écrite deux fois."), file))
        seen.add(name)
    missing = [name for name in columns.required if name not in seen]
    faults.extend(Fault(1, name, "", _("il manque cette colonne."), file) for name in missing)
    if faults:
        raise Faulty(faults)


def _cells(
    lines: Iterator[tuple[int, list[str]]], width: int, file: str, *, pad: bool
) -> Iterator[tuple[int, list[str]]]:
    """Rows as wide as the header. A spreadsheet leaves out empty cells at the end; a CSV that does was cut short."""
    for line, row in lines:
        if not any(cell.strip() for cell in row):
            continue
        if pad:
            row.extend([""] * (width - len(row)))
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            expected = _("%(found)s cellules au lieu de %(width)s : un point-virgule de trop, ou une ligne coupée ?")
            fault = Fault(line, "", SEPARATOR.join(row), expected % {"found": len(row), "width": width}, file)
            raise Faulty([fault])
        yield line, row[:width]


def joined(values: Sequence[str]) -> str:
    """A list for a sentence: « a », « b »."""
    return ", ".join(f"« {value} »" for value in values)
