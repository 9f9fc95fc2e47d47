"""The private address of an agent's calendar: given once, renewed, taken away."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.leave.agenda import digest_of
from nomade.leave.models import CalendarFeed
from nomade.people.models import Agent

SECRET_BYTES = 32


@transaction.atomic
def open_feed(agent: Agent, *, http: HttpRequest | None = None) -> str:
    """A new secret, shown once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(agent=agent, defaults={"digest": digest_of(secret), "created_at": now()})
    audit.record("leave.feed_opened", actor=agent.pk, subject=agent.pk, request=http)
    return secret


@transaction.atomic
def close_feed(agent: Agent, *, http: HttpRequest | None = None) -> None:
    """The address opens nothing any more."""
    CalendarFeed.objects.filter(agent=agent).delete()
    audit.record("leave.feed_closed", actor=agent.pk, subject=agent.pk, request=http)
