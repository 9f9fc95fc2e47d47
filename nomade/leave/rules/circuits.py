"""Who says yes, in which order (domain § 1.10; levels by type and length are a local rule kept by HR)."""

from collections.abc import Sequence
from datetime import date, timedelta

SUPERVISOR, SECOND, HR = "supervisor", "second", "hr"
# The type of an absence whose kind is not yet known (data/types.csv).
UNSPECIFIED = "IMPREVU"


def circuit(levels: Sequence[str], second_from: int | None, half_days: int) -> tuple[str, ...]:
    """The steps of a request: those of its type, and the N+2 after the supervisor from a length on.

    Empty: nobody says yes, the agent declares (a strike).
    """
    steps = list(levels)
    if second_from is not None and half_days >= second_from and SUPERVISOR in steps and SECOND not in steps:
        steps.insert(steps.index(SUPERVISOR) + 1, SECOND)
    return tuple(steps)


def step_after(steps: Sequence[str], said: int) -> str:
    """The step that a request waits for once some have said yes; empty when all have."""
    return steps[said] if said < len(steps) else ""


def reminder_due(promised_on: date, due_soon: date, reminded: bool) -> bool:
    """The decider is reminded once, some working days before the promised answer, as of every request."""
    return not reminded and promised_on <= due_soon


def escalation_due(promised_on: date, silence_on: date, today: date, *, days_before_silence: int) -> bool:
    """Whether the N+2 may answer too: the promise is broken, or silence would soon be a refusal (CRPA L.231-4 5°)."""
    return today > promised_on or today >= silence_on - timedelta(days=days_before_silence)
