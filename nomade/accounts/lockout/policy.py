"""The numbers of the lockout, as « Politique de sécurité » shows them."""

from __future__ import annotations

from dataclasses import fields

from django.conf import settings

from nomade.accounts.lockout.numbers import PREFIX, Numbers
from nomade.accounts.policy import PolicyEntry


def policy_entries() -> list[PolicyEntry]:
    """One line a number: its label carries the unit."""
    return [
        PolicyEntry(
            label=part.metadata["label"],
            value=str(getattr(settings.NOMADE.lockout, part.name)),
            default=str(part.default),
            setting=f"NOMADE_{PREFIX}{part.name.upper()}",
            source=part.metadata["source"],
        )
        for part in fields(Numbers)
    ]
