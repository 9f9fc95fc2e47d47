"""Rights opened for a year: annual leave, days of fractionnement, RTT."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from nomade.leave.rules.parameters import Law, Proration, Rounding
from nomade.leave.rules.periods import Period

MONTHS_IN_YEAR = 12
HALVES_IN_DAY = 2


@dataclass(frozen=True)
class Right:
    """A right: the exact number of days by the rule, and the half-days given once rounded."""

    raw_days: Fraction
    half_days: int


@dataclass(frozen=True)
class Service:
    """A part of the year (0 to 1) worked on the same number of half-days a week."""

    weekly_half_days: Fraction
    share: Fraction


def _rounded(raw_days: Fraction, rounding: Rounding) -> Right:
    halves = raw_days * HALVES_IN_DAY
    return Right(raw_days, ceil(halves) if rounding is Rounding.HALF_DAY_UP else floor(halves))


def share_of_year(first: date, last: date | None, year: int, method: Proration) -> Fraction:
    """Part of a civil year between two dates included, by calendar days or by months.

    Décret 85-1250 art. 2 gives the prorata, not its method (local choice). By months, a month begun or left in its
    course counts for the part of its days.
    """
    start = max(first, date(year, 1, 1))
    end = min(last or date.max, date(year, 12, 31))
    if end < start:
        return Fraction(0)
    if method is Proration.DAYS:
        length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        return Fraction((end - start).days + 1, length)
    months = Fraction(0)
    for month in range(start.month, end.month + 1):
        month_first = date(year, month, 1)
        month_last = (month_first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        present = (min(end, month_last) - max(start, month_first)).days + 1
        months += Fraction(present, month_last.day)
    return months / MONTHS_IN_YEAR


def months_of_service(months_by_position: Mapping[str, Fraction], on: date, law: Law) -> Fraction:
    """Months that open annual leave: paid health and family leaves count as service, a congé parental does not.

    Décret 85-1250 art. 1, service-public F488, CGFP L.515-1. Raises MissingParameter for an unknown position.
    """
    total = Fraction(0)
    for position, months in months_by_position.items():
        if law.row("ca.service", on, position).value == "yes":
            total += months
    return total


def annual_leave(services: Iterable[Service], year: int, law: Law) -> Right:
    """Annual leave of a year: five times the weekly obligations, by prorata of each service, rounded once at the end.

    Décret 85-1250 art. 1 and 2 (contractuels: décret 88-145 art. 5). Hours a day and quotité play no part.
    """
    on = date(year, 1, 1)
    weeks = law.number("ca.weeks", on)
    raw = sum((service.weekly_half_days / HALVES_IN_DAY * weeks * service.share for service in services), Fraction(0))
    return _rounded(raw, law.rounding("ca.rounding", on))


def age_on(born: date, day: date) -> int:
    """Whole years lived on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class YoungAgentRight:
    """What an agent under 21 may take: all of it, of which only `paid_half_days` are paid."""

    total_half_days: int
    paid_half_days: int

    @property
    def unpaid_half_days(self) -> int:
        return self.total_half_days - self.paid_half_days


def annual_leave_when_young(
    acquired: Right, weekly_half_days: Fraction, *, age_on_first_january: int, year: int, law: Law
) -> YoungAgentRight:
    """Décret 85-1250 art. 2: under 21 on 1 January, the whole duration on request; the excess is not paid."""
    on = date(year, 1, 1)
    if age_on_first_january >= law.number("ca.full_right_under_age", on):
        return YoungAgentRight(acquired.half_days, acquired.half_days)
    whole = annual_leave([Service(weekly_half_days, Fraction(1))], year, law)
    return YoungAgentRight(max(whole.half_days, acquired.half_days), acquired.half_days)


def is_in_season(day: date, law: Law) -> bool:
    """Whether a day lies from 1 May to 31 October, the period that opens no day of fractionnement."""
    season = law.table("fractionnement.season", day)
    return season["first"].value <= f"{day:%m-%d}" <= season["last"].value


def season_of(year: int, law: Law) -> Period:
    """From 1 May to 31 October of a year, as days."""
    season = law.table("fractionnement.season", date(year, 12, 31))
    first, last = (date(year, *(int(part) for part in season[end].value.split("-"))) for end in ("first", "last"))
    return Period(first, last)


def out_of_season_half_days(days: Mapping[date, int], law: Law) -> int:
    """Half-days of annual leave taken outside the season; a request across its edge is split day by day."""
    return sum(halves for day, halves in days.items() if not is_in_season(day, law))


def fractionnement(out_of_season: int, year: int, law: Law) -> int:
    """Half-days of fractionnement opened by half-days of annual leave taken out of season.

    Décret 85-1250 art. 1: 5 to 7 days give one, 8 or more give two. A right, not a favour; never by prorata; RTT and
    CET do not count.
    """
    steps = law.table("fractionnement.days", date(year, 12, 31))
    given = [int(row.value) for days, row in steps.items() if out_of_season >= int(days) * HALVES_IN_DAY]
    return max(given, default=0) * HALVES_IN_DAY


@dataclass(frozen=True)
class Overtime:
    """A part of the year (0 to 1) under one weekly duration of full time and one quotité (0 to 1)."""

    weekly_minutes: int
    quotite: Fraction
    share: Fraction


def rtt(overtimes: Iterable[Overtime], year: int, law: Law) -> Right:
    """RTT days of a year.

    Service-public F13712, or the local table: the step reached by the weekly duration of full time, by prorata of
    quotité and presence, rounded once.
    """
    on = date(year, 1, 1)
    steps = {_minutes(duration): int(row.value) for duration, row in law.table("rtt.days", on).items()}
    raw = Fraction(0)
    for overtime in overtimes:
        reached = (days for minutes, days in steps.items() if overtime.weekly_minutes >= minutes)
        raw += max(reached, default=0) * overtime.quotite * overtime.share
    return _rounded(raw, law.rounding("rtt.rounding", on))


@dataclass(frozen=True)
class HealthReduction:
    """RTT withdrawn for health absences: the quotient, the half-days withdrawn, those left."""

    quotient: int
    withdrawn: int
    left: int


def rtt_reduction(rtt_half_days: int, days_absent: int, year: int, law: Law) -> HealthReduction:
    """Loi 2010-1657 art. 115, circulaire du 18-01-2012: one RTT each time health absences reach 228 / RTT of the year.

    Maternity, paternity and adoption are not health absences (QE Sénat n° 3592); `days_absent` leaves them out.
    """
    days_of_right = Fraction(rtt_half_days, HALVES_IN_DAY)
    if not days_of_right:
        return HealthReduction(0, 0, 0)
    quotient = floor(law.number("rtt.health_days", date(year, 12, 31)) / days_of_right + Fraction(1, 2))
    withdrawn = min(rtt_half_days, days_absent // quotient * HALVES_IN_DAY)
    return HealthReduction(quotient, withdrawn, rtt_half_days - withdrawn)


def _minutes(duration: str) -> int:
    hours, minutes = duration.split(":")
    return int(hours) * 60 + int(minutes)
