"""Gross pay, refunds and what is kept back: one function a line of the slip."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from nomade.payslips.payroll.money import ZERO, cents, percent, share
from nomade.payslips.payroll.rates import Rates, StrikeRules


def index_pay(index: int, rates: Rates) -> Decimal:
    """Traitement indiciaire of a month at full time: index × yearly value of the point / 12 (décret 85-1148 art. 3)."""
    return cents(index * rates.index_value / 12)


def paid_fraction(working_share: int, rates: Rates) -> Fraction:
    """Part of full pay for a part-time share: 80 % is paid 6/7 and 90 % 32/35 (CGFP L.612-5)."""
    return rates.part_time.get(working_share, Fraction(working_share, 100))


def part_time_pay(full: Decimal, working_share: int, rates: Rates) -> Decimal:
    """What remains of a full-time amount at that working share."""
    return share(full, paid_fraction(working_share, rates))


def differential(index: int, rates: Rates) -> Decimal:
    """Indemnité différentielle at full time: what lacks to reach the SMIC, outside the CNRACL base (décret 91-769)."""
    return max(ZERO, rates.smic - index_pay(index, rates))


def residence(pay: Decimal, zone: int, rates: Rates, fraction: Fraction = Fraction(1)) -> Decimal:
    """Indemnité de résidence on `pay` (traitement + NBI paid), never under that of the minimum index (art. 9)."""
    floor = share(index_pay(rates.minimum_index, rates), fraction)
    return percent(max(pay, floor), rates.residence[zone])


def family_supplement(children: int, index: int, rates: Rates, fraction: Fraction = Fraction(1)) -> Decimal:
    """Supplément familial de traitement; `index` includes the NBI (décret 85-1148 art. 10 to 12).

    Part time: in proportion, never under the full-time minimum for as many children (art. 12).
    """
    if children <= 0:
        return ZERO
    scale = rates.family
    bounded = min(max(index, scale.lowest_index), scale.highest_index)
    due = share(_family_amount(children, bounded, rates), fraction)
    return max(due, _family_amount(children, scale.lowest_index, rates))


def _family_amount(children: int, index: int, rates: Rates) -> Decimal:
    scale = rates.family
    fixed, rate = scale.children[min(children, len(scale.children)) - 1]
    more = max(0, children - len(scale.children))
    fixed += more * scale.each_more[0]
    rate += more * scale.each_more[1]
    return cents(fixed + index * rates.index_value / 12 * rate / 100)


def transfer_to_points(yearly: Decimal, bonuses: Decimal, fraction: Fraction = Fraction(1)) -> Decimal:
    """Transfert primes/points of a month, positive: a twelfth, within the bonuses received (décret 2016-588)."""
    return min(share(yearly / 12, fraction), bonuses)


def transport_refund(yearly_ticket: Decimal, rates: Rates) -> Decimal:
    """Monthly refund of a yearly public transport ticket, capped (décret 2010-676 art. 3)."""
    return min(cents(yearly_ticket * rates.transport_percent / 100 / 12), rates.transport_ceiling)


def strike_deduction(pay: Decimal, rules: StrikeRules, *, days: int = 0, half_days: int = 0, hours: int = 0) -> Decimal:
    """Retenue pour grève: 1/30 a day, 1/60 a half-day, 1/151,67 an hour of the monthly pay (CAA Nancy, DGCL)."""
    kept = share(pay, rules.day) * days + share(pay, rules.half_day) * half_days
    return kept + cents(pay / rules.hours_in_month) * hours
