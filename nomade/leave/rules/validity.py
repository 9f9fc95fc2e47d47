"""The days on which the rights of a counter may be used."""

from dataclasses import dataclass
from datetime import date

from nomade.leave.rules.parameters import Law

ANNUAL, RTT, CET, RECOVERY = "CA", "RTT", "CET", "RECUP"
SPLIT, SICK_CHILD = "FRACT", "ASA_ENFANT"
# Hours done beyond the plan of annualised hours, or missed: what HR and supervisors write, in minutes.
YEAR_HOURS = "HEURES"
CARRIED, CARRIED_HEALTH, CARRIED_FAMILY = "REPORT", "REPORT_SANTE", "REPORT_FAMILLE"
# The type, without a counter, of the unpaid days of who was under 21 on 1 January.
YOUNG_TYPE = "CA_JEUNE"
NO_YEAR = 0
# At equal expiry, the first is taken first (domain § 1.10: carry-overs, annual leave, fractionnement).
PLACES = {code: place for place, code in enumerate((CARRIED_HEALTH, CARRIED_FAMILY, CARRIED, ANNUAL, SPLIT, RTT, CET))}
BEGINNING = date(1900, 1, 1)
# Counters of a year whose days may be used for some weeks of the next, when a local rule says until when.
CARRIED_BY_RULE = {RTT: "rtt.carry_until", SPLIT: "fractionnement.carry_until"}


@dataclass(frozen=True)
class Validity:
    """From a day to a day, both included; None without an end."""

    first: date
    last: date | None


def validity(code: str, year: int, law: Law) -> Validity:
    """When the days of a counter may be taken.

    Décret 85-1250 art. 1 and 5: annual leave within its civil year. RTT likewise, unless a local rule carries them over
    (Ville de Paris: 31 March). The CET and the hours to recover have no year.
    """
    if year == NO_YEAR:
        return Validity(BEGINNING, None)
    last = date(year, 12, 31)
    if code == YEAR_HOURS:
        return Validity(date(year, 1, 1), None)
    if code in CARRIED_BY_RULE:
        until = law.text(CARRIED_BY_RULE[code], last)
        last = month_day(until, year + 1) if until else last
    return Validity(date(year, 1, 1), last)


def month_day(text: str, year: int) -> date:
    """« 03-31 » in a year."""
    month, day = text.split("-")
    return date(year, int(month), int(day))
