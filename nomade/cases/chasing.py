"""A request that waits too long: who answers is reminded, then everybody above is told. Each once, by its timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from nomade.cases.lists import each_locked
from nomade.cases.models import CaseEvent
from nomade.cases.office_days import due_soon
from nomade.cases.timeline import note
from nomade.kernel.clock import now
from nomade.notifications.actions import notify_many
from nomade.people.models import Agent

REMINDED, ESCALATED = "reminded", "escalated"


def remind_then_escalate(
    waiting: QuerySet[Any, Any],
    kind: str,
    *,
    day: date,
    nearest: Callable[[Any], Iterable[Agent]],
    everybody: Callable[[Any], Iterable[Agent]],
    notice: str,
    url: Callable[[Any], str],
) -> int:
    """Reminds who answers, some working days before the promised one, then tells everybody once it is past; how many.

    `notice` is what its notices begin with: « certificate. » makes `certificate.due` and `certificate.late`.
    """
    return pursue(
        waiting.filter(promised_on__range=(day, due_soon(day))),
        kind,
        REMINDED,
        told=nearest,
        notice=f"{notice}due",
        title=lambda case: _("%(reference)s attend une réponse très bientôt") % {"reference": case.reference},
        url=url,
    ) + pursue(
        waiting.filter(promised_on__lt=day),
        kind,
        ESCALATED,
        told=everybody,
        notice=f"{notice}late",
        title=lambda case: _("%(reference)s est en retard") % {"reference": case.reference},
        url=url,
    )


def pursue(
    rows: QuerySet[Any, Any],
    kind: str,
    event: str,
    *,
    told: Callable[[Any], Iterable[Agent]],
    notice: str,
    title: Callable[[Any], str],
    url: Callable[[Any], str],
) -> int:
    """Tells some people of each request whose timeline has no such step yet, and writes it there; how many.

    Safe to run twice, and to run while somebody answers: each is locked, and looked at again, on its own.
    """
    before = CaseEvent.objects.filter(kind=kind, event=event, case_id=OuterRef("pk"))

    def act(case: Any, _moment: Any) -> None:
        note(kind, case.pk, event, actor=None)
        notify_many(told(case), kind=notice, title=title(case), url=url(case))

    return each_locked(rows.filter(~Exists(before)), act, now())
