"""Finding courses: words, facets, and what is for one's post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from nomade.cases.searching import query
from nomade.people.folding import fold
from nomade.people.models import Agent
from nomade.training.access import NEW_DAYS, askable, courses_for, post_of
from nomade.training.models import Course, CourseQuerySet, Favourite, TrainingSession


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty strings narrow nothing."""

    words: str = ""
    domain: str = ""
    kind: str = ""
    modality: str = ""
    show: str = ""


def found_for(agent: Agent, wanted: Wanted, day: date) -> CourseQuerySet:
    """The courses of the catalogue that answer, the best first, with `kept`."""
    found = courses_for(agent).select_related("domain")
    if wanted.domain:
        found = found.filter(domain__code=wanted.domain)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.modality:
        found = found.filter(modality=wanted.modality)
    found = _shown(found, wanted.show, agent, day)
    asked = query(wanted.words) if wanted.words else None
    return found.filter(words=asked) if asked is not None else found


def _shown(found: CourseQuerySet, show: str, agent: Agent, day: date) -> CourseQuerySet:
    if show == "metier":
        return for_post(found, post_of(agent))
    if show == "dates":
        return found.filter(pk__in=askable(day).values("course"))
    if show == "bientot":
        return found.filter(pk__in=TrainingSession.objects.nearly_full(day).values("course"))
    if show == "nouvelles":
        return found.filter(created_at__date__gte=day - timedelta(days=NEW_DAYS))
    if show == "favoris":
        return found.filter(Exists(Favourite.objects.filter(agent=agent, course=OuterRef("pk"))))
    return found


def for_post(courses: CourseQuerySet, post: str) -> CourseQuerySet:
    """Courses one of whose words of posts begins a word of this post; none for an unknown post."""
    words = {word for word in fold(post).replace(".", " ").split() if len(word) > 2}
    starts = sorted({word[:length] for word in words for length in range(4, len(word) + 1)})
    if not starts:
        return courses.none()
    split = Func(F("posts"), Value(" "), function="string_to_array", output_field=ArrayField(models.TextField()))
    return courses.alias(post_words=split).filter(Q(post_words__overlap=starts))


def is_for(course: Course, post: str) -> bool:
    """Whether a course says that it is meant for a post."""
    words = fold(post).replace(".", " ").split()
    return any(word.startswith(start) for start in course.posts.split() for word in words)
