"""Leaves of parents: their dates follow from a birth, expected or real."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nomade.kernel.months import add_months
from nomade.leave.rules.decisions import ALLOWED, Decision, Outcome
from nomade.leave.rules.parameters import Law

TWO, THREE = 2, 3


@dataclass(frozen=True)
class Maternity:
    """Weeks before and after the expected day; `last` is the last day of absence, `back_on` the day of return."""

    before: int
    after: int
    first: date
    back_on: date

    @property
    def weeks(self) -> int:
        return self.before + self.after

    @property
    def last(self) -> date:
        return self.back_on - timedelta(days=1)


def maternity(due: date, *, rank: int, children: int, law: Law) -> Maternity:
    """Code du travail L.1225-17 to 19, CGFP L.631-1: weeks by rank of the child and number expected."""
    if children >= THREE:
        argument = "triplets"
    elif children == TWO:
        argument = "twins"
    else:
        argument = "3" if rank >= THREE else "1"
    before = law.number("maternity.before", due, argument)
    after = law.number("maternity.after", due, argument)
    # The weeks run up to the day before the return: the due day is the first of those that follow it.
    return Maternity(before, after, due - timedelta(weeks=before), due + timedelta(weeks=after))


@dataclass(frozen=True)
class Paternity:
    """Days of the leaves of the second parent, and whether the wished periods are allowed."""

    birth_days: int
    compulsory: int
    rest: int
    take_before: date
    decision: Decision


def paternity(born: date, *, children: int, periods: Sequence[int], law: Law) -> Paternity:
    """CGFP L.631-9, décret 2021-846: 4 days compulsory, then 21 (28) in two periods of 5 days at least, in 6 months."""
    rest = law.row("paternity.rest", born, "2" if children >= TWO else "1")
    shortest = law.number("paternity.shortest", born)
    decision = ALLOWED
    if any(days < shortest for days in periods):
        decision = Decision(
            Outcome.BLOCKED, f"periode_inferieure_{shortest}_jours", law.source("paternity.shortest", born)
        )
    elif len(periods) > law.number("paternity.periods", born):
        decision = Decision(Outcome.BLOCKED, "trop_de_periodes", law.source("paternity.periods", born))
    elif sum(periods) > int(rest.value):
        decision = Decision(Outcome.BLOCKED, "duree_depassee", rest.source)
    return Paternity(
        law.number("birth.days", born),
        law.number("paternity.compulsory", born),
        int(rest.value),
        add_months(born, law.number("paternity.months", born)),
        decision,
    )


@dataclass(frozen=True)
class ExtraBirthLeave:
    """Whether the extra leave of birth may start on a day, and from when it may."""

    decision: Decision
    open_from: date


def extra_birth_leave(born: date, first: date, law: Law) -> ExtraBirthLeave:
    """Loi 2025-1403 art. 99: for children born from 1 January 2026, from 1 July 2026 on."""
    row = law.row("birth_extra.open_from", max(born, first))
    opens = date.fromisoformat(row.value)
    if born < date.fromisoformat(law.row("birth_extra.born_from", max(born, first)).value):
        return ExtraBirthLeave(Decision(Outcome.BLOCKED, "naissance_anterieure", row.source), opens)
    if first < opens:
        return ExtraBirthLeave(Decision(Outcome.BLOCKED, "pas_encore_ouvert", row.source), opens)
    return ExtraBirthLeave(ALLOWED, opens)


@dataclass(frozen=True)
class Adoption:
    """Weeks of an adoption leave, days more when both parents share it, periods it may be cut into."""

    weeks: int
    extra_days: int
    periods: int


def adoption(arrived: date, *, children: int, dependants: int, shared: bool, law: Law) -> Adoption:
    """CGFP L.631-8: 16 weeks, 18 with two children or more already, 22 for several; 25 or 32 days more if shared."""
    several = children >= TWO
    argument = "many" if several else ("2" if dependants >= TWO else "0")
    extra = law.number("adoption.shared_days", arrived, "many" if several else "one") if shared else 0
    periods = law.number("adoption.periods", arrived) if shared else 1
    return Adoption(law.number("adoption.weeks", arrived, argument), extra, periods)
