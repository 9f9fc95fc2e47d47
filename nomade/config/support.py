"""Settings of the support (`docs/operations.md`, « Support »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import address, number, parsed, text, words, yes_or_no
from nomade.kernel.opening import Opening, read_opening


@dataclass(frozen=True, kw_only=True)
class SupportSettings:
    """Hours, promises, and how the desk makes sure of who is calling."""

    # « label=number » beside NOMADE_SUPPORT_PHONE.
    support_numbers: tuple[str, ...] = words()
    support_hours: tuple[Opening, ...] = parsed(
        "lundi-vendredi 8:00-18:00", read_opening, "des horaires comme « lundi-vendredi 8:00-18:00, samedi 9:00-12:00 »"
    )
    # The city's own tool: tickets are made there, not here.
    support_tool_url: str = address("https", "http")
    # Office hours within which an answer is promised, by priority.
    support_urgent_hours: int = number(4, low=1, high=400)
    support_high_hours: int = number(8, low=1, high=400)
    support_normal_hours: int = number(20, low=1, high=400)
    support_low_hours: int = number(40, low=1, high=400)
    # Before the promised time, office hours.
    support_reminder_hours: int = number(2, low=1, high=40)
    # An agent who does not answer is reminded, then the ticket closes; one that is solved closes.
    support_pending_days: int = number(5, low=1, high=60)
    support_closing_days: int = number(10, low=1, high=90)
    support_reports_per_hour: int = number(5, low=1, high=1000)
    # Two proofs, and how long each holds.
    support_proofs: int = number(2, low=2, high=4)
    support_check_minutes: int = number(60, low=10, high=240)
    support_confirmation_minutes: int = number(30, low=5, high=240)
    support_code_minutes: int = number(15, low=5, high=60)
    support_code_tries: int = number(5, low=1, high=10)
    # After a reset: neither IBAN nor recovery data.
    support_closed_hours: int = number(24, low=1, high=168)
    # Where nobody can be the second technician: a delay, and somebody who is told.
    support_second_technician: bool = yes_or_no(default=True)
    support_delay_hours: int = number(48, low=24, high=168)
    support_authority: str = text()
    # How long each is kept, then deleted at night.
    support_ticket_months: int = number(36, low=6, high=120)
    support_proof_months: int = number(12, low=6, high=36)
    support_report_months: int = number(12, low=1, high=36)
