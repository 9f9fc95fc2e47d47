"""The end of what training knows of an agent: some years after they have left.

Sessions, their counts and what was noted of exposures to risks stay: the first say nothing of a person, the last are
for occupational medicine to end.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from nomade.cases.purging import forget
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.kernel.months import add_months
from nomade.people.models import Agent
from nomade.training.actions.outside import CASE as OUTSIDE_CASE
from nomade.training.actions.seats import CASE
from nomade.training.models import Credit, Enrolment, FirstRecall, Habilitation, OutsideRequest, Skill
from nomade.training.models.catalogue import Favourite

# A statement of a reasonable size.
AT_ONCE = 200
_OWNED = (Enrolment, OutsideRequest)
_HELD = (Habilitation, Skill, Favourite, FirstRecall)


def _over(day: date) -> QuerySet[Agent]:
    """Those who left long enough ago, of whom something is known."""
    known = Q()
    for model, owner in (*((one, "owner") for one in _OWNED), *((one, "agent") for one in _HELD)):
        known |= Q(Exists(model._default_manager.filter(**{owner: OuterRef("pk")})))  # noqa: SLF001
    last = add_months(day, -12 * settings.NOMADE.training_kept_years)
    return Agent.objects.filter(known, exit_date__lt=last).order_by("pk")


def due(day: date) -> int:
    """How many agents' training would be forgotten."""
    return _over(day).count()


@transaction.atomic
def purge(day: date) -> int:
    """Deletes the training of those who left long enough ago; returns of how many agents. Safe to run twice."""
    count = 0
    while ids := list(_over(day).values_list("pk", flat=True)[:AT_ONCE]):
        _forget(ids)
        count += len(ids)
    return count


def _forget(agents: list[int]) -> None:
    enrolments = Enrolment.objects.filter(owner__in=agents)
    outside = OutsideRequest.objects.filter(owner__in=agents)
    forget(CASE, list(enrolments.values_list("pk", flat=True)))
    forget(OUTSIDE_CASE, list(outside.values_list("pk", flat=True)))
    # One paper may have proved a skill and the habilitation that was made of it.
    papers = set(outside.values_list("quote", flat=True))
    for held in (Habilitation.objects.filter(agent__in=agents), Skill.objects.filter(agent__in=agents)):
        papers |= set(held.values_list("proof", flat=True))
    Credit.objects.filter(enrolment__in=enrolments).delete()
    enrolments.delete()
    outside.delete()
    for model in _HELD:
        model._default_manager.filter(agent__in=agents).delete()  # noqa: SLF001
    for file in StoredFile.objects.filter(pk__in=papers - {None}):
        store.delete(file)
