"""Server time of the questions' desk and of « Mon portefeuille », by the real views, in this process.

python tests/load/bench_portfolio.py [--requests 100000] [--agents 55000] [--out docs/benchmarks.md]
"""

from __future__ import annotations

from in_process import Page, fill, measure, run
from report import Report

ROUNDS = 9
# Seven in ten are questions; one in five still waits.
QUESTIONS = """
INSERT INTO questions_question (id, reference, owner_id, submitted_at, version, status, topic_id, office_id,
    promised_on, subject, page, about, satisfaction_comment, search)
SELECT gen_random_uuid(), 'C-2024-' || lpad((100000 + n)::text, 6, '0'), owner, asked, 1,
    CASE WHEN n %% 10 < 2 THEN 'new' WHEN n %% 10 < 4 THEN 'solved' ELSE 'closed' END, topic, office,
    (asked + interval '7 days')::date, 'Question sur le compteur ' || n %% 97, '', '', '',
    to_tsvector('french', 'question compteur conges rtt ' || n)
FROM (SELECT n, now() - n * interval '3 minutes' AS asked,
        (%(owners)s::bigint[])[1 + n %% %(count)s] AS owner,
        (%(topics)s::bigint[])[1 + n %% %(topic_count)s] AS topic,
        (%(offices)s::bigint[])[1 + n %% %(topic_count)s] AS office
    FROM generate_series(1, %(questions)s) AS n) AS drawn
"""
CERTIFICATES = """
INSERT INTO certificates_certificaterequest (id, reference, owner_id, submitted_at, version, state, promised_on, kind,
    comment, answer)
SELECT gen_random_uuid(), 'C-2023-' || lpad((100000 + n)::text, 6, '0'), (%(owners)s::bigint[])[1 + n %% %(count)s],
    now() - n * interval '9 minutes', 1, CASE WHEN n %% 5 = 0 THEN 'submitted' ELSE 'refused' END,
    (now() - n * interval '9 minutes' + interval '7 days')::date, %(kind)s, '', ''
FROM generate_series(1, %(certificates)s) AS n
"""
CHANGES = """
INSERT INTO personnel_file_changerequest (id, reference, owner_id, submitted_at, version, state, promised_on, subject,
    sealed, effective_on, missing, answer, reminders)
SELECT gen_random_uuid(), 'C-2022-' || lpad((100000 + n)::text, 6, '0'), (%(owners)s::bigint[])[1 + n %% %(count)s],
    now() - n * interval '9 minutes', 1, CASE WHEN n %% 5 = 0 THEN 'submitted' ELSE 'refused' END,
    (now() - n * interval '9 minutes' + interval '7 days')::date, 'adresse', ''::bytea, now()::date,
    CASE WHEN n %% 15 = 0 THEN 'Un justificatif' ELSE '' END, 'Faite', 0
FROM generate_series(1, %(certificates)s) AS n
"""


def bench(agents: int, requests: int, report: Report) -> int:
    """Fills the base, then asks for each page; how many are slow."""
    _fill(requests)
    title = f"Questions and portfolio: {agents} agents, {requests} requests"
    return measure(title, _pages(), report, rounds=ROUNDS)


def _fill(requests: int) -> None:
    from nomade.certificates.models import HumanKind
    from nomade.people.models import Agent
    from nomade.questions.models import Topic

    owners = list(Agent.objects.exclude(login__startswith="sophie.laurent").values_list("pk", flat=True))
    topics = list(Topic.objects.filter(office__role="hr_officer").values_list("pk", "office"))
    values = {
        "owners": owners,
        "count": len(owners),
        "topics": [topic for topic, _office in topics],
        "offices": [office for _topic, office in topics],
        "topic_count": len(topics),
        "questions": requests * 7 // 10,
        "certificates": requests * 3 // 20,
        "kind": HumanKind.values[0],
    }
    fill(
        [
            ("questions_question", QUESTIONS),
            ("certificates_certificaterequest", CERTIFICATES),
            ("personnel_file_changerequest", CHANGES),
        ],
        values,
    )


def _pages() -> list[Page]:
    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of
    from nomade.people.models import Agent
    from nomade.questions.models import Question

    officer, whole, agent = (
        client_of(Account.objects.get(login__startswith=login))
        for login in ("sophie.laurent", "marc.dubois", "camille.durand")
    )
    near = Agent.objects.filter(assignments__unit__path__startswith="DEVE/").exclude(login__startswith="sophie").first()
    some = Question.objects.filter(owner=near).first() or Question.objects.latest("submitted_at")
    assert near is not None
    return [
        ("Portefeuille, DEVE", officer, "/portefeuille/"),
        ("Portefeuille, toute la ville", whole, "/portefeuille/"),
        ("Portefeuille, par statut", whole, "/portefeuille/?statut=contractuel"),
        ("Portefeuille, fin de contrat", whole, "/portefeuille/?fin=90"),
        ("Portefeuille, pièce manquante", whole, "/portefeuille/?piece=1"),
        ("Portefeuille, en attente", whole, "/portefeuille/?attente=1"),
        ("Demandes, DEVE", officer, "/portefeuille/demandes/"),
        ("Demandes, toute la ville", whole, "/portefeuille/demandes/"),
        ("Demandes en retard, ville", whole, "/portefeuille/demandes/?retard=1"),
        ("Alertes, toute la ville", whole, "/portefeuille/alertes/"),
        ("Une fiche", officer, f"/portefeuille/agents/{near.matricule}/"),
        ("Bureau, DEVE", officer, "/questions/bureau/"),
        ("Bureau, toute la ville", whole, "/questions/bureau/"),
        ("Bureau, toutes", whole, "/questions/bureau/?vue=toutes"),
        ("Bureau, recherche", whole, "/questions/bureau/?q=compteur"),
        ("Une question", whole, some.get_absolute_url()),
        ("Poser une question", agent, "/questions/nouvelle/"),
        ("Mes questions", agent, "/questions/"),
    ]


if __name__ == "__main__":
    raise SystemExit(run(__doc__.splitlines()[0], amount=("requests", 100_000), agents=55_000, bench=bench))
