"""Which articles somebody may read, and which somebody may write."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.http import Http404

from nomade.kernel.clock import now, today
from nomade.kernel.compiled import Compiled
from nomade.news.audience import aim_of, aimed_at, standing_values
from nomade.news.models import Article, ArticleQuerySet, Attachment, Page, Receipt
from nomade.news.text import searched
from nomade.people.access import has_role
from nomade.people.models import Agent, OrgUnit, RoleGrant
from nomade.people.roles import Role

MANY = 50
#: Articles of a page of the list.
A_PAGE = 12
FOUND_SHOWN = 5


def articles_for(agent: Agent) -> ArticleQuerySet:
    """What is shown now to this agent, each with `read`: whether they said that they read it."""
    done = Receipt.objects.filter(article=OuterRef("pk"), agent=agent)
    return Article.objects.shown(now()).filter(aimed_at(agent)).annotate(read=Exists(done))


class Told(NamedTuple):
    """What the home page and the list show of an article."""

    pk: uuid.UUID
    kind: str
    title: str
    publish_at: datetime
    must_read: bool
    read: bool
    # Whether the agent owns a useful page to read again: the home page asks both at once.
    has_old_page: bool


def _newest(agent: int, at: datetime, **standing: Any) -> ArticleQuerySet:
    done = Receipt.objects.filter(article=OuterRef("pk"), agent_id=agent)
    return Article.objects.shown(at).filter(aim_of(**standing)).annotate(read=Exists(done)).newest()


def _latest(agent: int, at: datetime, day: date, **standing: Any) -> QuerySet[Article, Any]:
    old = Page.objects.to_review(day).filter(owner_id=agent)
    shown = _newest(agent, at, **standing).annotate(has_old_page=Exists(old))
    return shown.values_list(*Told._fields)[:MANY]


_LATEST: Compiled[Any] = Compiled(_latest)


def latest_for(agent: Agent) -> list[Told]:
    """The first of them, the newest first."""
    found = _LATEST.rows(agent=agent.pk, at=now(), day=today(), **standing_values(agent))
    return [Told(*row) for row in found]


_A_PAGE: Compiled[Article] = Compiled(lambda **known: _newest(**known).defer("body", "words")[:A_PAGE])
_HOW_MANY: Compiled[Any] = Compiled(
    lambda at, **standing: (
        Article.objects.shown(at)
        .filter(aim_of(**standing))
        .values("state")
        .annotate(many=Count("pk"))
        .values_list("many")
    )
)


def first_page_for(agent: Agent) -> tuple[list[Article], int]:
    """The first page of what is shown to an agent, and how many articles there are: what is opened most."""
    here, at = standing_values(agent), now()
    counted = _HOW_MANY.first(at=at, **here)
    return _A_PAGE.rows(agent=agent.pk, at=at, **here), counted[0] if counted else 0


_ONE: Compiled[Article] = Compiled(lambda pk, **known: _newest(**known).filter(pk=pk))


def article_for(agent: Agent, article_id: uuid.UUID) -> Article:
    """One of them, or one that this agent may write. Raises Http404: absent and not for them look the same."""
    found = _ONE.first(pk=article_id, agent=agent.pk, at=now(), **standing_values(agent))
    if found is None:
        found = editable_article(agent, article_id)
        found.read = True  # type: ignore[attr-defined]  # nothing is asked of who previews
    return found


def attachment_for(agent: Agent, attachment_id: uuid.UUID) -> Attachment:
    """A document of an article that this agent may read. Raises Http404."""
    found = Attachment.objects.select_related("file").filter(pk=attachment_id).first()
    if found is None:
        raise Http404
    article_for(agent, found.article_id)
    return found


def found_for(agent: Agent, text: str) -> ArticleQuerySet:
    """The articles shown to this agent that hold all the words, whatever their endings and accents."""
    asked = SearchQuery(searched(text), config="french", search_type="plain")
    return articles_for(agent).filter(words=asked).newest()


class Hit(NamedTuple):
    """What the portal's search shows of an article, or of a useful page (the one of them that has a `slug`)."""

    title: str
    summary: str
    article: uuid.UUID | None
    slug: str


def _found(at: datetime, text: str, **standing: Any) -> QuerySet[Any, Any]:
    asked = SearchQuery(text, config="french", search_type="plain")
    articles = Article.objects.shown(at).filter(aim_of(**standing), words=asked).newest()
    shown = Page.objects.filter(is_shown=True, words=asked).in_order()
    none, nothing = Value(None, output_field=UUIDField()), Value("", output_field=CharField())
    return articles.values_list("title", "summary", "pk", nothing)[:FOUND_SHOWN].union(
        shown.values_list("title", "summary", none, "slug")[:FOUND_SHOWN], all=True
    )


_FOUND: Compiled[Any] = Compiled(_found)


def first_found_for(agent: Agent, text: str) -> list[Hit]:
    """The first articles shown to this agent, then the first useful pages, in one query."""
    return [Hit(*row) for row in _FOUND.rows(at=now(), text=searched(text), **standing_values(agent))]


def perimeters_of(agent: Agent) -> list[OrgUnit | None]:
    """The units over which somebody may publish; None stands for the whole organisation."""
    if not has_role(agent, Role.EDITOR):
        return []
    grants = RoleGrant.objects.on(today()).filter(agent=agent, role=Role.EDITOR).select_related("perimeter")
    return [grant.perimeter for grant in grants]


def may_write(agent: Agent) -> bool:
    """Whether somebody is an editor, whatever the perimeter."""
    return bool(perimeters_of(agent))


def units_to_aim_at(agent: Agent) -> QuerySet[OrgUnit]:
    """The units proposed to an editor, the top ones and those just below, inside the perimeters."""
    inside = Q(pk__in=[])
    for perimeter in perimeters_of(agent):
        inside |= Q(path__startswith=f"{perimeter.path}/") | Q(pk=perimeter.pk) if perimeter else Q()
        if perimeter is None:
            inside = Q()
            break
    found: QuerySet[OrgUnit] = OrgUnit.objects.existing(today()).filter(inside, path__regex=r"^[^/]+(/[^/]+){0,2}$")
    return found.order_by("path")


def holds(perimeters: Sequence[OrgUnit | None], units: Sequence[OrgUnit | None]) -> bool:
    """Whether each unit aimed at is inside one of the perimeters; an aim without unit needs the whole organisation."""
    return all(
        any(perimeter is None or (unit is not None and perimeter.contains(unit.path)) for perimeter in perimeters)
        for unit in units or [None]
    )


def editable_articles(agent: Agent) -> QuerySet[Article]:
    """The articles an editor may write: all of them for the whole organisation, else their own and their units'."""
    perimeters = perimeters_of(agent)
    if not perimeters:
        return Article.objects.none()
    if None in perimeters:
        return Article.objects.all()
    return Article.objects.filter(author=agent)


def editable_article(agent: Agent, article_id: uuid.UUID) -> Article:
    """One of them. Raises Http404."""
    found = editable_articles(agent).select_related("picture", "author").filter(pk=article_id).first()
    if found is None:
        raise Http404
    return found
