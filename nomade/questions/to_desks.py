"""What the questions tell a desk that spans services."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, WaitingSource, of
from nomade.people.roles import Role
from nomade.questions.models import Question


def _rows(agents: Agents | None) -> QuerySet[Question]:
    return Question.objects.waiting().filter(of(agents), office__role=Role.HR_OFFICER)


WAITING = WaitingSource(
    service="questions",
    key="question",
    label=_("Question"),
    icon="message-circle-question-mark",
    rows=_rows,
    address=lambda pk: reverse("questions:page", args=[pk]),
)
