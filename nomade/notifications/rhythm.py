"""When an e-mail may leave: pure rules, no clock of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nomade.kernel.clock import PARIS

A_WEEK = 7
#: How far ahead the days that somebody does not work are looked at.
KNOWN_DAYS = 62


@dataclass(frozen=True)
class Rest:
    """The hours and days on which somebody does not want to be written to (right to disconnect).

    Hours are civil hours of Paris; from 20 to 7 goes over midnight; equal hours mean no quiet hours.
    `days_off` holds weekdays, Monday being 0; `absent` the days that somebody does not work, as far as they are known.
    """

    quiet_from: int = 0
    quiet_to: int = 0
    days_off: frozenset[int] = frozenset()
    absent: frozenset[date] = frozenset()

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nothing should be sent at this moment."""
        local = moment.astimezone(PARIS)
        return local.weekday() in self.days_off or local.date() in self.absent or self._is_quiet_hour(local.hour)

    def _is_quiet_hour(self, hour: int) -> bool:
        if self.quiet_from == self.quiet_to:
            return False
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to

    def next_moment(self, moment: datetime) -> datetime:
        """The moment itself, or the first hour after it that is not quiet; who rests always is written to anyway."""
        if not self.is_quiet(moment):
            return moment
        local = moment.astimezone(PARIS)
        # Civil hours, one by one: a night of a change of hour has the right end too.
        days = A_WEEK + (KNOWN_DAYS if self.absent else 0)
        for hours in range(1, days * 24 + 1):
            ahead = local.date() + timedelta(days=(local.hour + hours) // 24)
            candidate = datetime.combine(ahead, time((local.hour + hours) % 24), tzinfo=PARIS)
            if not self.is_quiet(candidate):
                return candidate
        return moment
