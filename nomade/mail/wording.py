"""Dates and sizes as a list of messages says them."""

from __future__ import annotations

from datetime import datetime

from mailkit.imap import Part
from nomade.kernel.clock import PARIS, today
from nomade.ui.filters import day_month, short_date

NBSP = "\u00a0"


def mail_date(moment: datetime) -> str:
    """The hour for today, the day for this year, the whole date before: « 9 h 05 », « 3 mars », « 03/03/2024 »."""
    local = moment.astimezone(PARIS)
    if local.date() == today():
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return day_month(local) if local.year == today().year else short_date(local)


def decoded_size(part: Part) -> int:
    """About how many bytes a file has once saved; the server only knows it encoded."""
    return part.size * 3 // 4 if part.encoding.lower() == "base64" else part.size
