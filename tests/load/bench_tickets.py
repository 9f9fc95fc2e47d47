"""Server time of the desk's pages over many tickets, by the real views, in this process.

python tests/load/bench_tickets.py [--tickets 200000] [--agents 5000] [--out docs/benchmarks.md]
"""

from __future__ import annotations

import re
from typing import Any

from in_process import Page, fill, measure, run
from report import Report

ROUNDS = 15
# Nine in ten are over; subjects repeat, as they do at a desk, and words are rare or common.
FILL = """
INSERT INTO support_ticket (id, reference, owner_id, submitted_at, version, status, category_id, team_id, priority,
    assignee_id, subject, page, error_reference, due_at, paused_at, satisfaction_comment, search)
SELECT gen_random_uuid(), 'C-2025-' || lpad((500000 + n)::text, 6, '0'), owner, asked, 1, state, category, NULL,
    1 + n %% 4, CASE WHEN n %% 3 = 0 THEN %(technician)s END, subject, '', '', asked + interval '2 days',
    CASE WHEN state = 'pending' THEN asked END, '',
    setweight(to_tsvector('french', subject), 'A') || to_tsvector('french', 'depuis ce matin plus rien ne sort ' || n)
FROM (SELECT n, asked, (%(owners)s::bigint[])[1 + n %% %(owner_count)s] AS owner,
        (%(categories)s::bigint[])[1 + n %% %(category_count)s] AS category,
        (%(subjects)s::text[])[1 + n %% %(subject_count)s] AS subject,
        CASE WHEN n %% 40 = 0 THEN 'new' WHEN n %% 40 = 1 THEN 'open' WHEN n %% 40 = 2 THEN 'pending'
             WHEN n %% 40 < 6 THEN 'solved' ELSE 'closed' END AS state
    FROM (SELECT n, now() - n * interval '4 minutes' AS asked FROM generate_series(1, %(tickets)s) AS n) AS dated
) AS drawn
"""


def bench(agents: int, tickets: int, report: Report) -> int:
    """Fills the base, then asks for each page; how many are slow."""
    _fill(tickets)
    return measure(f"Support desk: {agents} agents, {tickets} tickets", _pages(), report, rounds=ROUNDS)


def _fill(tickets: int) -> None:
    from nomade.demo.support import STORIES
    from nomade.people.models import Agent
    from nomade.support.models import Category

    owners = list(Agent.objects.exclude(login__startswith="lucas.petit").values_list("pk", flat=True))
    categories = list(Category.objects.values_list("pk", flat=True))
    subjects = [story.subject for story in STORIES]
    values = {
        "technician": Agent.objects.get(login__startswith="lucas.petit").pk,
        "owners": owners,
        "owner_count": len(owners),
        "categories": categories,
        "category_count": len(categories),
        "subjects": subjects,
        "subject_count": len(subjects),
        "tickets": tickets,
    }
    fill([("support_ticket", FILL)], values)


def _pages() -> list[Page]:
    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of
    from nomade.support.models import Ticket

    desk = client_of(Account.objects.get(login__startswith="lucas.petit"), "support")
    agent = client_of(Account.objects.get(login__startswith="camille.durand"), "support")
    some = (
        Ticket.objects.exclude(owner__login__startswith="lucas").filter(status="open").order_by("submitted_at").first()
    )
    assert some is not None
    return [
        ("File, à prendre", desk, "/bureau/"),
        ("File, les miennes", desk, "/bureau/?vue=a-moi"),
        ("File, en retard", desk, "/bureau/?vue=retard"),
        ("File, toutes", desk, "/bureau/?vue=toutes"),
        ("File, toutes, loin", desk, _far(desk, "/bureau/?vue=toutes", 40)),
        ("Recherche, numéro", desk, f"/bureau/?q={some.reference}"),
        ("Recherche, mot fréquent", desk, "/bureau/?q=imprimante"),
        ("Recherche, mot de toutes", desk, "/bureau/?q=matin"),
        ("Recherche, deux mots", desk, "/bureau/?q=wifi rez"),
        ("Recherche, rien", desk, "/bureau/?q=zzzz"),
        ("Une demande", desk, f"/demandes/{some.pk}/"),
        ("Chercher un agent", desk, "/bureau/agents/?q=mart"),
        ("Chercher un téléphone", desk, "/bureau/agents/?q=0639981042"),
        ("Mes demandes", agent, "/demandes/"),
        ("Connaissances", agent, "/connaissances/?q=imprimante"),
    ]


def _far(client: Any, address: str, pages: int) -> str:
    """The address of a page far down the list."""
    for _page in range(pages):
        found = re.search(r'href="(\?[^"]*apres=[^"]+)"', client.get(address).content.decode())
        if found is None:
            break
        address = "/bureau/" + found[1].replace("&amp;", "&")
    return address


if __name__ == "__main__":
    raise SystemExit(run(__doc__.splitlines()[0], amount=("tickets", 200_000), agents=5_000, bench=bench))
