"""The only ways to a document: one's own folder; those of an HR officer's perimeter; what one must read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, DateField, Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpResponse
from django.urls import reverse

from nomade.documents.models import (
    Collection,
    CollectionItem,
    Deposit,
    DepositLine,
    DepositState,
    DocumentType,
    FolderDocument,
    ItemState,
    MustRead,
    Purge,
    Reading,
    RuleChange,
)
from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.kernel.models import AuditEvent
from nomade.people.access import agents_in_perimeter, has_role, supervised_by
from nomade.people.folding import fold
from nomade.people.http import AgentRequest
from nomade.people.models import Agent, Assignment, RoleGrant, Situation
from nomade.people.ports import KeptDocument
from nomade.people.roles import Role

View = Callable[..., HttpResponse]
WAITING_SHOWN = 5
OPENINGS = ("document.viewed", "document.downloaded")
Row = TypeVar("Row", bound=Model)


def folder_of(agent: Agent, *, query: str = "", type_code: str = "") -> QuerySet[FolderDocument]:
    """An agent's own documents, latest first, or those that a search finds."""
    found = FolderDocument.objects.filter(agent=agent).select_related("type").order_by("-dated_on", "-deposited_at")
    for word in fold(query).split():
        found = found.filter(search_text__contains=word)
    return found.filter(type=type_code) if type_code else found


def latest_documents(agent: int, most: int) -> list[KeptDocument]:
    """The latest documents of an agent, as another service shows them to that agent."""
    found = FolderDocument.objects.filter(agent=agent).order_by("-dated_on", "-deposited_at")
    rows = found.values_list("pk", "title", "type__label", "dated_on")[:most]
    return [
        KeptDocument(title, kind, day, reverse("documents:page", args=[pk], urlconf="nomade.config.urls.portal"))
        for pk, title, kind, day in rows
    ]


def document_for(agent: Agent, document_id: UUID) -> FolderDocument:
    """One of the agent's own. Raises Http404."""
    return _or_404(FolderDocument.objects.filter(agent=agent).select_related("type", "file", "agent"), document_id)


def perimeter(officer: Agent) -> QuerySet[Agent]:
    """The agents whose folders an HR officer keeps; never one's own."""
    return agents_in_perimeter(officer, Role.HR_OFFICER).exclude(pk=officer.pk)


def agents_found(officer: Agent, query: str) -> QuerySet[Agent]:
    """Those of the perimeter whose name or matricule holds each of the words."""
    return Agent.objects.named_like(query).filter(pk__in=perimeter(officer).values("pk")).order_by("sort_name")


def first_readings(agent: Agent) -> dict[str, datetime]:
    """When an agent first opened each document of their folder: the read receipt, which is the journal's."""
    events = AuditEvent.objects.filter(subject_id=agent.pk, actor_id=agent.pk, event__in=OPENINGS)
    receipts: dict[str, datetime] = {}
    for facts, at in events.order_by("id").values_list("facts", "at"):
        receipts.setdefault(facts.get("document", ""), at)
    return receipts


def agent_in_perimeter(officer: Agent, matricule: str) -> Agent:
    """One of them. Raises Http404."""
    found = perimeter(officer).filter(matricule=matricule).first()
    if found is None:
        raise Http404
    return found


def document_of_perimeter(officer: Agent, document_id: UUID) -> FolderDocument:
    """A document of one of them. Raises Http404."""
    inside = FolderDocument.objects.filter(agent__in=perimeter(officer).values("pk"))
    return _or_404(inside.select_related("type", "file", "agent"), document_id)


def deposits_of(officer: Agent) -> QuerySet[Deposit]:
    """The deposits that an officer sent, and those of others whose every document is inside the perimeter."""
    mine = perimeter(officer).values("pk")
    foreign = DepositLine.objects.filter(deposit=OuterRef("pk"), agent__isnull=False).exclude(agent__in=mine)
    return (
        Deposit.objects.filter(Q(sent_by=officer) | ~Exists(foreign))
        .select_related("type", "sent_by")
        .order_by("-sent_at")
    )


def deposit_or_404(officer: Agent, deposit_id: UUID) -> Deposit:
    """One of them. Raises Http404."""
    return _or_404(deposits_of(officer), deposit_id)


def waiting_deposits(officer: Agent) -> QuerySet[Deposit]:
    """Those that wait for a confirmation."""
    return deposits_of(officer).filter(state__in=[DepositState.READING, DepositState.FAILED, DepositState.TO_CONFIRM])


def audience_of(must_read: MustRead) -> QuerySet[Agent]:
    """Who must read a document, as the organisation is today."""
    day = today()
    found = Agent.objects.present(day)
    if must_read.unit is not None:
        path = must_read.unit.path
        inside = Q(unit__path=path) | Q(unit__path__startswith=f"{path}/")
        placed = Assignment.objects.on(day).filter(inside, agent=OuterRef("pk"), is_main=True)
        found = found.filter(Exists(placed))
    if must_read.place:
        there = Assignment.objects.on(day).filter(agent=OuterRef("pk"), is_main=True, place=must_read.place)
        found = found.filter(Exists(there))
    if must_read.status:
        held = Situation.objects.on(day).filter(agent=OuterRef("pk"), status=must_read.status)
        found = found.filter(Exists(held))
    return found


def to_read(agent: Agent) -> QuerySet[MustRead]:
    """What an agent must read: what is aimed at their unit, status and place, in one query."""
    return _to_read(agent.pk, today())


def _to_read(agent: int, day: date) -> QuerySet[MustRead]:
    placed = Assignment.objects.on(day).filter(agent_id=agent, is_main=True)
    above = Q(unit__path=OuterRef("unit__path")) | Q(unit__path__startswith=Concat(OuterRef("unit__path"), Value("/")))
    held = Situation.objects.on(day).filter(agent_id=agent, status=OuterRef("status"))
    return MustRead.objects.filter(
        Q(unit__isnull=True) | Exists(placed.filter(above)),
        Q(status="") | Exists(held),
        Q(place="") | Exists(placed.filter(place=OuterRef("place"))),
    ).order_by("-published_at")


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for an agent: `kind` is « read », « give » or « sign »."""

    id: UUID
    title: str
    detail: str
    due: date | None
    kind: str


def _waiting(agent: int, day: date) -> QuerySet[Any, Any]:
    plain: dict[str, Any] = {"output_field": CharField()}
    no_day = Value(None, output_field=DateField())
    rows = [
        _unread(agent, day).order_by().values_list("pk", "title", Value("", **plain), "due_on", Value("read", **plain)),
        CollectionItem.objects.filter(agent_id=agent, state__in=[ItemState.ASKED, ItemState.REFUSED]).values_list(
            "pk", "collection__title", "reason", "collection__due_on", Value("give", **plain)
        ),
        FolderDocument.objects.filter(
            agent_id=agent, needs_acknowledgement=True, acknowledged_at__isnull=True
        ).values_list("pk", "title", "type__label", no_day, Value("sign", **plain)),
    ]
    return rows[0].union(*rows[1:], all=True)[:WAITING_SHOWN]


_WAITING: Compiled[Any] = Compiled(_waiting)


def waiting_for(agent: Agent) -> list[Waiting]:
    """The first of what waits for an agent on the home page, in one query."""
    return [Waiting(*row) for row in _WAITING.rows(agent=agent.pk, day=today())]


def _unread(agent: int, day: date) -> QuerySet[MustRead]:
    return _to_read(agent, day).exclude(Exists(Reading.objects.filter(must_read=OuterRef("pk"), agent_id=agent)))


def unread_by(agent: Agent) -> QuerySet[MustRead]:
    """Those of them that the agent has not read yet."""
    return _unread(agent.pk, today())


def must_read_for(agent: Agent, must_read_id: UUID) -> MustRead:
    """One that the agent must read. Raises Http404."""
    return _or_404(to_read(agent).select_related("file"), must_read_id)


def must_reads_of(officer: Agent) -> QuerySet[MustRead]:
    """What an officer published."""
    return MustRead.objects.filter(published_by=officer).select_related("unit", "file").order_by("-published_at")


def published_must_read(officer: Agent, must_read_id: UUID) -> MustRead:
    """One of them. Raises Http404."""
    return _or_404(must_reads_of(officer), must_read_id)


def team_unread(supervisor: Agent, must_read: MustRead) -> QuerySet[Agent]:
    """Who of a supervisor's team still has to read a document."""
    read = Reading.objects.filter(must_read=must_read, agent=OuterRef("pk"))
    team = supervised_by(supervisor).values("pk")
    return audience_of(must_read).filter(pk__in=team).exclude(Exists(read)).order_by("sort_name")


def items_of(agent: Agent) -> QuerySet[CollectionItem]:
    """What an agent was asked for, the nearest date first."""
    return CollectionItem.objects.filter(agent=agent).select_related("collection").order_by("collection__due_on")


def item_for(agent: Agent, item_id: UUID) -> CollectionItem:
    """One of the agent's own. Raises Http404."""
    return _or_404(items_of(agent).select_related("collection__type", "file"), item_id)


def collections_of(officer: Agent) -> QuerySet[Collection]:
    """What an officer asked for."""
    return Collection.objects.filter(asked_by=officer).select_related("type").order_by("-asked_at")


def collection_or_404(officer: Agent, collection_id: UUID) -> Collection:
    """One of them. Raises Http404."""
    return _or_404(collections_of(officer), collection_id)


def item_of_collection(collection: Collection, item_id: UUID) -> CollectionItem:
    """One answer to a collection. Raises Http404."""
    return _or_404(collection.items.select_related("agent", "file", "collection__type"), item_id)


def is_hr_officer(agent: Agent) -> bool:
    """Whether somebody keeps folders today, whatever the perimeter."""
    return has_role(agent, Role.HR_OFFICER)


def _whole(agent: Agent) -> bool:
    grants = RoleGrant.objects.on(today()).filter(agent=agent, perimeter__isnull=True)
    return bool(grants.filter(role__in=[Role.HR_OFFICER, Role.AUDITOR]).exists())


def may_sign(agent: Agent) -> bool:
    """The archivist's visa: an auditor of the whole organisation, who proposed nothing."""
    grants = RoleGrant.objects.on(today()).filter(agent=agent, perimeter__isnull=True, role=Role.AUDITOR)
    return bool(grants.exists())


def purges() -> QuerySet[Purge]:
    """Every list of documents to be removed, latest first."""
    return Purge.objects.select_related("proposed_by", "signed_by").order_by("-proposed_at")


def rule_changes() -> QuerySet[RuleChange]:
    """Every change of a rule of retention, latest first."""
    return RuleChange.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at")


def rule_change_or_404(change_id: UUID) -> RuleChange:
    """One of them. Raises Http404."""
    return _or_404(rule_changes(), change_id)


def type_or_404(code: str) -> DocumentType:
    """One type of documents. Raises Http404."""
    found = DocumentType.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    return found


def keeps_schedule(agent: Agent) -> bool:
    """Whether somebody may propose rules of retention and lists of what is over, or sign them."""
    return _whole(agent)


def purge_or_404(purge_id: UUID) -> Purge:
    """One of them. Raises Http404."""
    return _or_404(purges(), purge_id)


def _or_404(found: QuerySet[Row], identifier: UUID) -> Row:
    one = found.filter(pk=identifier).first()
    if one is None:
        raise Http404
    return one


def _only(test: Callable[[Agent], bool]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not test(request.agent):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


hr_officers_only = _only(is_hr_officer)
retention_only = _only(_whole)
