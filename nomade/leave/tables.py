"""Lists of counters that come in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

MOST_ROWS = 60_000


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
