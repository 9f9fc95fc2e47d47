"""Sessions in the database, whose end is decided on the server: idle for too long, or open for too long."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Max
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from nomade.accounts.models import Account, EndReason, Session
from nomade.accounts.policy import PolicyEntry, days, from_setting, hours, minutes
from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled
from nomade.people.access import is_privileged

TOUCH_EVERY = timedelta(seconds=60)
# Where a session keeps what the employer's directory said of its owner, to leave it too.
TOKEN_KEY = "directory_token"  # noqa: S105  # the name of a place
# The host where a session began: it opens nothing on another (docs/adr/0004).
HOST_KEY = "host"

# Asked by every page.
_open_session: Compiled[Session] = Compiled(
    lambda key, at: Session.objects.select_related("account__agent").filter(session_key=key, expire_date__gt=at)
)

# Asked at each sign-in: the living sign-ins of an account but one, the latest seen first.
_other_families: Compiled[uuid.UUID] = Compiled(
    lambda account, family, at: (
        Session.objects.filter(account=account, expire_date__gt=at, pending=False)
        .exclude(family=family)
        .values("family")
        .annotate(seen=Max("last_seen_at"))
        .order_by("-seen")
        .values_list("family", flat=True)
    )
)


def idle_limit(row: Session) -> timedelta:
    """After how long without activity a session closes: the shortest of the limits that concern it."""
    known = settings.NOMADE
    limits = [known.session_idle_minutes]
    if row.pending:
        limits.append(known.factor_minutes)
    if row.privileged:
        limits.append(known.session_idle_minutes_privileged)
    if row.shared:
        limits.append(known.session_idle_minutes_shared)
    return timedelta(minutes=min(limits))


def absolute_limit(row: Session) -> timedelta:
    """After how long a session closes whatever one does."""
    known = settings.NOMADE
    if row.privileged:
        return timedelta(hours=min(known.session_absolute_hours, known.session_absolute_hours_privileged))
    return timedelta(hours=known.session_absolute_hours)


def end_of(row: Session, present: datetime) -> datetime:
    """When a session will close if nobody comes any more: the nearer of the two limits."""
    return min(present + idle_limit(row), row.started_at + absolute_limit(row))


class SessionStore(DatabaseStore):
    """Django's store with our columns; a row past its `expire_date`, or ended, is never loaded nor written again."""

    row: Session | None = None
    _written: dict[str, Any] | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The row that is still open, with its account and agent: one query tells who is asking."""
        self.row = _open_session.first(key=self.session_key, at=now()) if self.session_key else None
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
        """A row for somebody who has not signed in; `open` makes those of agents."""
        key = self.session_key or ""
        row = Session(session_key=key, family=uuid.uuid4(), started_at=now(), last_seen_at=now())
        account = data.get(SESSION_KEY)
        row.account_id = int(account) if account else None
        row.session_data = self.encode(data)
        row.expire_date = end_of(row, now())
        return row

    def open(self, row: Session, data: dict[str, Any]) -> None:
        """Begins the session that `row` describes, under a new identifier; what was here before is forgotten."""
        self.flush()
        row.session_key = get_random_string(32, VALID_KEY_CHARS)
        row.session_data = self.encode(data)
        row.last_seen_at = now()
        row.expire_date = end_of(row, now())
        row.save(force_insert=True)
        self._session_key = row.session_key
        self._session_cache = dict(data)
        self._written = dict(data)
        self.row = row
        self.accessed = self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Writes what the session holds. Raises UpdateError when it was ended meanwhile: it must not come back."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        held = self._get_session()  # type: ignore[attr-defined]  # absent from the stubs
        if held == self._written:  # the row that `open` made says it already: one statement less at each sign-in
            return
        data = self.encode(held)
        living = Session.objects.filter(session_key=self.session_key, ended_at__isnull=True)
        if not living.update(session_data=data):
            raise UpdateError

    def forget(self) -> None:
        """Leaves the row as it is (ended) and makes the browser forget it."""
        self.clear()
        self._session_key = None
        self.row = None


def touch(row: Session) -> None:
    """Notes that somebody is there, at most once a minute, for every session of the family.

    A role given or taken since the sign-in counts from here: it changes the limits.
    """
    present = now()
    if row.account_id is None or present - row.last_seen_at < TOUCH_EVERY:
        return
    row.privileged = is_privileged(row.account.agent_id) if row.account else False
    family = Session.objects.filter(family=row.family, expire_date__gt=present)
    family.update(last_seen_at=present, expire_date=end_of(row, present), privileged=row.privileged)


def close_the_oldest(account: Account, row: Session) -> int:
    """Ends the oldest sign-ins beyond what is allowed at once; returns how many."""
    known = settings.NOMADE
    most = known.sessions_at_most_privileged if row.privileged else known.sessions_at_most
    too_many = _other_families.rows(account=account.pk, family=row.family, at=now())[most - 1 :]
    if too_many:
        Session.objects.filter(family__in=too_many).end(EndReason.TOO_MANY)
    return len(too_many)


def absolute_end(request: Any) -> datetime | None:
    """When the session closes whatever one does, or None without a session."""
    row = getattr(request.session, "row", None)
    return row.started_at + absolute_limit(row) if row else None


def idle_seconds(request: Any) -> int | None:
    """After how long without a request this session closes, or None without a session."""
    row = getattr(request.session, "row", None)
    return int(idle_limit(row).total_seconds()) if row else None


def policy_entries() -> list[PolicyEntry]:
    """What « Politique de sécurité » says of sessions."""
    privileged, at_once = _("%(what)s, rôles sensibles"), _("Appareils connectés à la fois")
    idle, longest = _("Fermeture après inactivité"), _("Durée la plus longue d’une session")
    return [
        from_setting(idle, "session_idle_minutes", "ASVS 5.0 7.3.1", minutes),
        from_setting(privileged % {"what": idle}, "session_idle_minutes_privileged", "ASVS 5.0 7.3.1", minutes),
        from_setting(
            _("Fermeture après inactivité, ordinateur partagé"),
            "session_idle_minutes_shared",
            "ASVS 5.0 7.3.1",
            minutes,
        ),
        from_setting(longest, "session_absolute_hours", "ASVS 5.0 7.3.2", hours),
        from_setting(privileged % {"what": longest}, "session_absolute_hours_privileged", "ASVS 5.0 7.3.2", hours),
        from_setting(at_once, "sessions_at_most", "ASVS 5.0 7.1.2"),
        from_setting(privileged % {"what": at_once}, "sessions_at_most_privileged", "ASVS 5.0 7.1.2"),
        from_setting(_("Mémoire des sessions terminées"), "session_history_days", "ASVS 5.0 7.5.2", days),
    ]
