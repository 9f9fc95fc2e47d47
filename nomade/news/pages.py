"""Useful pages: who may read and write them, and the only writers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.http import Http404, HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nomade.cases.helps import stems
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.compiled import Compiled
from nomade.kernel.errors import Refusal
from nomade.news.access import perimeters_of
from nomade.news.models import Page, PageQuerySet
from nomade.news.text import plain, searched
from nomade.people.models import Agent

#: Deeper, nobody finds anything.
DEEPEST = 3
FIRST_ONES = 3


def pages() -> PageQuerySet:
    """The pages that everybody may read."""
    return Page.objects.filter(is_shown=True)


def may_keep(agent: Agent) -> bool:
    """Editors of the whole organisation keep the tree."""
    return None in perimeters_of(agent)


def page_at(agent: Agent, slug: str) -> Page:
    """A page, hidden ones for their keepers only. Raises Http404."""
    found = Page.objects.select_related("parent", "owner").filter(slug=slug).first()
    if found is None or not (found.is_shown or may_keep(agent)):
        raise Http404
    return found


def found(text: str) -> PageQuerySet:
    """The pages that hold all the words, whatever their endings and accents."""
    return pages().filter(words=SearchQuery(searched(text), config="french", search_type="plain")).in_order()


def answering(text: str) -> list[Page]:
    """The pages that may answer a question, whatever words it holds beside theirs; the best first."""
    words = stems(text)
    if not words:
        return []
    asked = SearchQuery(" | ".join(f"{word}:*" for word in sorted(words)), config="french", search_type="raw")
    ranked = pages().filter(words=asked).annotate(rank=SearchRank(F("words"), asked))
    return list(ranked.order_by("-rank", "title")[:FIRST_ONES])


@dataclass(frozen=True)
class Branch:
    """A page and those below it."""

    page: Page
    below: list[Branch]


def tree() -> list[Branch]:
    """The whole tree, in one query."""
    rows = list(pages().in_order())
    shown = {page.pk for page in rows}

    def below(parent: int | None) -> list[Branch]:
        return [Branch(page, below(page.pk)) for page in rows if page.parent_id == parent]

    # A page whose parent is hidden would be lost: it is shown at the top.
    lost = [Branch(page, below(page.pk)) for page in rows if page.parent_id and page.parent_id not in shown]
    return below(None) + lost


def to_review(agent: Agent) -> QuerySet[Page]:
    """The pages of an owner that should have been read again by now."""
    return Page.objects.to_review(today()).filter(owner=agent).in_order()


_TO_REVIEW: Compiled[Page] = Compiled(
    lambda agent, day: Page.objects.to_review(day).filter(owner_id=agent).in_order()[:FIRST_ONES]
)


def first_to_review(agent: Agent) -> list[Page]:
    """The first of them, for the home page."""
    return _TO_REVIEW.rows(agent=agent.pk, day=today())


@transaction.atomic
def write(page: Page | None, fields: dict[str, Any], *, by: Agent, request: HttpRequest | None) -> Page:
    """Keeps a page. Raises Refusal when it would be below itself, too deep, or was changed meanwhile."""
    version = fields.pop("version", None)
    page = Page.objects.select_for_update().get(pk=page.pk) if page else Page(slug=_free_slug(fields["title"]))
    if version is not None and version != page.version:
        raise Refusal(_("Quelqu’un a modifié cette page entre-temps : rechargez-la, votre texte est ci-dessous."))
    for name, value in fields.items():
        setattr(page, name, value)
    _check_place(page)
    page.updated_at = now()
    page.version += 1
    page.save()
    head = SearchVector(Value(searched(page.title)), config="french", weight="A")
    rest = SearchVector(Value(searched(page.summary, plain(page.body))), config="french", weight="C")
    Page.objects.filter(pk=page.pk).update(words=head + rest)
    audit.record("page.written", actor=by.pk, subject=None, request=request, page=page.slug)
    return page


def _check_place(page: Page) -> None:
    depth, above = 1, page.parent
    while above is not None:
        depth += 1
        if above.pk == page.pk or depth > DEEPEST + 1:
            raise Refusal(_("Une page ne peut pas être rangée sous elle-même."), field="parent")
        above = above.parent
    if depth > DEEPEST:
        raise Refusal(_("L’arbre a trois niveaux au plus : rangez cette page plus haut."), field="parent")


def _free_slug(title: str) -> str:
    base = slugify(searched(title))[:70] or "page"
    taken = set(Page.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{rank}" for rank in range(2, len(taken) + 3))) if slug not in taken)
