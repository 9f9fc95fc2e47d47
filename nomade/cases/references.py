"""References of requests: short, said on the telephone, never reused."""

from __future__ import annotations

from django.db import connection

from nomade.kernel.clock import today


def new_references(count: int) -> list[str]:
    """References like « C-2026-000123 ». A number may be skipped (a refused form took it), none serves twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference') FROM generate_series(1, %s)", [count])
        numbers = [row[0] for row in cursor.fetchall()]
    year = today().year
    return [f"C-{year}-{number:06d}" for number in numbers]


def new_reference() -> str:
    return new_references(1)[0]
