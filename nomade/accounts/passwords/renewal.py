"""Changing a password for the sake of time: only who holds a sensitive role and came in without a passkey.

ANSSI R25 asks three years for them; ASVS 5.0 6.2.10 asks nobody (deviation D2). Agents are never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.http import HttpResponseBase

from nomade.accounts.models import Account, Session

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def is_due(account: Account, row: Session) -> bool:
    """Whether this session began with a password that has served for too long; one that began before goes on."""
    years = settings.NOMADE.password_privileged_years
    if not (years and row.privileged) or row.factor in ("passkey", "directory") or not account.has_usable_password():
        return False
    chosen = account.password_chosen_at or account.created_at
    return row.started_at > chosen + timedelta(days=365 * years)


def opens_with_an_old_password(view: View) -> View:
    """Marks the pages by which an old password is changed."""
    view.opens_with_an_old_password = True  # type: ignore[attr-defined]
    return view
