"""How dates, amounts and sizes are written on a screen, in French typography."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone, translation
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def _grouped(number: str) -> str:
    """Groups of three digits, parted by a narrow space that does not break: `1234567` gives « 1 234 567 »."""
    head, tail = number[: len(number) % 3], number[len(number) % 3 :]
    groups = ([head] if head else []) + [tail[i : i + 3] for i in range(0, len(tail), 3)]
    return THIN.join(groups)


def number(value: Decimal | int, places: int = 0) -> str:
    """A number with a decimal comma, rounded half up to `places` decimals. Raises TypeError for a float."""
    if isinstance(value, float) or not isinstance(value, Decimal | int):
        raise TypeError(f"an exact number is needed (Decimal or int), not {type(value).__name__}")
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _dot, cents = f"{abs(rounded):f}".partition(".")
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{_grouped(whole)}" + (f",{cents}" if cents else "")


def money(value: Decimal | int) -> str:
    """An amount in euros: « 2 107,14 € ». Raises TypeError for a float, which cannot hold cents exactly."""
    return f"{number(value, 2)}{NBSP}€"


def _day(value: date | datetime) -> date:
    """The civil day, in the portal's time zone, of a date or of an aware instant."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _written(value: date, pattern: str) -> str:
    """Django's date formatting, with « 1er » in French."""
    return _written_in(translation.get_language(), value, pattern)


@lru_cache(maxsize=4096)
def _written_in(language: str | None, value: date, pattern: str) -> str:
    day = "jS" if language != "fr" else "j"
    text = django_format(value, pattern.replace("j", day) if day == "jS" else pattern)
    if day == "j" and value.day == 1:
        words = text.split(" ")
        text = " ".join("1er" if word == "1" else word for word in words)
    return text


def long_date(value: date | datetime) -> str:
    """« lundi 23 novembre 2026 »."""
    return _written(_day(value), "l j F Y")


def medium_date(value: date | datetime) -> str:
    """« 23 novembre 2026 »."""
    return _written(_day(value), "j F Y")


def short_date(value: date | datetime) -> str:
    """« 23/11/2026 »."""
    return _day(value).strftime("%d/%m/%Y")


def day_month(value: date | datetime) -> str:
    """« 23 novembre »."""
    return _written(_day(value), "j F")


def month_year(value: date | datetime) -> str:
    """« novembre 2026 »."""
    return _written(_day(value), "F Y")


def date_time(value: datetime) -> str:
    """« 23 novembre 2026 à 9 h 05 », in the portal's time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    moment = f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return _("%(day)s à %(time)s") % {"day": medium_date(local), "time": moment}


def plural(count: Decimal | int) -> int:
    """The number to give `ngettext` for the language in use: in French zero is singular, and plural starts at two."""
    if (translation.get_language() or "fr").startswith("fr"):
        return 2 if count >= 2 or count <= -2 else 1
    return 1 if count == 1 else 2


def days(half_days: int) -> str:
    """A count of half days, as days: 5 gives « 2,5 jours », 1 gives « 0,5 jour »."""
    return _days_in(translation.get_language(), half_days)


@lru_cache(maxsize=1024)
def _days_in(_language: str | None, half_days: int) -> str:
    value = Decimal(half_days) / 2
    text = number(value, 0 if half_days % 2 == 0 else 1)
    # In French the plural starts at two.
    return ngettext("%(count)s jour", "%(count)s jours", 2 if abs(value) >= 2 else 1) % {
        "count": text.replace(" ", NBSP)
    }


def file_size(size: int) -> str:
    """A size in bytes, in French units: « 12 Ko », « 1,4 Mo »."""
    if size < 1000:
        return ngettext("%(count)d octet", "%(count)d octets", plural(size)) % {"count": size}
    for unit in ("Ko", "Mo", "Go"):
        scaled = Decimal(size) / 1000 ** (("Ko", "Mo", "Go").index(unit) + 1)
        if scaled < 1000 or unit == "Go":
            return f"{number(scaled, 0 if unit == 'Ko' or scaled >= 100 else 1)}{NBSP}{unit}"
    raise AssertionError("unreachable: the last unit always answers")


def capitalised(text: str) -> str:
    """The first letter in capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def hours(minutes: int) -> str:
    """Minutes as hours: « 3 h 30 », « 45 min », « −2 h »."""
    sign = MINUS if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    if not whole:
        return f"{sign}{rest}{NBSP}min"
    return f"{sign}{whole}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


FILTERS = {
    "money": money,
    "number": number,
    "long_date": long_date,
    "medium_date": medium_date,
    "short_date": short_date,
    "day_month": day_month,
    "month_year": month_year,
    "date_time": date_time,
    "days": days,
    "hours": hours,
    "file_size": file_size,
    "capitalised": capitalised,
}
