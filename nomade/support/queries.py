"""Lists of the desk: short, in order, and as fast on the two hundred thousandth ticket as on the first."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchRank
from django.db.models import CharField, F, Func, Q, QuerySet, Value

from nomade.cases import lists, queues
from nomade.cases.lists import Page
from nomade.cases.searching import query
from nomade.kernel.clock import now
from nomade.people.models import Agent, AgentQuerySet
from nomade.support.models import Article, IdentityCheck, Incident, PartState, SupportAct, Ticket, TicketQuerySet
from nomade.support.models.knowledge import ArticleQuerySet

MOST_AGENTS = 20
MOST_ARTICLES = 8


def queue(tickets: TicketQuerySet, technician: Agent, view: str) -> TicketQuerySet:
    """The tickets of one tab of the desk."""
    return queues.queue(tickets, technician, view, late=Q(due_at__lt=now()))


def tab_counts(tickets: TicketQuerySet, technician: Agent) -> dict[str, int]:
    """How many tickets each tab holds."""
    return queues.tab_counts(tickets, technician, late=Q(due_at__lt=now()))


def page_of(tickets: TicketQuerySet, *, newest: bool, after: str) -> Page[Ticket]:
    """One page of tickets with their people, from where the one before ended."""
    field = "submitted_at" if newest else "due_at"
    return lists.page_of(tickets.with_people(), field, newest=newest, after=after)


def found_agents(agents: AgentQuerySet, typed: str) -> list[Agent]:
    """Those whom the technician looks for: by name, login, matricule, or telephone number."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= 6 and not re.search(r"[a-z]", typed, re.IGNORECASE):
        by_number = Q(matricule__contains=digits) | Q(called__contains=digits[-9:])
        numbers = Func(F("phone"), Value(" "), F("mobile"), function="concat", output_field=CharField())
        bare = Func(numbers, Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=CharField())
        found = agents.alias(called=bare).filter(by_number)
    elif len(typed.strip()) >= 2:
        found = agents.named_like(typed)
    else:
        return []
    return list(found.select_related("account").order_by("sort_name")[:MOST_AGENTS])


def suggested(articles: ArticleQuerySet, typed: str) -> list[Article]:
    """The articles that answer best to what somebody is typing, whatever words they use."""
    wanted = query(typed, every=False)
    if wanted is None:
        return []
    ranked = articles.filter(search=wanted).annotate(rank=SearchRank(F("search"), wanted))
    return list(ranked.select_related("category").order_by("-rank", "title")[:MOST_ARTICLES])


def going_on() -> list[Incident]:
    """The incidents of the moment, the most recent first."""
    return list(Incident.objects.filter(ended_at__isnull=True).order_by("-started_at")[:5])


# A check runs every minute: older than this, nobody is checking any more.
STALE = timedelta(minutes=6)


def parts() -> list[PartState]:
    """What the last checks found."""
    return list(PartState.objects.order_by("key"))


def acts_done_alone(start: datetime, end: datetime) -> QuerySet[SupportAct]:
    """What was done to privileged accounts after a delay instead of a second technician."""
    return (
        SupportAct.objects.filter(at__gte=start, at__lt=end, identity_check__waits_until__isnull=False)
        .select_related("technician", "identity_check__agent")
        .order_by("at")
    )


def acts_to_come_alone(at: datetime) -> QuerySet[IdentityCheck]:
    """The checks whose delay runs, or is over while nothing was done yet: what may still be stopped."""
    return (
        IdentityCheck.objects.filter(waits_until__isnull=False, refused_at__isnull=True, expires_at__gt=at)
        .filter(acts__isnull=True)
        .select_related("technician", "agent")
        .order_by("waits_until")
    )
