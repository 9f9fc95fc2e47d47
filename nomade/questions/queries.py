"""Lists of the desk, in a few statements whatever their number."""

from __future__ import annotations

from datetime import date

from django.db.models import Avg, Count, Q

from nomade.cases import lists, queues
from nomade.cases.lists import Page
from nomade.people.models import Agent
from nomade.questions.models import Question, QuestionQuerySet


def queue(questions: QuestionQuerySet, officer: Agent, view: str, day: date) -> QuestionQuerySet:
    """The questions of one tab of the desk."""
    return queues.queue(questions, officer, view, late=Q(promised_on__lt=day))


def tab_counts(questions: QuestionQuerySet, officer: Agent, day: date) -> dict[str, int]:
    """How many questions each tab holds."""
    return queues.tab_counts(questions, officer, late=Q(promised_on__lt=day))


def page_of(questions: QuestionQuerySet, *, order: str, after: str) -> Page[Question]:
    """One page with its people: by promise (the soonest first), by age (the oldest first), or the newest first."""
    field = "promised_on" if order == "promesse" else "submitted_at"
    return lists.page_of(questions.with_people(), field, newest=order == "recentes", after=after)


def figures(questions: QuestionQuerySet, first: date, last: date) -> list[dict[str, object]]:
    """For each topic: how many were asked between two days, answered in time, what agents think of the answers."""
    asked = questions.filter(submitted_at__date__range=(first, last))
    late = Q(escalated_at__isnull=False)
    rows = asked.values("topic__label", "office__label").annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        late=Count("pk", filter=late),
        mean=Avg("satisfaction"),
        opinions=Count("satisfaction"),
    )
    return list(rows.order_by("-asked", "topic__label"))
