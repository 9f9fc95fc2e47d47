"""Leave without pay of contract staff, by its reason (décret 88-145 art. 15 to 18); days a year by kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nomade.kernel.months import add_months
from nomade.leave.rules.parameters import Law

LOCAL = "autre"
HALVES_IN_DAY = 2


class Lack(StrEnum):
    """The condition that is not met."""

    STATUS = "status"
    SERVICE = "service"
    TOO_LONG = "too_long"
    YEAR = "year"
    NOTICE = "notice"


@dataclass(frozen=True)
class Unmet:
    """A condition, its number (months, years or half-days), what is left of it, the text."""

    lack: Lack
    source: str
    limit: int = 0
    left: int = 0
    day: date | None = None


def unmet_unpaid(
    kind: str, *, status: str, entered: date, first: date, last: date, asked: int, used: int, today: date, law: Law
) -> list[Unmet]:
    """What stops an unpaid leave, or only warns (`NOTICE`). `asked`, `used`: half-days of this request, of the year.

    An official has no unpaid leave but the disponibilité, which is a position pronounced by arrêté (CGFP L.514-1).
    """
    found = []
    if kind != LOCAL and not law.says_yes("unpaid.status", first, status):
        found.append(Unmet(Lack.STATUS, "CGFP L.514-1 s., décret 86-68"))
    months = _number("unpaid.service_months", kind, first, law)
    if months and add_months(entered, months) > first:
        found.append(Unmet(Lack.SERVICE, law.source("unpaid.service_months", first, kind), limit=months))
    years = _number("unpaid.longest_years", kind, first, law)
    if years and last >= add_months(first, years * 12):
        found.append(Unmet(Lack.TOO_LONG, law.source("unpaid.longest_years", first, kind), limit=years))
    found += over_year("unpaid.days_year", kind, asked, used, first, law)
    notice = _number("unpaid.notice_months", kind, first, law)
    if notice and add_months(today, notice) > first:
        day = add_months(first, -notice)
        found.append(Unmet(Lack.NOTICE, law.source("unpaid.notice_months", first, kind), limit=notice, day=day))
    return found


def over_year(key: str, kind: str, asked: int, used: int, on: date, law: Law) -> list[Unmet]:
    """Whether a request goes over the days of its kind in a year (half-days asked and used; the limit in days)."""
    limit = _number(key, kind, on, law) * HALVES_IN_DAY
    if not limit or asked + used <= limit:
        return []
    return [Unmet(Lack.YEAR, law.source(key, on, kind), limit=limit, left=max(0, limit - used))]


def _number(key: str, kind: str, on: date, law: Law) -> int:
    """A number of a kind, or 0 when no text gives one."""
    written = law.text(key, on, kind)
    return int(written) if written else 0
