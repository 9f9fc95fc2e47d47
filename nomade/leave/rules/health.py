"""Health leaves: what they pay, until when papers must come. The portal shows; the pay engine decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from nomade.kernel.months import add_months
from nomade.leave.rules.parameters import Law

CENT = Decimal("0.01")
PERCENT = Decimal(100)


def unpaid_days(kind: str, *, hours_back: int | None = None, on: date, law: Law) -> int:
    """Days of carence of an arrêt (loi 2017-1837 art. 115).

    None for a prolongation, after less than 48 hours back for the same cause, nor for the causes that spare it.
    """
    relapse = hours_back is not None and hours_back <= law.number("sickness.relapse_hours", on)
    if relapse or law.says_yes("sickness.no_unpaid_day", on, kind):
        return 0
    return law.number("sickness.unpaid_days", on)


@dataclass(frozen=True)
class Rates:
    """Days of an arrêt by what they pay."""

    unpaid: int
    full: int
    half: int


def rates(days: int, *, full_days_used: int, unpaid: int, on: date, law: Law) -> Rates:
    """CGFP L.822-3: 90 days over twelve rolling months at the first rate, the rest at half pay."""
    paid = max(0, days - unpaid)
    full = min(paid, max(0, law.number("sickness.full_days", on) - full_days_used))
    return Rates(min(days, unpaid), full, paid - full)


@dataclass(frozen=True)
class Deduction:
    """What an arrêt takes from a month's traitement; IR and SFT stay whole."""

    days: int
    unpaid: Decimal
    reduced: Decimal

    @property
    def total(self) -> Decimal:
        return self.unpaid + self.reduced


def deduction(first: date, last: date, salary: Decimal, *, unpaid: int, full_days_used: int = 0, law: Law) -> Deduction:
    """A thirtieth for each unpaid day, then what the rates leave out; each line rounded (domain § 0 rule 2)."""
    days = (last - first).days + 1
    found = rates(days, full_days_used=full_days_used, unpaid=unpaid, on=first, law=law)
    a_day = salary / law.number("month.days", first)
    missing_full = (PERCENT - law.number("sickness.rate_full", first)) / PERCENT
    missing_half = (PERCENT - law.number("sickness.rate_half", first)) / PERCENT
    reduced = _cents(a_day * found.full * missing_full) + _cents(a_day * found.half * missing_half)
    return Deduction(days, _cents(a_day * found.unpaid), reduced)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def first_rate(issued_on: date, law: Law) -> int:
    """Percent paid by the first days of an arrêt, by the day it was issued; a prolongation has its own day.

    Loi 2025-127 art. 189: arrêts issued before 1 March 2025 keep full pay, their prolongations do not.
    """
    return law.number("sickness.rate_full", issued_on)


@dataclass(frozen=True)
class ContractRates:
    """Months that a contractuel is paid, at each rate."""

    first: int
    half: int


def contract_rates(months_of_service: int, *, on: date, law: Law) -> ContractRates:
    """Décret 88-145 art. 7: steps of service at 4 months, 2 years and 3 years."""
    steps: Mapping[int, int] = {int(after): int(row.value) for after, row in law.table("sickness.contract", on).items()}
    months = max((given for after, given in steps.items() if months_of_service >= after), default=0)
    return ContractRates(months, months)


@dataclass(frozen=True)
class Lateness:
    """Whether an arrêt was sent late, and between which days pay is halved (nothing the first time but a warning)."""

    late: bool
    send_before: date
    halved_from: date | None = None
    halved_until: date | None = None


def lateness(issued_on: date, sent_on: date, *, late_before: bool, law: Law) -> Lateness:
    """Décret 87-602 art. 15: sent within 48 hours; the second late sending in 24 months halves pay between the two.

    `late_before`: whether another arrêt was late within the months of `sickness.late_months`.
    """
    limit = issued_on + timedelta(hours=law.number("sickness.sent_hours", issued_on))
    if sent_on <= limit:
        return Lateness(False, limit)
    if not late_before:
        return Lateness(True, limit)
    return Lateness(True, limit, issued_on, sent_on)


@dataclass(frozen=True)
class ServiceAccident:
    """The days by which an accident or illness of service is declared, then decided."""

    declare_before: date
    decide_before: date


def service_accident(kind: str, happened_on: date, declared_on: date, *, enquiry: bool, law: Law) -> ServiceAccident:
    """Décret 87-602 art. 37-3 and 37-5; `kind` is « accident » or « maladie »."""
    days = law.text("citis.declare_days", happened_on, kind)
    if days:
        declare = happened_on + timedelta(days=int(days))
    else:
        declare = add_months(happened_on, law.number("citis.declare_months", happened_on, kind))
    months = law.number("citis.decide_months", declared_on, kind)
    if enquiry:
        months += law.number("citis.enquiry_months", declared_on)
    return ServiceAccident(declare, add_months(declared_on, months))
