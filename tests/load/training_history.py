"""A catalogue and two years of sessions for a benchmark: rows only, written by SQL, indexes and references put back.

3,000 courses; 20,000 sessions in the past year, closed, with lists, hours and opinions; 20,000 in the year to come.
"""

from __future__ import annotations

from pay_history import without_indexes

COURSES, A_YEAR = 3_000, 20_000
TABLES = (
    "training_trainingsession", "training_slot", "training_enrolment", "training_attendance", "training_credit",
    "training_evaluation", "training_habilitation", "training_trainer",
)  # fmt: skip

_COURSES = """
INSERT INTO training_course (id, code, title, domain_id, kind, modality, hours, audience, prerequisites, objectives,
    programme, provider, accessibility, cost, posts, is_offered, created_at, words)
SELECT id, code, title, domain, kind, 'presentiel', 14, '', '', '', '', 'Service formation', '', 120 + rank, posts,
    true, now() - interval '400 days',
    setweight(to_tsvector('french', title), 'A') || setweight(to_tsvector('french', code || ' ' || posts), 'B')
FROM (SELECT gen_random_uuid() AS id, 'Z' || rank AS code, rank %% 200 AS rank,
        (ARRAY['Conduire', 'Préparer', 'Écrire', 'Accueillir', 'Réparer', 'Planter', 'Compter', 'Animer',
            'Organiser', 'Sécuriser'])[1 + rank %% 10] || ' ' ||
        (ARRAY['un chantier', 'une équipe', 'un jardin', 'un marché public', 'une réunion', 'un atelier',
            'un véhicule', 'une crèche', 'un service', 'un budget', 'un accueil'])[1 + rank %% 11]
            || ', niveau ' || rank AS title,
        (SELECT id FROM training_domain ORDER BY id LIMIT 1 OFFSET (rank %% 16)) AS domain,
        (ARRAY['securite', 'professionnalisation', 'perfectionnement', 'concours'])[1 + rank %% 4] AS kind,
        (ARRAY['jardin paysag', 'creche enfance', 'cuisin', 'agent admin', 'chef', ''])[1 + rank %% 6] AS posts
    FROM generate_series(1, %(courses)s) AS rank) made
"""

# Agents by their place: reading an array of 55,000 of them again for each row took minutes.
_AGENTS = """
CREATE TEMPORARY TABLE _numbered_agents ON COMMIT DROP AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS count
FROM people_agent WHERE exit_date IS NULL
"""

_SESSIONS = """
INSERT INTO training_trainingsession (id, reference, course_id, state, min_seats, max_seats, first_day, last_day, turn,
    published, enrol_until, withdraw_days, accept_hours, place, notes, outside_trainers, cancel_reason)
SELECT gen_random_uuid(), 'Z-' || rank, courses.ids[1 + rank %% cardinality(courses.ids)],
    CASE WHEN day + rank %% 2 < current_date THEN 'closed' ELSE 'open' END, 4, 12, day, day + rank %% 2, 0,
    2 + 2 * (rank %% 2), day - 7, 7, 48, '2 rue de Lobau', '', '', ''
FROM (SELECT rank, current_date - 365 + rank * 365 / %(year)s AS day FROM
    generate_series(1, 2 * %(year)s) AS rank) made,
    (SELECT array_agg(id) AS ids FROM training_course) courses
"""

_SLOTS = """
INSERT INTO training_slot (session_id, day, half, starts, ends, is_held)
SELECT id, day, half, CASE half WHEN 'am' THEN time '09:00' ELSE '13:30' END,
    CASE half WHEN 'am' THEN time '12:30' ELSE '17:00' END, true
FROM training_trainingsession, generate_series(first_day, last_day, interval '1 day') AS day,
    unnest(ARRAY['am', 'pm']) AS half
WHERE reference LIKE 'Z-%%'
"""

_ENROLMENTS = """
INSERT INTO training_enrolment (id, reference, owner_id, session_id, submitted_at, version, state, seat, rank, reason,
    priority, needs, asks_office, promised_on, decided_at, refusal, refusal_rule)
SELECT gen_random_uuid(), 'Z-' || made.number || '-' || nth,
    agent.id, made.id, first_day - 40, 3, state,
    CASE state WHEN 'refused' THEN 'none' ELSE 'held' END, nth, '', 'useful', '', true, first_day - 25,
    CASE WHEN state IN ('approved', 'refused') THEN first_day - 30 END,
    CASE state WHEN 'refused' THEN 'Nécessités du service' ELSE '' END, ''
FROM (SELECT id, first_day, number, nth,
        CASE WHEN (number + nth) %% 20 = 0 THEN 'refused' WHEN was.state = 'closed' THEN 'approved'
             WHEN (number + nth) %% 10 = 1 THEN 'submitted' WHEN (number + nth) %% 10 = 2 THEN 'endorsed'
             ELSE 'approved' END AS state
    FROM (SELECT *, substr(reference, 3)::int AS number FROM training_trainingsession WHERE reference LIKE 'Z-%%') was,
        generate_series(1, CASE WHEN was.state = 'closed' THEN 10 WHEN number %% 10 = 0 THEN 12 ELSE 8 END) AS nth
    ) made JOIN _numbered_agents agent ON agent.number =
        (made.number * 37 + nth * 7919) %% (SELECT max(count) FROM _numbered_agents)
"""

_AFTER = (
    """
INSERT INTO training_attendance (enrolment_id, slot_id, presence, minutes, reason, noted_by_id, noted_at)
SELECT enrolment.id, slot.id, 'full', 210, '', owner_id, slot.day
FROM training_enrolment enrolment JOIN training_trainingsession session ON session.id = session_id
JOIN training_slot slot ON slot.session_id = session.id
WHERE session.state = 'closed' AND session.reference LIKE 'Z-%%' AND enrolment.state = 'approved'
""",
    """
INSERT INTO training_credit (enrolment_id, minutes, credited_at, later_asked_on)
SELECT enrolment.id, 420 * published / 2, last_day, last_day + 90
FROM training_enrolment enrolment JOIN training_trainingsession session ON session.id = session_id
WHERE session.state = 'closed' AND session.reference LIKE 'Z-%%' AND enrolment.state = 'approved'
""",
    """
INSERT INTO training_evaluation (enrolment_id, goals, content, trainer, usefulness, comment, at)
SELECT enrolment_id, 1 + credit.id %% 4, 3, 4, 1 + credit.id %% 3,
    CASE WHEN credit.id %% 7 = 0 THEN 'Utile' ELSE '' END, credited_at
FROM training_credit credit JOIN training_enrolment enrolment ON enrolment.id = enrolment_id
WHERE credit.id %% 5 < 3 AND reference LIKE 'Z-%%'
""",
    """
INSERT INTO training_habilitation (agent_id, course_id, obtained_on, expires_on, noted_at)
SELECT DISTINCT ON (owner_id, course.id, last_day) owner_id, course.id, last_day, last_day + 380, last_day
FROM training_enrolment enrolment JOIN training_trainingsession session ON session.id = session_id
JOIN training_course course ON course.id = session.course_id
WHERE session.state = 'closed' AND session.reference LIKE 'Z-%%' AND enrolment.state = 'approved'
    AND course.kind = 'securite'
""",
    """
INSERT INTO training_trainer (session_id, agent_id)
SELECT session.id, CASE WHEN substr(reference, 3)::int %% 500 = 0 THEN %(trainer)s ELSE agent.id END
FROM training_trainingsession session
JOIN _numbered_agents agent ON agent.number =
    substr(reference, 3)::int %% least(500, (SELECT max(count) FROM _numbered_agents))
WHERE reference LIKE 'Z-%%'
""",
    """
INSERT INTO training_obligation (label, course_id, source, posts, status, category, within_days, valid_from)
SELECT label, (SELECT id FROM training_course WHERE code = chosen), 'Code du travail', posts, '', category, 365,
    DATE '2000-01-01'
FROM (VALUES ('Évacuation pour tous', 'Z4', '', ''), ('Gestes au jardin', 'Z8', 'jardin', ''),
    ('Accueil en crèche', 'Z12', 'creche enfance', ''), ('Cadres', 'Z16', '', 'A')) row (label, chosen, posts, category)
""",
)


def write_training_history(trainer: str, a_year: int = A_YEAR, courses: int = COURSES) -> int:
    """Writes it; `trainer` is the login of who teaches one session in 500. Returns how many enrolments."""
    from django.db import connection, transaction

    from nomade.people.models import Agent

    facts = {"courses": courses, "year": a_year, "trainer": Agent.objects.get(login=trainer).pk}
    with transaction.atomic(), connection.cursor() as cursor:
        back = without_indexes(cursor, TABLES)
        for statement in (_AGENTS, "ANALYZE _numbered_agents", _COURSES, _SESSIONS, _SLOTS):
            cursor.execute(statement, facts)
        cursor.execute(_ENROLMENTS, facts)
        written: int = cursor.rowcount
        cursor.execute("ANALYZE " + ", ".join(TABLES[:3]))
        for statement in _AFTER:
            cursor.execute(statement, facts)
        for statement in back:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE " + ", ".join((*TABLES, "training_course")))
    return written
