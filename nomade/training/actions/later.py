"""Some months later: asking the participants and who supervises them what is left of a training, and keeping it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.notifications.actions import notify
from nomade.people.access import supervisor_of
from nomade.people.models import Agent
from nomade.training.models import Credit, Enrolment, LaterEvaluation

#: Nobody is asked about what ended longer ago than this: nothing would be remembered.
TOO_LATE_MONTHS = 12
SIDES = tuple(LaterEvaluation.Side.values)


@transaction.atomic
def ask_later(day: date) -> int:
    """Asks about the sessions that ended some months ago, once; asks again, once, who did not answer. How many."""
    months = settings.NOMADE.training_later_months
    if not months:
        return 0
    followed = Credit.objects.select_for_update(of=("self",)).filter(minutes__gt=0)
    followed = followed.select_related("enrolment__owner", "enrolment__session__course")
    ended = Q(enrolment__session__last_day__range=(add_months(day, -TOO_LATE_MONTHS), add_months(day, -months)))
    count = 0
    for credit in followed.filter(ended, later_asked_on=None):
        credit.later_asked_on = day
        credit.save(update_fields=["later_asked_on"])
        _tell(credit.enrolment, SIDES)
        count += 1
    before = day - timedelta(days=settings.NOMADE.training_later_recall_days)
    silent = followed.filter(later_asked_on__lte=before, later_recalled_on=None).filter(
        enrolment__in=Enrolment.objects.annotate(answers=Count("later")).filter(answers__lt=len(SIDES))
    )
    for credit in silent:
        credit.later_recalled_on = day
        credit.save(update_fields=["later_recalled_on"])
        answered = set(credit.enrolment.later.values_list("side", flat=True))
        _tell(credit.enrolment, [side for side in SIDES if side not in answered])
        count += 1
    return count


def _tell(enrolment: Enrolment, sides: Iterable[str]) -> None:
    facts = {"title": enrolment.session.course.title, "name": enrolment.owner.full_name}
    if LaterEvaluation.Side.AGENT in sides:
        notify(
            enrolment.owner,
            kind="training.later",
            title=_("Que vous reste-t-il de « %(title)s » ?") % facts,
            url=reverse("training:later", args=[enrolment.pk]),
        )
    supervisor = supervisor_of(enrolment.owner) if LaterEvaluation.Side.SUPERVISOR in sides else None
    if supervisor is not None:
        notify(
            supervisor,
            kind="training.later",
            title=_("Qu’a apporté « %(title)s » à %(name)s ?") % facts,
            url=reverse("training:later-team", args=[enrolment.pk]),
        )


@transaction.atomic
def answer_later(enrolment: Enrolment, side: str, marks: Mapping[str, int], comment: str, *, by: Agent) -> None:
    """What is left of it, written or written again. Raises `Refusal` before it is asked, and for one's own as a head.

    A mark says what the training brought, never what the agent is worth: it is only shown as a mean.
    """
    asked = Credit.objects.filter(enrolment=enrolment, later_asked_on__isnull=False).exists()
    own = enrolment.owner_id == by.pk
    if not asked or own != (side == LaterEvaluation.Side.AGENT):
        raise Refusal(_("Cette question n’est pas encore posée."))
    LaterEvaluation.objects.update_or_create(
        enrolment=enrolment, side=side, defaults={**marks, "comment": comment.strip(), "at": now()}
    )
