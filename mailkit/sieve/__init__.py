"""Filters on the mail server: ManageSieve (RFC 5804) through sievelib, and scripts (RFC 5228) of our own."""

from __future__ import annotations

from mailkit.sieve.session import SieveSession, connected
from mailkit.sieve.writing import Condition, Filters, Rule, Unsupported, Vacation, read, write

__all__ = [
    "Condition",
    "Filters",
    "Rule",
    "SieveSession",
    "Unsupported",
    "Vacation",
    "connected",
    "read",
    "write",
]
