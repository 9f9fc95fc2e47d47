"""Two years of absences for a benchmark: rows only, written by SQL, indexes and references put back after.

Each agent takes eight days of annual leave and eight of RTT a year, one at a time: requests, movements, sums.
"""

from __future__ import annotations

from pay_history import without_indexes

TABLES = ("leave_leaverequest", "leave_ledgerentry")

# Mondays of a year, before today and where the agent asked for nothing; rights that would not suffice are left alone.
_ROWS = """
WITH wanted AS (
    SELECT agent.id AS agent, counter.id AS counter, kind.id AS kind, kind.source,
           (date_trunc('week', make_date(%(year)s, 1, 12)) + make_interval(weeks => 5 * turn + shift))::date AS day
    FROM people_agent agent
    JOIN leave_counter counter ON counter.agent_id = agent.id AND counter.year = %(year)s AND counter.code = %(code)s
    JOIN leave_leavetype kind ON kind.code = %(code)s AND kind.valid_until IS NULL
    CROSS JOIN generate_series(0, 7) AS turn CROSS JOIN (VALUES (%(shift)s)) AS moved (shift)
    WHERE counter.half_days >= 18 AND agent.exit_date IS NULL
), numbered AS (
    SELECT *, gen_random_uuid() AS id, row_number() OVER (ORDER BY agent, day) AS rank FROM wanted
    WHERE day < current_date AND NOT EXISTS (
        SELECT FROM leave_leaverequest other
        WHERE other.owner_id = wanted.agent AND other.first_day <= wanted.day AND other.last_day >= wanted.day
    )
), asked AS (
    INSERT INTO leave_leaverequest (id, reference, owner_id, leave_type_id, submitted_at, version, state, first_day,
        first_half, last_day, last_half, half_days, comment, details, level, waits_for, decided_at, decision_reason,
        change_asked, change_reason, wanted_first_half, wanted_last_half)
    SELECT id, %(code)s || %(year)s || '-' || rank, agent, kind, day - 30, 2, 'approved', day, 0, day, 1, 2, '', '{}',
        1, '', day - 28, '', '', '', 0, 1 FROM numbered
)
INSERT INTO leave_ledgerentry (counter_id, kind, half_days, date, author_id, reason, source, request_id, created_at)
SELECT counter, 'prise', -2, day, agent, 'Absence', left(source, 200), id, day - 30 FROM numbered
"""


def write_leave_history(years: tuple[int, ...]) -> int:
    """Writes the absences of some years whose rights are open; returns how many."""
    from django.db import connection, transaction

    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        back = without_indexes(cursor, TABLES)
        for year in years:
            for code, shift in (("CA", 0), ("RTT", 2)):
                cursor.execute(_ROWS, {"year": year, "code": code, "shift": shift})
                written += cursor.rowcount
        for statement in back:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE leave_leaverequest, leave_ledgerentry, leave_counter")
    return written
