"""Lists that leave the portal: CSV or XLSX, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from nomade.kernel.spreadsheets import CSV_TYPE, harmless

Cell = str | int | float | date | None


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
