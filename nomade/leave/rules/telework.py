"""Telework: décret 2016-151, décret 2021-1123."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from nomade.kernel.months import add_months
from nomade.leave.rules.decisions import ALLOWED, Decision, Outcome
from nomade.leave.rules.parameters import Law

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Week:
    """Whether so many days of telework a week are allowed, how many at most, and the days left on site."""

    decision: Decision
    most: Fraction
    on_site: Fraction


def week(worked: Fraction, asked: Fraction, *, exception: str = "", on: date, law: Law) -> Week:
    """Art. 3: three days a week at most, two days on site at least; art. 4 says who is above these limits."""
    most = min(Fraction(law.number("telework.days", on)), max(Fraction(0), worked - law.number("telework.on_site", on)))
    if asked <= most:
        return Week(ALLOWED, most, worked - asked)
    if exception and law.says_yes("telework.exception", on, exception):
        return Week(
            Decision(Outcome.ALLOWED, exception, law.source("telework.exception", on, exception)), most, worked - asked
        )
    return Week(Decision(Outcome.BLOCKED, "quotite_teletravail", law.source("telework.days", on)), most, worked - asked)


@dataclass(frozen=True)
class Allowance:
    """The forfait of a number of days: as computed, then within the ceiling of the year."""

    raw: Decimal
    amount: Decimal


def allowance(days: int, *, already: Decimal = Decimal(0), on: date, law: Law) -> Allowance:
    """Décret 2021-1123: so much a day, within a yearly ceiling; `already` was paid this year."""
    raw = (law.money("telework.allowance", on) * days).quantize(CENT, ROUND_HALF_UP)
    return Allowance(raw, min(raw, max(Decimal(0), law.money("telework.allowance_year", on) - already)))


def answer_before(received: date, law: Law) -> date:
    """Art. 5: a written answer within a month."""
    return add_months(received, law.number("telework.answer_months", received))
