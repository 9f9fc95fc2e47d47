"""To whom an article is shown: one rule, read from the agent's end and from the article's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nomade.kernel.clock import today
from nomade.kernel.compiled import within
from nomade.news.models import Article, Receipt, Target
from nomade.people.models import Agent, Assignment, OrgUnit, Situation
from nomade.people.teams import standing_of


@dataclass(frozen=True)
class Aim:
    """One target, saved or not."""

    unit: OrgUnit | None = None
    status: str = ""
    category: str = ""
    place: str = ""

    @classmethod
    def of(cls, target: Target) -> Aim:
        return cls(target.unit, target.status, target.category, target.place)


@dataclass(frozen=True)
class Audience:
    """How many agents an article would reach, and how many of them have no professional mailbox."""

    agents: int
    without_mailbox: int


def agents_aimed_at(aims: Iterable[Aim]) -> QuerySet[Agent]:
    """The agents present today whom any of the aims holds; everybody when there is none."""
    day, wanted = today(), list(aims)
    present = Agent.objects.present(day)
    if not wanted:
        return present
    placed = Assignment.objects.on(day).filter(agent=OuterRef("pk"), is_main=True)
    held = Situation.objects.on(day).filter(agent=OuterRef("pk"))
    matched = Q()
    for aim in wanted:
        part = Q()
        if aim.unit or aim.place:
            part &= Q(Exists(placed.filter(_where(aim))))
        if aim.status or aim.category:
            asked = {name: value for name, value in (("status", aim.status), ("category", aim.category)) if value}
            part &= Q(Exists(held.filter(**asked)))
        if not part:
            return present
        matched |= part
    return present.filter(matched)


def _where(aim: Aim) -> Q:
    place = Q(place=aim.place) if aim.place else Q()
    if aim.unit is None:
        return place
    return place & (Q(unit__path=aim.unit.path) | Q(unit__path__startswith=f"{aim.unit.path}/"))


def count(aims: Iterable[Aim]) -> Audience:
    """The size of an audience."""
    found = agents_aimed_at(aims).aggregate(agents=Count("pk"), without=Count("pk", filter=Q(has_mailbox=False)))
    return Audience(found["agents"], found["without"])


def aimed_at(agent: Agent) -> Q:
    """The condition under which an article is for this agent, by their place and situation of today."""
    return aim_of(**standing_values(agent))


def standing_values(agent: Agent) -> dict[str, Any]:
    """What `aim_of` needs to know of an agent, as of today."""
    here = standing_of(agent, today())
    return {
        "paths": list(here.unit_paths) or [""],  # no unit has an empty path
        "place": here.place,
        "status": here.status,
        "category": here.category,
    }


def aim_of(paths: list[str], place: str, status: str, category: str) -> Q:
    """The same from these values alone, for queries compiled once."""
    mine = Target.objects.filter(
        Q(unit__isnull=True) | Q(unit__in=OrgUnit.objects.filter(path__in=within(paths, "text")).values("pk")),
        Q(place="") | Q(place=place),
        Q(status="") | Q(status=status),
        Q(category="") | Q(category=category),
        article=OuterRef("pk"),
    )
    return Q(Exists(mine)) | ~Q(Exists(Target.objects.filter(article=OuterRef("pk"))))


def readers(article: Article) -> QuerySet[Receipt]:
    """Who has read, the latest first."""
    return Receipt.objects.filter(article=article).select_related("agent", "ticked_by").order_by("-read_at")


def waited_for(article: Article) -> QuerySet[Agent]:
    """Those an article is for who have not said that they read it, by name."""
    aims = [Aim.of(target) for target in article.targets.select_related("unit")]
    done = Receipt.objects.filter(article=article, agent=OuterRef("pk"))
    return agents_aimed_at(aims).exclude(Exists(done)).order_by("sort_name")
