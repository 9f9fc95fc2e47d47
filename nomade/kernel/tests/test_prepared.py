from datetime import date

import pytest
from django.db import connection

from nomade.kernel.compiled import Compiled
from nomade.kernel.models import AuditEvent
from nomade.kernel.prepared import prepared_cursor
from nomade.kernel.testing import count_queries

pytestmark = pytest.mark.django_db


def kept(fragment: str) -> int:
    """How many statements with these words PostgreSQL keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s AND from_sql = false",
            [f"%{fragment}%"],
        )
        return int(cursor.fetchone()[0])


def ask(day: date, number: int) -> tuple[object, ...]:
    with prepared_cursor() as cursor:
        cursor.execute("SELECT %(day)s::date + 1 AS the_day_after, %(number)s::bigint", {"day": day, "number": number})
        return tuple(cursor.fetchone())


def test_a_statement_asked_again_is_kept_by_postgresql_and_still_takes_its_values() -> None:
    first = [ask(date(2026, 11, day), 40_000 + day) for day in range(1, 5)]
    assert first == [(date(2026, 11, day + 1), 40_000 + day) for day in range(1, 5)]
    assert kept("the_day_after") == 1


def test_a_statement_that_is_kept_is_counted_as_any_other() -> None:
    with count_queries(at_most=2) as counted:
        ask(date(2026, 11, 1), 40_000)
        ask(date(2026, 11, 2), 40_000)
    assert len(counted) == 2


def test_a_compiled_query_is_kept_and_answers_as_the_first_time() -> None:
    AuditEvent.objects.create(event="test.prepared")
    events = Compiled(lambda event: AuditEvent.objects.filter(event=event).order_by("pk"))
    answers = [[found.event for found in events.rows(event=event)] for event in ["test.prepared", "nothing"] * 3]
    assert answers == [["test.prepared"], []] * 3
    assert kept("kernel_auditevent") == 1
