"""Dates and sizes as a list of messages says them."""

from __future__ import annotations

from datetime import datetime

from mailkit.imap import Part
from nomade.kernel.clock import PARIS, today
from nomade.ui.filters import date_time, day_month, short_date

NBSP = "\u00a0"


def mail_date(moment: datetime) -> str:
    """The hour for today, the day for this year, the whole date before: « 9 h 05 », « 3 mars », « 03/03/2024 »."""
    local = moment.astimezone(PARIS)
    if local.date() == today():
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return day_month(local) if local.year == today().year else short_date(local)


def span(starts: datetime, ends: datetime | None) -> str:
    """« 1er décembre 2026 à 9 h 00 – 10 h 30 », with the day of the end where it is another one."""
    if ends is None or ends == starts:
        return date_time(starts)
    if starts.astimezone(PARIS).date() == ends.astimezone(PARIS).date():
        local = ends.astimezone(PARIS)
        return f"{date_time(starts)} – {local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return f"{date_time(starts)} – {date_time(ends)}"


def decoded_size(part: Part) -> int:
    """About how many bytes a file has once saved; the server only knows it encoded."""
    return part.size * 3 // 4 if part.encoding.lower() == "base64" else part.size
