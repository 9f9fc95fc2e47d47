"""Amounts in euros: decimals, rounded half-up to the cent at every line (totals are sums of rounded lines)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to the cent, halves away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def percent(base: Decimal, rate: Decimal) -> Decimal:
    """`rate` % of `base`, to the cent."""
    return cents(base * rate / 100)


def share(amount: Decimal, fraction: Fraction) -> Decimal:
    """`fraction` of `amount`, to the cent: the multiplication comes first, so that 6/7 loses nothing."""
    return cents(amount * fraction.numerator / fraction.denominator)
