"""The personal training account: what is gained and what may be used ahead. Shown, never counted here. No ORM."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

#: Years of hours that may be used before they are gained, with the employer's agreement (decree 2017-928, art. 4).
YEARS_AHEAD = 2


def yearly_hours(*, below_level_3: bool) -> tuple[int, int]:
    """Hours gained in a year and the most that one keeps (decree 2017-928, art. 3)."""
    return (50, 400) if below_level_3 else (25, 150)


def gained(years: int, *, below_level_3: bool = False, share: int = 100) -> int:
    """Hours gained after some years, up to the cap (decree 2017-928, art. 3).

    `share` is the percentage of an incomplete post (« temps non complet »), rounded up to the hour; part time counts as
    full time.
    """
    yearly, most = yearly_hours(below_level_3=below_level_3)
    hours = Decimal(years * yearly * share) / 100
    return min(int(hours.to_integral_value(ROUND_CEILING)), most)


def most_usable(balance: int, *, below_level_3: bool = False) -> int:
    """Hours that may be asked: the balance and those of the two years to come (decree 2017-928, art. 4)."""
    yearly, _most = yearly_hours(below_level_3=below_level_3)
    return balance + YEARS_AHEAD * yearly
