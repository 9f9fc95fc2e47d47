"""Sessions in the database, whose end is decided on the server: idle for too long, or open for too long."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from nomade.accounts.models import Account, Session
from nomade.accounts.policy import PolicyEntry, from_setting, hours, minutes
from nomade.kernel.clock import now

STARTED, FAMILY = "_started", "_family"
TOUCH_EVERY = timedelta(seconds=60)


def idle_limit() -> timedelta:
    return timedelta(minutes=settings.NOMADE.session_idle_minutes)


def absolute_limit() -> timedelta:
    return timedelta(hours=settings.NOMADE.session_absolute_hours)


class SessionStore(DatabaseStore):
    """Django's store with our columns; a row past its `expire_date` is never loaded."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The row that is still open, with its account and agent: one query tells who is asking."""
        self.row = (
            Session.objects.select_related("account__agent")
            .filter(session_key=self.session_key, expire_date__gt=now())
            .first()
        )
        if self.row is None:
            self._session_key = None  # as Django does: a key that names nothing is not used again
        return self.row

    def account(self) -> Account | None:
        """The account that signed in, when the password is still the same and the account still open."""
        signed = self.get(SESSION_KEY)
        row = self.row
        if signed is None or row is None or row.account is None or str(row.account.pk) != signed:
            return None
        known = constant_time_compare(self.get(HASH_SESSION_KEY, ""), row.account.get_session_auth_hash())
        return row.account if known and row.account.is_active else None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to store: its end is the nearer of the two limits."""
        started = datetime.fromisoformat(data[STARTED]) if STARTED in data else now()
        account = data.get(SESSION_KEY)
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # absent from the stubs
            session_data=self.encode(data),
            expire_date=min(now() + idle_limit(), started + absolute_limit()),
            account_id=int(account) if account else None,
            family=uuid.UUID(data[FAMILY]) if FAMILY in data else uuid.uuid4(),
            started_at=started,
            last_seen_at=now(),
        )


def touch(row: Session) -> None:
    """Notes that somebody is there, at most once a minute, for every session of the family."""
    present = now()
    if present - row.last_seen_at < TOUCH_EVERY:
        return
    end = min(present + idle_limit(), row.started_at + absolute_limit())
    Session.objects.filter(family=row.family, expire_date__gt=present).update(last_seen_at=present, expire_date=end)


def absolute_end(request: Any) -> datetime | None:
    """When the session closes whatever one does, or None without a session."""
    row = getattr(request.session, "row", None)
    return row.started_at + absolute_limit() if row else None


def policy_entries() -> list[PolicyEntry]:
    """What « Politique de sécurité » says of sessions."""
    return [
        from_setting(_("Fermeture après inactivité"), "session_idle_minutes", "ASVS 5.0 7.3.1", minutes),
        from_setting(_("Durée la plus longue d’une session"), "session_absolute_hours", "ASVS 5.0 7.3.2", hours),
    ]
