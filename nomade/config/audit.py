"""Settings of the journal (`docs/operations.md`, « Accounts »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import address, number, text


@dataclass(frozen=True, kw_only=True)
class JournalSettings:
    """How long the journal is kept, where else it goes, and how much of it one file may hold."""

    # CNIL, délibération 2021-122: six months to a year for a journal of security.
    journal_months: int = number(12, low=6, high=60)
    # A collector of another machine, to which what is sealed goes every five minutes.
    journal_url: str = address("syslog+tls", "syslog+tcp")
    journal_ca_file: str = text()
    journal_export_lines: int = number(500_000, low=1_000, high=5_000_000)
