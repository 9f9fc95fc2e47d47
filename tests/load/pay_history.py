"""Years of slips for a benchmark: rows only, written by SQL in one statement, indexes and references put back after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TABLES = ("files_storedfile", "payslips_payslip")
BATCH = "00000000-0000-4000-8000-0000000000b1"

# The months before October 2026, one slip an agent a month, for those who were there; ids in order, kind to indexes.
_ROWS = """
WITH wanted AS (
    SELECT agent.id AS agent, agent.matricule, (DATE '2026-10-01' - make_interval(months => back))::date AS month, back
    FROM people_agent agent CROSS JOIN generate_series(1, %(months)s) AS back
    WHERE agent.entry_date < DATE '2026-11-01' - make_interval(months => back)
      AND (agent.exit_date IS NULL OR agent.exit_date >= DATE '2026-10-01' - make_interval(months => back))
), numbered AS (
    SELECT *, ('f11e' || lpad(to_hex(row_number() OVER (ORDER BY back, agent)), 28, '0'))::uuid AS id FROM wanted
), files AS (
    INSERT INTO files_storedfile (id, owner_id, kind, name, content_type, size, sha256, key_version, storage_name,
                                  created_at, awaiting_scan)
    SELECT id, agent, 'payslip', matricule || '.pdf', 'application/pdf', 3000, md5(id::text) || md5(id::text), 'bench',
           'bench/' || id, month, false FROM numbered
)
INSERT INTO payslips_payslip (id, agent_id, batch_id, file_id, matricule, period, run, type, version, source_name,
                              first_page, pages, paid_on, net_sealed, recall_reason)
SELECT id, agent, %(batch)s, id, matricule, month, '', 'ordinary', 1, 'historique.pdf', 1, 1, month, '', ''
FROM numbered
"""

# References, and what is unique, except what another table refers to.
_CHECKED = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint checked
WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u', 'x') AND NOT EXISTS (
    SELECT FROM pg_constraint other WHERE checked.contype = 'u' AND other.contype = 'f' AND other.oid <> checked.oid
    AND other.conindid = checked.conindid
)
"""


def write_history(months: int) -> int:
    """Writes `months` of slips before October 2026; returns how many."""
    from django.db import connection, transaction

    from nomade.kernel.clock import now
    from nomade.payslips.models import BatchState, PayslipBatch

    PayslipBatch.objects.create(
        id=BATCH, source_name="historique.pdf", source_sha256="0" * 64, run="historique",
        state=BatchState.PUBLISHED, created_at=now(), published_at=now(), notified_at=now(),
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        back = without_indexes(cursor, TABLES)
        cursor.execute(_ROWS, {"months": months, "batch": BATCH})
        written: int = cursor.rowcount
        for statement in back:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE payslips_payslip, files_storedfile")
    return written


def without_indexes(cursor: Any, tables: Sequence[str]) -> list[str]:
    """Drops what each row would have to be checked against, the primary keys apart; how to put it back."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    back = []
    cursor.execute(_CHECKED, [list(tables)])
    for table, name, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [list(tables)],
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        back.insert(0, definition)
    return back
