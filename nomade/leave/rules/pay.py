"""What some absences take from pay, as the portal shows it (« indicatif »: the pay engine decides)."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from nomade.leave.rules.parameters import Law

CENT = Decimal("0.01")
HALVES_IN_DAY = 2


def strike_of_half_days(pay: Decimal, half_days: int, *, on: date, law: Law) -> Decimal:
    """1/30 a day, 1/60 a half-day: proportional in local government (CAA Nancy 30-05-2001). `pay` is without SFT."""
    return (pay * half_days / (law.number("month.days", on) * HALVES_IN_DAY)).quantize(CENT, ROUND_HALF_UP)


def strike_of_hours(pay: Decimal, hours: Decimal, *, on: date, law: Law) -> Decimal:
    """1/151.67 an hour (DGCL 05-07-2000)."""
    return (pay * hours / law.money("strike.hours", on)).quantize(CENT, ROUND_HALF_UP)


def part_time_pay(salary: Decimal, quotite: int, *, on: date, law: Law) -> Decimal:
    """CGFP L.612-5: the share is the quotité, but for 80 % (6/7) and 90 % (32/35)."""
    written = law.text("part_time.share", on, str(quotite))
    share = Fraction(written) if written else Fraction(quotite, 100)
    return (salary * share.numerator / share.denominator).quantize(CENT, ROUND_HALF_UP)
