"""The rule of `rules.py` in one statement of PostgreSQL, so that tries at the same instant cannot pass each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.rules import Counter, Kind, Rule, after_try
from nomade.kernel.prepared import prepared_cursor

# A row comes back when the try may go on; none comes back during a wait, and nothing changed then.
_TRY = """
INSERT INTO accounts_bucket AS b (key, kind, account_id, failures, recent, blocked_until, last_try_at)
VALUES (%(key)s, %(kind)s, %(account)s, 1, ARRAY[%(at)s::timestamptz], %(first_end)s, %(at)s)
ON CONFLICT (key) DO UPDATE SET last_try_at = %(at)s, account_id = EXCLUDED.account_id,
  (failures, recent, blocked_until) = (
    SELECT n, r, GREATEST(
      CASE WHEN n < %(free)s OR (%(by_series)s AND n %% %(free)s <> 0) THEN NULL
           ELSE %(at)s + (%(waits)s::interval[])[LEAST(n - %(free)s + 1, %(count)s)] END,
      CASE WHEN cardinality(r) >= %(cap)s THEN r[1] + %(window)s END)
    FROM (
      SELECT kept || %(at)s::timestamptz AS r, CASE WHEN cardinality(kept) = 0 THEN 1 ELSE b.failures + 1 END AS n
      FROM (SELECT ARRAY(SELECT t FROM unnest(b.recent) AS t WHERE t > %(at)s - %(window)s ORDER BY t) AS kept) AS k
    ) AS f)
WHERE b.blocked_until IS NULL OR b.blocked_until <= %(at)s
RETURNING failures, blocked_until
"""

_SUCCESS = """
UPDATE accounts_bucket AS b SET failures = 0, (recent, blocked_until) = (
  SELECT r, CASE WHEN cardinality(r) >= %(cap)s THEN r[1] + %(window)s END
  FROM (SELECT ARRAY(SELECT t FROM unnest(b.recent) AS t WHERE t <> %(at)s ORDER BY t) AS r) AS kept)
WHERE key = %(key)s
"""


@dataclass(frozen=True)
class Try:
    """What the counter says of one try: whether it may go on, the failures in a row with it, the wait if it fails."""

    key: str
    at: datetime
    rule: Rule
    goes_on: bool
    failures: int
    until: datetime | None


def take(key: str, kind: Kind, account: int | None, at: datetime, rule: Rule) -> Try:
    """Counts a try before anything is checked, or says until when to wait."""
    first = after_try(Counter(), at, rule)
    values: dict[str, Any] = {
        "key": key,
        "kind": kind.value,
        "account": account,
        "at": at,
        "first_end": first.blocked_until,
        "free": rule.free,
        "by_series": rule.by_series,
        "waits": list(rule.waits),
        "count": len(rule.waits),
        "cap": rule.cap,
        "window": rule.window,
    }
    with prepared_cursor() as cursor:
        cursor.execute(_TRY, values)
        row = cursor.fetchone()
    if row is not None:
        return Try(key, at, rule, goes_on=True, failures=row[0], until=row[1])
    failures, until = Bucket.objects.values_list("failures", "blocked_until").get(key=key)
    return Try(key, at, rule, goes_on=False, failures=failures, until=until)


def give_back(made: Try) -> None:
    """The try succeeded: it was no failure, and the row of failures ends."""
    values: dict[str, Any] = {"key": made.key, "at": made.at, "cap": made.rule.cap, "window": made.rule.window}
    with prepared_cursor() as cursor:
        cursor.execute(_SUCCESS, values)
