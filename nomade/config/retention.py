"""Settings of what is kept, then deleted (`docs/operations.md`, « Keeping and deleting »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import number


@dataclass(frozen=True, kw_only=True)
class RetentionSettings:
    """How long each class is kept where the law leaves it to the organisation, or gives a usual length."""

    # Whole civil years after the one of the absence (CNIL, délibération 2019-160).
    leave_kept_years: int = number(5, low=2, high=50)
    # After the end of validity, or after the answer of an office.
    certificates_kept_months: int = number(12, low=1, high=600)
    # Years after an agent has left.
    training_kept_years: int = number(5, low=1, high=80)
