"""A database that no longer answers."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from nomade.kernel.patience import give_up_after
from nomade.kernel.prepared import prepared_cursor
from nomade.ui.errors import DATABASE_DOWN, outage

SHORT_SECONDS = 0.05


@pytest.fixture
def impatient(transactional_db: None) -> Iterator[None]:
    connection.close()
    listener = give_up_after(SHORT_SECONDS)
    yield
    connection_created.disconnect(listener)
    connection.close()


@pytest.mark.usefixtures("impatient")
def test_a_statement_without_an_answer_is_given_up_and_the_next_page_has_a_connection_again() -> None:
    with pytest.raises(OperationalError) as silent, connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    assert outage(silent.value) == str(DATABASE_DOWN)
    connection.close_if_unusable_or_obsolete()  # as Django does at the end of a request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("impatient")
def test_a_prepared_statement_is_given_up_too() -> None:
    with pytest.raises(OperationalError), prepared_cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s::float)", [20])


@pytest.mark.usefixtures("impatient")
def test_a_refusal_that_the_database_did_answer_keeps_its_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 20")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(20)")
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_without_it_a_job_waits_as_long_as_it_must(transactional_db: None) -> None:
    connection.close()
    connection.ensure_connection()
    link: psycopg.Connection[tuple[int]] = connection.connection
    assert link.wait.__func__ is psycopg.Connection.wait  # type: ignore[attr-defined]
