"""Settings of the directory, the news and the search (`docs/operations.md`, « Settings »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import number


@dataclass(frozen=True, kw_only=True)
class InformingSettings:
    """How many groups somebody keeps, and how many people are written to at once."""

    # Groups of colleagues that an agent may keep, and people in one.
    directory_groups: int = number(30, low=1, high=500)
    directory_group_size: int = number(200, low=2, high=2000)
    # A branch of the organisation is offered as a recipient up to this number of addresses; beyond, its shared mailbox.
    directory_unit_recipients: int = number(200, low=0, high=2000)
