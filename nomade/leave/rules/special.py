"""Autorisations spéciales d'absence: durations, and the days of a parent for a sick child."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from nomade.leave.rules.decisions import ALLOWED, Decision, Outcome
from nomade.leave.rules.parameters import Law, Rounding
from nomade.leave.rules.rights import HALVES_IN_DAY, Right

DOUBLE = 2
# The events whose duration is a dated figure, by the code of the type one asks for.
EVENT_OF_TYPE = {
    "ASA_MARIAGE": "mariage",
    "ASA_MARIAGE_ENFANT": "mariage_enfant",
    "ASA_DECES_PROCHE": "deces_proche",
    "ASA_DECES_FAMILLE": "deces_famille",
}


def event_days(event: str, *, on: date, law: Law) -> int:
    """Days granted for an event of the family (local list: CGFP L.622-1, by parity with the State)."""
    return law.number("asa.days", on, event)


def sick_child(
    weekly_days: Fraction,
    quotite: Fraction,
    *,
    alone: bool = False,
    other_parent_days: Fraction | None = None,
    on: date,
    law: Law,
) -> Right:
    """Circulaire FP 1475 du 20-07-1982: (days of a full-time week + 1) × quotité, by family and by civil year.

    Doubled when the agent is alone, or the other parent has no such right; when the other parent has fewer days, the
    family's ceiling less these days.
    """
    days = weekly_days + law.number("asa.sick_child_extra", on)
    if alone:
        days *= DOUBLE
    elif other_parent_days is not None and other_parent_days < days:
        days = law.number("asa.sick_child_family", on) - other_parent_days
    raw = days * quotite
    halves = raw * HALVES_IN_DAY
    up = law.rounding("asa.rounding", on) is Rounding.HALF_DAY_UP
    return Right(raw, ceil(halves) if up else floor(halves))


def sick_child_of(born: date, day: date, *, disabled: bool, law: Law) -> Decision:
    """Up to the child's sixteenth birthday, without limit with a disability (service-public F489)."""
    limit = law.row("asa.sick_child_age", day)
    if disabled or day <= _birthday(born, int(limit.value)):
        return ALLOWED
    return Decision(Outcome.REFUSED, "age_enfant", limit.source)


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # born on 29 February
        return date(born.year + age, 3, 1)


@dataclass(frozen=True)
class ChildDeath:
    """Working days (« ouvrables ») of right, days more that may be split, and the months in which to take these."""

    days: int
    extra_days: int
    months: int


def child_death(age: int, *, was_parent: bool = False, dependent: bool = False, on: date, law: Law) -> ChildDeath:
    """CGFP L.622-2: 12 days; 14 and 8 more for a child under 25, a child who was a parent, a dependent person."""
    young = age < law.number("asa.child_death_age", on)
    if young or was_parent or dependent:
        return ChildDeath(
            law.number("asa.child_death", on, "young"),
            law.number("asa.child_death", on, "extra"),
            law.number("asa.child_death_months", on),
        )
    return ChildDeath(law.number("asa.child_death", on, "base"), 0, 0)
