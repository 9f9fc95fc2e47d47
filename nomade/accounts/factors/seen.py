"""The sign-ins of an account as its owner sees them: one line for the portal and the webmail together."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.models import Account, EndReason, Session
from nomade.accounts.sessions import absolute_limit
from nomade.kernel.clock import now

MOST_ROWS, MOST_ENDED = 200, 10


@dataclass(frozen=True)
class SignIn:
    """One device, from its sign-in to its end."""

    family: uuid.UUID
    device: str
    place: str
    started_at: datetime
    last_seen_at: datetime
    shared: bool
    here: bool
    ended_at: datetime | None = None
    why: str = ""


def sign_ins(account: Account, *, here: uuid.UUID) -> tuple[list[SignIn], list[SignIn]]:
    """(those that are open, the last that ended), the latest first; one query."""
    rows = Session.objects.filter(account=account, pending=False).order_by("-last_seen_at")[:MOST_ROWS]
    present = now()
    opened: dict[uuid.UUID, SignIn] = {}
    ended: dict[uuid.UUID, SignIn] = {}
    for row in rows:
        living = row.ended_at is None and row.expire_date > present
        (opened if living else ended).setdefault(row.family, _line(row, living=living, here=row.family == here))
    latest = [line for family, line in ended.items() if family not in opened]
    return list(opened.values()), latest[:MOST_ENDED]


def _line(row: Session, *, living: bool, here: bool) -> SignIn:
    return SignIn(
        family=row.family,
        device=row.device or _("appareil inconnu"),
        place=_("réseau professionnel") if row.zone == "professional" else _("internet"),
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        shared=row.shared,
        here=here,
        ended_at=None if living else (row.ended_at or row.expire_date),
        why="" if living else _why(row),
    )


IDLE, LONGEST = "idle", "longest"
_BY_ITSELF = {IDLE: gettext_lazy("inactivité"), LONGEST: gettext_lazy("durée maximale atteinte")}


def _why(row: Session) -> str:
    return why_in_words(_reason(row))


def _reason(row: Session) -> str:
    if row.ended_reason:
        return row.ended_reason
    return LONGEST if row.expire_date >= row.started_at + absolute_limit(row) else IDLE


def why_in_words(reason: str) -> str:
    """Why a session ended, or nothing for what is no reason."""
    if reason in EndReason.values:
        return str(EndReason(reason).label)
    return str(_BY_ITSELF.get(reason, ""))


def reason_of_end(key: str) -> str:
    """Why the session that a browser still names has ended; nothing for one that nobody knows."""
    row = Session.objects.filter(session_key=key, account__isnull=False).first() if key else None
    return _reason(row) if row is not None and (row.ended_at or row.expire_date <= now()) else ""
