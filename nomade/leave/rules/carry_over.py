"""Annual leave not taken: what is carried over, until when, what is lost, what is paid at the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from nomade.kernel.months import add_months
from nomade.leave.rules.decisions import ALLOWED, Decision, Outcome
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import month_day

CENT = Decimal("0.01")
HEALTH, FAMILY = "sante", "famille"


@dataclass(frozen=True)
class CarryOver:
    """Half-days carried over and half-days lost, with the text that says so."""

    carried: int
    lost: int
    source: str


def ordinary_carry_over(left: int, *, authorised: bool, year: int, law: Law) -> CarryOver:
    """Décret 85-1250 art. 5: leave not taken is not carried over, unless exceptionally authorised."""
    row = law.row("ca.carry_allowed", date(year, 12, 31))
    carried = left if authorised or row.value == "yes" else 0
    return CarryOver(carried, left - carried, row.source)


def protected_carry_over(reason: str, *, right: int, taken: int, weekly_half_days: Fraction, on: date, law: Law) -> int:
    """Half-days carried over because an absence prevented the leave (décret 85-1250 art. 5-1).

    For health, what is left of the four first weeks only; for a parental or family leave, all that is left.
    """
    left = max(0, right - taken)
    group = law.row("carry.group", on, reason).value
    weeks = law.text("carry.weeks", on, group)
    if not weeks:
        return left
    return min(left, max(0, int(int(weeks) * weekly_half_days) - taken))


def carried_until(reason: str, *, returned_on: date, acquired_during: bool, year: int, law: Law) -> date:
    """Last day on which leave carried over may be taken (décret 85-1250 art. 5-1).

    Fifteen months from the return; for rights acquired during the absence, from 31 December of their year at latest.
    """
    group = law.row("carry.group", returned_on, reason).value
    months = law.number("carry.months", returned_on, group)
    if acquired_during and returned_on > date(year, 12, 31):
        return end_of_month_after(date(year, 12, 31), months)
    return add_months(returned_on, months) - timedelta(days=1)


def end_of_month_after(last: date, months: int) -> date:
    """The end of a delay of whole months that starts the day after `last`."""
    return add_months(last + timedelta(days=1), months) - timedelta(days=1)


def authorised_until(year: int, law: Law) -> date:
    """Last day of an exceptional carry-over of a year (décret 85-1250 art. 5, local parameter)."""
    return month_day(law.row("ca.carry_until", date(year, 12, 31)).value, year + 1)


def may_use(day: date, expires_on: date | None) -> Decision:
    """A day is taken on a right only until this right expires."""
    if expires_on is not None and day > expires_on:
        return Decision(Outcome.BLOCKED, "report_expire", "décret 85-1250 art. 5")
    return ALLOWED


@dataclass(frozen=True)
class Indemnity:
    """What leave not taken is worth at the end of the tie of work."""

    half_days: int
    a_day: Decimal
    amount: Decimal


def end_indemnity(
    gross: Decimal, half_days: int, *, weekly_half_days: Fraction, reason: str = "", on: date, law: Law
) -> Indemnity:
    """Monthly gross × 12 / 250 for each day, for four weeks at most, without limit after a family leave.

    Décret 85-1250 art. 5-2, arrêté du 21-06-2025 art. 1 and 2.
    """
    group = law.text("carry.group", on, reason) if reason else ""
    if group != FAMILY:
        half_days = min(half_days, int(law.number("indemnity.weeks", on) * weekly_half_days))
    a_day = gross * law.number("indemnity.months", on) / law.number("indemnity.days", on)
    amount = (a_day * half_days / 2).quantize(CENT, ROUND_HALF_UP)
    return Indemnity(half_days, a_day.quantize(CENT, ROUND_HALF_UP), amount)
