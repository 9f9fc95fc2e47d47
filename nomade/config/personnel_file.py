"""Settings of the personal file (`docs/operations.md`, « Personal file »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import number, text


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """Delays, the pay cut-off, and how a change of bank account is made sure of."""

    # Working days within which an answer to a change is promised.
    file_answer_days: int = number(10, low=1, high=60)
    # What is approved up to this day of a month is in that month's pay.
    file_pay_cutoff_day: int = number(10, low=1, high=28)
    # Between an agent's request and the first officer: the time to say « it was not me ».
    file_bank_cooling_hours: int = number(48, low=1, high=240)
    # After a lost password or a reset, no change of account.
    file_bank_closed_hours: int = number(72, low=24, high=240)
    # Two officers, or one where the organisation has only one.
    file_bank_officers: int = number(2, low=1, high=2)
    # Opening a file outside one's perimeter: for how long, with a reason and an alert.
    file_emergency_hours: int = number(4, low=1, high=72)
    # An export of one's own data may be fetched, once, during this time.
    file_export_hours: int = number(48, low=1, high=240)
    # Traces of consultation (arrêté du 21 décembre 2012): 3 years.
    file_consultation_months: int = number(36, low=12, high=120)
    # Where the data protection officer is written to, beside the role in the portal.
    data_protection_email: str = text()
