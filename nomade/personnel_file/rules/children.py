"""What a child opens, by age and by who has the charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Supplément familial: up to 16, and up to 20 for who earns little or nothing (décret 85-1148 art. 10; CSS L.512-3).
SFT_AGE, SFT_LATEST_AGE = 16, 20
# Care of a sick child: up to 16, no limit for a disabled one (circulaire FP 1475 du 20 juillet 1982).
SICK_CHILD_AGE = 16


@dataclass(frozen=True)
class Opening:
    """Something that a child opens: until when, and why."""

    label: str
    until: date
    condition: str
    source: str


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, age: int) -> date:
    """The day of an age; who was born on 29 February comes of age on 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def openings(birth_date: date, *, charged: bool, shared: bool, day: date) -> list[Opening]:
    """What a child opens on a day to the agent who has the charge of them."""
    if not charged or birth_date > day:
        return []
    age, found = age_on(birth_date, day), []
    half = "pour moitié (résidence alternée)" if shared else ""
    sft = "Supplément familial de traitement"
    source = "CGFP L.712-8, décret 85-1148 art. 10"
    if age < SFT_AGE:
        found.append(Opening(sft, birthday(birth_date, SFT_AGE), half, source))
    elif age < SFT_LATEST_AGE:
        study = "études ou revenus sous le plafond : certificat de scolarité chaque année"
        found.append(Opening(sft, birthday(birth_date, SFT_LATEST_AGE), ", ".join(filter(None, (half, study))), source))
    if age < SICK_CHILD_AGE:
        found.append(
            Opening(
                "Jours pour enfant malade", birthday(birth_date, SICK_CHILD_AGE), "", "circulaire FP 1475 du 20-07-1982"
            )
        )
    return found
