"""Many agents at once: the people of the demo city copied by SQL, each with their situations and assignments.

The city of 55,000 takes a quarter of an hour on a busy machine, for days off and slips that a benchmark of the desks
does not read. A copy has another matricule, login and name, and the unit, post and situation of somebody of the city.
"""

from __future__ import annotations

import sys
import time

AGENTS = """
INSERT INTO people_agent (matricule, login, civility, first_name, last_name, usage_name, birth_date, phone, mobile,
    personal_email, personal_email_confirmed, address, has_mailbox, entry_date, exit_date, search_name, sort_name)
SELECT 'K' || lpad(n::text, 7, '0'), 'copie.' || n || '@ville.invalid', one.civility, one.first_name,
    other.last_name || ' ' || n, '', one.birth_date, '', '', '', false, one.address, false, one.entry_date,
    one.exit_date, one.first_name || ' ' || other.search_name || ' k' || n, other.sort_name || ' ' || n
FROM generate_series(1, %(copies)s) AS n
JOIN city one ON one.rank = n %% %(people)s JOIN city other ON other.rank = (n * 7 + n / %(people)s) %% %(people)s
"""
SITUATIONS = """
INSERT INTO people_situation (valid_from, valid_to, status, category, corps, grade, echelon, indice_majore, quotite,
    weekly_minutes, agent_id, cycle_id, position)
SELECT s.valid_from, s.valid_to, s.status, s.category, s.corps, s.grade, s.echelon, s.indice_majore, s.quotite,
    s.weekly_minutes, made.id, s.cycle_id, s.position
FROM copied made JOIN people_situation s ON s.agent_id = made.of
"""
ASSIGNMENTS = """
INSERT INTO people_assignment (post, place, is_main, valid_from, valid_to, agent_id, supervisor_id, unit_id)
SELECT a.post, a.place, a.is_main, a.valid_from, a.valid_to, made.id, a.supervisor_id, a.unit_id
FROM copied made JOIN people_assignment a ON a.agent_id = made.of
"""


def crowd(agents: int) -> None:
    """Copies people until the city has that many agents."""
    from django.db import connection, transaction

    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE city ON COMMIT DROP AS SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank"
            " FROM people_agent WHERE login NOT LIKE 'copie.%%'"
        )
        cursor.execute("SELECT (SELECT count(*) FROM city), (SELECT count(*) FROM people_agent)")
        people, known = cursor.fetchone()
        cursor.execute(AGENTS, {"copies": max(agents - known, 0), "people": people})
        cursor.execute(
            "CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT made.id, one.id AS of FROM people_agent made"
            " JOIN city one ON one.rank = substr(made.matricule, 2)::int %% %(people)s"
            " WHERE made.login LIKE 'copie.%%'",
            {"people": people},
        )
        cursor.execute(SITUATIONS)
        cursor.execute(ASSIGNMENTS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE people_agent, people_situation, people_assignment")
    print(f"  crowd of {agents}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
