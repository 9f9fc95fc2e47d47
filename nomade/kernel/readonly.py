"""A GET changes nothing: in development and in tests, a write during one raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

# Why a GET may write. A new reason is a decision: it is argued in docs/architecture.md.
WRITES_ON_GET = {
    "audit": "reading somebody's data leaves a trace",
    "session": "activity of the session, at most once a minute",
    "handover": "a single-use ticket from one host to another is used up",
    "oidc": "the browser comes back from the employer's directory, and a session opens",
    "mail.key": "the token that opens a mailbox is renewed, or the password that the mail server refused is forgotten",
    "mail.opened": "the first opening of a mailbox is noted, once",
    "mail.seen": "the mail server marks an opened message as read",
}

_allowed: ContextVar[str | None] = ContextVar("writes_allowed_by", default=None)
_WRITE = re.compile(r"^\s*(?:/\*.*?\*/\s*)?(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY)\b", re.IGNORECASE)


# A SELECT that calls what writes: a job put in the queue, a number taken from a sequence, a message to listeners.
_CALLS_A_WRITER = re.compile(r"\b(procrastinate_\w+|nextval|setval|pg_notify|lo_\w+)\s*\(", re.IGNORECASE)


class WriteOnGet(AssertionError):
    """A GET request tried to change a row."""


@contextmanager
def allow_writes(name: str) -> Iterator[None]:
    """Lets a GET write for a reason of the list `WRITES_ON_GET`. Raises KeyError for a reason that is not on it."""
    if name not in WRITES_ON_GET:
        raise KeyError(f"{name!r} is not in WRITES_ON_GET")
    token = _allowed.set(name)
    try:
        yield
    finally:
        _allowed.reset(token)


def _refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _allowed.get() is None and (_WRITE.match(str(sql)) or _CALLS_A_WRITER.search(str(sql))):
        raise WriteOnGet(f"a GET request changes a row; use POST, or allow_writes(): {str(sql)[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def read_only() -> Iterator[None]:
    """Inside, a write of the default database raises `WriteOnGet` unless `allow_writes` surrounds it."""
    with connection.execute_wrapper(_refuse_writes):
        yield
