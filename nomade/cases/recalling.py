"""« Relancer »: an agent without an answer reminds those who should have given one, the same way in every service."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from nomade.cases.models import CaseEvent
from nomade.cases.timeline import Step
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal

RECALLED = "recalled"


@dataclass(frozen=True)
class Followed:
    """What `follow_up` of `cases/_parts.html` draws: who answers, the steps, where the agent reminds if it is time."""

    desk: str
    steps: list[Step]
    recall: str = ""


def is_offered(steps: Iterable[Step], *, late: bool) -> bool:
    """Whether the page offers it: the promised day has come, and the agent reminded nobody these last days."""
    return late and not any(step.event == RECALLED and step.at > _since() for step in steps)


def refuse(kind: str, case_id: uuid.UUID, *, late: bool) -> None:
    """Raises Refusal while `is_offered` says no; to be called with the request locked."""
    before = CaseEvent.objects.filter(kind=kind, case_id=case_id, event=RECALLED, at__gt=_since())
    if not late or before.exists():
        said = _("Un rappel part une fois la date promise passée, puis tous les %(days)s jours au plus.")
        raise Refusal(said % {"days": settings.NOMADE.requests_recall_days})


def _since() -> datetime:
    return now() - timedelta(days=settings.NOMADE.requests_recall_days)
