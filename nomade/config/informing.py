"""Settings of the directory, the news, the search and the training (`docs/operations.md`, « Settings »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import number, text


@dataclass(frozen=True, kw_only=True)
class InformingSettings:
    """How many groups somebody keeps, how many people are written to at once, where the training account is read."""

    # Groups of colleagues that an agent may keep, and people in one.
    directory_groups: int = number(30, low=1, high=500)
    directory_group_size: int = number(200, low=2, high=2000)
    # A branch of the organisation is offered as a recipient up to this number of addresses; beyond, its shared mailbox.
    directory_unit_recipients: int = number(200, low=0, high=2000)
    # Where an agent reads the balance of the personal training account, kept by the national service; none hides it.
    training_account_url: str = text("https://www.moncompteformation.gouv.fr/")
    # Where an agent looks for a training of the CNFPT, and for the calendar of competitions; empty hides the link.
    training_cnfpt_url: str = text("https://www.cnfpt.fr/")
    training_competitions_url: str = text("https://www.concours-territorial.fr/")
    # Months after the end of a session at which its participants and who supervises them say what is left of it; 0
    # asks nothing. Then days without an answer before they are asked once more.
    training_later_months: int = number(3, low=0, high=12)
    training_later_recall_days: int = number(30, low=1, high=180)
