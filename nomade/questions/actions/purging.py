"""Deleting the questions that were kept for long enough after they were closed."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from nomade.cases import purging
from nomade.cases.dialogues import DialogueStatus
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.questions.actions.questions import KIND
from nomade.questions.models import Question

# A transaction of a reasonable size; the rest follows in the next one.
AT_ONCE = 200
A_MONTH = timedelta(days=365) / 12


def old_questions() -> QuerySet[Question]:
    """Closed for longer than questions are kept."""
    before = now() - A_MONTH * settings.NOMADE.questions_kept_months
    return Question.objects.filter(status=DialogueStatus.CLOSED, closed_at__lt=before)


def purge(_day: date | None = None) -> int:
    """Deletes what is too old, by parts, and says so in the journal when there was any. Safe to run twice."""
    count = 0
    while ids := list(old_questions().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            purging.forget(KIND, ids)
            Question.objects.filter(pk__in=ids).delete()
        count += len(ids)
    if count:
        audit.record("question.purged", actor=None, subject=None, questions=count)
    return count
