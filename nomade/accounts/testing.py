"""A browser for tests, already signed in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from nomade.accounts.models import Account, Session
from nomade.accounts.sessions import SessionStore
from nomade.kernel.clock import now
from nomade.kernel.http import HostRole
from nomade.people.access import is_privileged


class SecureClient(Client):
    """A client that speaks HTTPS unless told otherwise, as every browser does here."""

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        return super().generic(*args, **{**kwargs, "secure": True})


def client_on(host: HostRole = "portal", **options: Any) -> Client:
    """A client of one of the four hosts, over HTTPS, not signed in."""
    name = settings.NOMADE.hosts[host]
    return SecureClient(headers={"host": name}, SERVER_NAME=name, **options)


def client_of(account: Account, host: HostRole = "portal", **facts: Any) -> Client:
    """A client with an open session, made without the sign-in page; `facts` are fields of the session's row."""
    row = Session(
        account=account,
        family=uuid.uuid4(),
        started_at=now(),
        authenticated_at=now(),
        privileged=is_privileged(account.agent_id),
        zone="professional",
    )
    for name, value in facts.items():
        setattr(row, name, value)
    data = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: "nomade.accounts.backends.PasswordBackend",
        HASH_SESSION_KEY: account.get_session_auth_hash(),
    }
    session = SessionStore()
    session.open(row, data)
    client = client_on(host)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client
