"""The figures of the law as HR reads them: each with its words, its text, what it was and what it will be."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import today
from nomade.leave.models import LegalFigure

WORDS = Path(__file__).parent / "data" / "figures.csv"
# The local law that one switch brings in (code du travail L.3134-13).
ALSACE_MOSELLE = "alsace-moselle"
POPULATION = "population"
MONTH_DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
CHOICES = {
    "yes_no": {"yes": gettext_lazy("oui"), "no": gettext_lazy("non")},
    "rounding": {
        "half_day_up": gettext_lazy("à la demi-journée au-dessus"),
        "half_day_down": gettext_lazy("à la demi-journée au-dessous"),
    },
    "proration": {"months": gettext_lazy("par mois"), "days": gettext_lazy("par jour")},
    "cet_option": {
        "conges": gettext_lazy("gardés en congés"),
        "indemnisation": gettext_lazy("payés"),
        "rafp": gettext_lazy("versés à la RAFP"),
    },
}


@dataclass(frozen=True)
class Words:
    """What a key is called, and how its values are written."""

    key: str
    theme: str
    label: str
    kind: str


@cache
def words() -> dict[str, Words]:
    """The words of each key, in the order of the page."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {row["key"]: Words(**row) for row in csv.DictReader(file, delimiter=";")}


@dataclass(frozen=True)
class Line:
    """A figure in force: its row, its value in words."""

    row: LegalFigure
    said: str


@dataclass
class Group:
    """The figures of one key."""

    words: Words
    lines: list[Line] = field(default_factory=list)


@dataclass
class Theme:
    label: str
    groups: list[Group] = field(default_factory=list)


def said(value: str, kind: str) -> str:
    """A value as people write it."""
    if kind in CHOICES:
        return str(CHOICES[kind].get(value, value))
    if kind == "money":
        return value.replace(".", ",")
    if kind == "month_day":
        return date_format(date(2000, *(int(part) for part in value.split("-"))), "j F")
    if kind == "day":
        return date_format(date.fromisoformat(value), "j F Y")
    return value


def read(value: str, kind: str) -> str:
    """What was typed, as the rules read it. Raises ValueError with a French sentence."""
    typed = value.strip()
    parse = (lambda text: text if text in CHOICES[kind] else "") if kind in CHOICES else _PARSERS.get(kind, str)
    parsed = parse(typed)
    if not parsed:
        raise ValueError(str(EXPECTED.get(kind, _("Choisissez une des valeurs proposées."))))
    return parsed


EXPECTED = {
    "number": gettext_lazy("Écrivez un nombre entier, par exemple 25."),
    "money": gettext_lazy("Écrivez un nombre, par exemple 83,00."),
    "month_day": gettext_lazy("Écrivez un mois et un jour : 03-31 pour le 31 mars."),
    "day": gettext_lazy("Écrivez un jour : 2026-07-01 pour le 1er juillet 2026."),
    "share": gettext_lazy("Écrivez une fraction, par exemple 6/7."),
    "holiday": gettext_lazy("Écrivez le nom du jour férié."),
    "text": gettext_lazy("Écrivez une valeur."),
}


def _number(typed: str) -> str:
    return str(int(typed)) if typed.isascii() and typed.isdigit() else ""


def _money(typed: str) -> str:
    try:
        amount = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return ""
    return f"{amount:f}" if amount.is_finite() and amount >= 0 else ""


def _month_day(typed: str) -> str:
    return typed if MONTH_DAY.match(typed) else ""


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""


def _share(typed: str) -> str:
    try:
        share = Fraction(typed)
    except (ValueError, ZeroDivisionError):
        return ""
    return typed if 0 < share <= 1 else ""


_PARSERS: dict[str, Callable[[str], str]] = {
    "number": _number,
    "money": _money,
    "month_day": _month_day,
    "day": _day,
    "share": _share,
}


def in_force(rows: Iterable[LegalFigure], day: date) -> list[LegalFigure]:
    return [row for row in rows if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)]


def themes(asked: str = "", *, to_confirm: bool = False) -> list[Theme]:
    """The figures in force today, by theme; only those that hold what was asked for, or that HR must confirm."""
    known = words()
    rows: dict[str, list[LegalFigure]] = {}
    for row in in_force(LegalFigure.objects.order_by("argument", "population"), today()):
        rows.setdefault(row.key, []).append(row)
    found: dict[str, Theme] = {}
    for key, told in known.items():
        lines = [Line(row, said(row.value, told.kind)) for row in rows.get(key, []) if row.verified <= (not to_confirm)]
        text = " ".join([key, told.theme, told.label, *(f"{line.row.argument} {line.row.source}" for line in lines)])
        if lines and asked.casefold() in text.casefold():
            found.setdefault(told.theme, Theme(told.theme)).groups.append(Group(told, lines))
    return list(found.values())


def history_of(key: str) -> list[Line]:
    """Every row of a key, the latest first."""
    kind = words()[key].kind
    rows = LegalFigure.objects.filter(key=key).order_by("argument", "population", "-valid_from")
    return [Line(row, said(row.value, kind)) for row in rows]


def follows_alsace_moselle() -> bool:
    """Whether the local law of Alsace-Moselle holds here."""
    rows = LegalFigure.objects.filter(key=POPULATION, argument=ALSACE_MOSELLE, valid_until__isnull=True)
    return rows.exists()
