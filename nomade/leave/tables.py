"""Lists that leave the portal: CSV or XLSX, harmless in a spreadsheet; and lists that come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from nomade.kernel.spreadsheets import CSV_TYPE, harmless

Cell = str | int | float | date | None
MOST_ROWS = 60_000


def table_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], form: str) -> HttpResponse:
    """A table as a file; `form` is « csv » or « xlsx ». Its name holds no person's name nor reason of absence."""
    if form == "xlsx":
        content, kind = _xlsx(header, rows), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        content, kind = table_csv(header, rows).encode(), CSV_TYPE
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def table_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """With a byte-order mark and semicolons, as spreadsheets expect in France."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return "" if cell is None else str(cell)


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Liste"))
    sheet.append(list(header))
    for row in rows:
        sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Unreadable(ValueError):
    """A list that comes in cannot be read; the text is a French sentence that names the line."""


def read_rows(text: str, *, in_minutes: bool = False) -> list[tuple[str, int]]:
    """Lines « matricule;jours » (decimal comma or point), an optional header first. Raises Unreadable."""
    rows: list[tuple[str, int]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        cells = [cell.strip() for cell in line.replace("\t", ";").split(";")]
        if not any(cells) or (number == 1 and cells[0].lower() == "matricule"):
            continue
        if len(cells) < 2:
            raise Unreadable(_("Ligne %(line)s : il faut un matricule et un nombre.") % {"line": number})
        rows.append((cells[0], halves_of(cells[1], number, in_minutes=in_minutes)))
        if len(rows) > MOST_ROWS:
            raise Unreadable(_("La liste est trop longue : %(most)s lignes au plus.") % {"most": MOST_ROWS})
    if not rows:
        raise Unreadable(_("La liste est vide : une ligne par agent, « matricule;jours »."))
    return rows


def halves_of(text: str, line: int, *, in_minutes: bool) -> int:
    """A number of days (of hours) of a list, in half-days (in minutes). Raises Unreadable with the line."""
    factor = 60 if in_minutes else 2
    try:
        value = Decimal(text.replace(",", ".")) * factor
    except InvalidOperation:
        raise Unreadable(
            _("Ligne %(line)s : « %(text)s » n’est pas un nombre.") % {"line": line, "text": text[:20]}
        ) from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > 30_000:
        raise Unreadable(
            _("Ligne %(line)s : « %(text)s » ne tombe pas juste, il faut des demi-journées.")
            % {"line": line, "text": text[:20]}
        )
    return int(value)


def check_totals(rows: Sequence[tuple[str, int]], *, people: int | None, half_days: int | None) -> list[str]:
    """The sentences of what does not agree with the control totals announced by the former system."""
    faults = []
    if people is not None and people != len(rows):
        faults.append(
            _("Total de contrôle, agents annoncés : %(said)s, lus : %(read)s.") % {"said": people, "read": len(rows)}
        )
    total = sum(halves for _matricule, halves in rows)
    if half_days is not None and half_days != total:
        faults.append(
            _("Total de contrôle, jours annoncés : %(said)s, lus : %(read)s.")
            % {"said": _days(half_days), "read": _days(total)}
        )
    return faults


def _days(half_days: int) -> str:
    return f"{half_days / 2:g}".replace(".", ",")
