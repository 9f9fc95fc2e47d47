"""The days on which agents are in training, for calendars that know nothing of training."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from nomade.kernel.prepared import prepared_cursor
from nomade.people.ports import Commitment
from nomade.training.rules.outside import holds_its_days

# One statement, since every calendar asks: half-days of sessions, then accepted trainings outside the catalogue.
_HELD = """
SELECT owner_id, slot.day, slot.day, slot.half, course.title, session.id, 0
FROM training_enrolment enrolment
JOIN training_trainingsession session ON session.id = session_id AND session.state IN ('open', 'closed')
JOIN training_slot slot ON slot.session_id = session.id AND slot.day BETWEEN %(first)s AND %(last)s
JOIN training_course course ON course.id = course_id
WHERE owner_id = ANY(%(agents)s) AND enrolment.state = 'approved' AND seat = 'held'
UNION ALL
SELECT owner_id, first_day, last_day, '', title, id, hours FROM training_outsiderequest
WHERE owner_id = ANY(%(agents)s) AND state = 'approved' AND first_day <= %(last)s AND last_day >= %(first)s
ORDER BY 2, 1
"""


def commitments_of(agents: Iterable[int], first: date, last: date) -> list[Commitment]:
    """Whole days, mornings or afternoons in training; one statement whatever the number of agents."""
    with prepared_cursor() as cursor:
        cursor.execute(_HELD, {"agents": list(agents), "first": first, "last": last})
        rows = cursor.fetchall()
    halves: dict[tuple[int, date, str, uuid.UUID], set[str]] = {}
    found: list[Commitment] = []
    for owner, day, until, half, title, key, hours in rows:
        if half:
            halves.setdefault((owner, day, title, key), set()).add(half)
        elif holds_its_days(day, until, hours):
            found.append(Commitment(owner, day, until, title, f"/formations/hors-catalogue/{key}/"))
    found += [
        Commitment(
            agent=owner,
            first_day=day,
            last_day=day,
            label=title,
            url=f"/formations/session/{session}/",
            from_noon="am" not in taken,
            until_noon="pm" not in taken,
        )
        for (owner, day, title, session), taken in halves.items()
    ]
    return found
