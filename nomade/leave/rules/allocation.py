"""From which counters the days of a request are taken."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Pot:
    """What is left of one counter, and the days on which it may be used. `place` is its rank within its type."""

    key: int
    code: str
    year: int
    left: int
    first: date
    last: date | None
    place: int = 0
    label: str = ""

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Share:
    """Half-days taken from one counter, out of season ones told apart for the days of fractionnement."""

    pot: Pot
    days: Mapping[date, int]

    @property
    def half_days(self) -> int:
        return sum(self.days.values())


@dataclass(frozen=True)
class Allocation:
    """The shares of a request, and the half-days that no counter could give, by day."""

    shares: tuple[Share, ...]
    missing: Mapping[date, int]


def allocate(days: Mapping[date, int], pots: Iterable[Pot]) -> Allocation:
    """Takes each day, in order, from the counter good for it that expires first (domain § 1.10, order of imputation).

    At equal expiry the order of the type decides: carry-overs, then annual leave, then fractionnement. Each day is
    charged to a right good on that very day, so a request across two years is split between their rights.
    """
    known = sorted(pots, key=lambda pot: (pot.last or date.max, pot.place, pot.first, pot.key))
    left = {pot.key: pot.left for pot in known}
    taken: dict[int, Counter[date]] = {pot.key: Counter() for pot in known}
    missing: Counter[date] = Counter()
    for day in sorted(days):
        needed = days[day]
        for pot in known:
            given = min(needed, left[pot.key]) if pot.covers(day) else 0
            if given > 0:
                left[pot.key] -= given
                taken[pot.key][day] += given
                needed -= given
        if needed:
            missing[day] += needed
    shares = tuple(Share(pot, dict(taken[pot.key])) for pot in known if taken[pot.key])
    return Allocation(shares, dict(missing))
