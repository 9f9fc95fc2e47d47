"""Lists of the desk: short, in order, and as fast on the two hundred thousandth ticket as on the first."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchRank
from django.core.signing import BadSignature, Signer
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from nomade.cases.searching import query
from nomade.kernel.clock import now
from nomade.people.models import Agent, AgentQuerySet
from nomade.support.models import Article, Incident, PartState, SupportAct, Ticket, TicketQuerySet, TicketStatus
from nomade.support.models.knowledge import ArticleQuerySet

PAGE = 50
MOST_AGENTS = 20
MOST_ARTICLES = 8
RARE = 1000
_SIGNER = Signer(salt="support.page")


@dataclass(frozen=True)
class TicketPage:
    """One page of tickets, and where the next one starts (empty at the end)."""

    tickets: list[Ticket]
    after: str


def queue(tickets: TicketQuerySet, technician: Agent, view: str) -> TicketQuerySet:
    """The tickets of one tab of the desk."""
    match view:
        case "a-moi":
            return tickets.living().filter(assignee=technician)
        case "retard":
            return tickets.late(now())
        case "attente":
            return tickets.filter(status=TicketStatus.PENDING)
        case "toutes":
            return tickets
        case _:
            return tickets.waiting().filter(assignee__isnull=True)


def tab_counts(tickets: TicketQuerySet, technician: Agent) -> dict[str, int]:
    """How many tickets each tab holds, in one query over those that are not over."""
    waiting = Q(status__in=(TicketStatus.NEW, TicketStatus.OPEN))
    return tickets.living().aggregate(
        **{
            "a-prendre": Count("pk", filter=waiting & Q(assignee__isnull=True)),
            "a-moi": Count("pk", filter=Q(assignee=technician)),
            "retard": Count("pk", filter=waiting & Q(due_at__lt=now())),
            "attente": Count("pk", filter=Q(status=TicketStatus.PENDING)),
        }
    )


def searched(tickets: TicketQuerySet, typed: str) -> TicketQuerySet:
    """The tickets that hold every word, or the one of this number."""
    number = re.fullmatch(r"\s*(C-\d{4}-\d{6})\s*", typed, re.IGNORECASE)
    if number:
        return tickets.filter(reference=number[1].upper())
    wanted = query(typed)
    if wanted is None:
        return tickets.none()
    found = tickets.filter(search=wanted)
    # A rare word would be looked for in every ticket, the newest first: its few tickets are listed first instead. One
    # that is in more tickets than this is met soon enough on the way.
    few = list(found.order_by().values_list("pk", flat=True)[: RARE + 1])
    return found if len(few) > RARE else tickets.filter(pk__in=few)


def page_of(tickets: TicketQuerySet, *, newest: bool, after: str) -> TicketPage:
    """One page, from where the one before ended: no page is slower than the first."""
    field, ordered = ("submitted_at", tickets.newest_first()) if newest else ("due_at", tickets.soonest_due())
    start = _read_cursor(after)
    if start is not None:
        moment, key = start
        step = "lt" if newest else "gt"
        further = Q(**{f"{field}__{step}": moment}) | Q(**{field: moment, f"pk__{step}": key})
        # The first condition alone lets the index start at the right place.
        ordered = ordered.filter(Q(**{f"{field}__{step}e": moment}), further)
    found = list(ordered.with_people()[: PAGE + 1])
    if len(found) <= PAGE:
        return TicketPage(found, "")
    last = found[PAGE - 1]
    return TicketPage(found[:PAGE], _SIGNER.sign(f"{getattr(last, field).isoformat()}~{last.pk}"))


def _read_cursor(after: str) -> tuple[datetime, uuid.UUID] | None:
    try:
        moment, _tilde, key = _SIGNER.unsign(after).partition("~")
        return datetime.fromisoformat(moment), uuid.UUID(key)
    except (BadSignature, ValueError):  # the first page: nothing was asked, or nothing of ours
        return None


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
