"""The end of absences: five years after their own, then a summary where rights still count them.

Rights of health and of family, and unpaid leave, are counted over a career (CMO over a year, CLM over four, CLD once a
disease, parental leave by child): their days and kind stay as long as the agent does, without reasons nor documents
(« arrêts de travail : 5 ans, puis relevé de carrière »). Of an agent who has left everything goes.
"""

from __future__ import annotations

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from nomade.cases.models import CaseEvent, CaseMessage, CaseState
from nomade.cases.purging import forget
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.leave.access import KIND
from nomade.leave.actions.extra import KIND as EXTRA
from nomade.leave.actions.savings import KIND as SAVING
from nomade.leave.models import (
    AccountChoice,
    Correction,
    Counter,
    DayException,
    ExpiryNotice,
    ExtraHours,
    HealthLeave,
    LeaveDocument,
    LeaveRequest,
    LedgerEntry,
    PayrollLine,
    SavingRequest,
    TimeAnswer,
    TimeLine,
)
from nomade.leave.models.choices import Group
from nomade.leave.models.requests import LeaveRequestQuerySet

# A statement of a reasonable size.
AT_ONCE = 500
#: Families of absences that rights of a whole career are counted from.
_OF_A_CAREER = (Group.HEALTH, Group.FAMILY, Group.UNPAID)
_FORGOTTEN = "Absence dont la demande n’est plus conservée"
_APPEND_ONLY = tuple(f"leave.{name}:append_only" for name in ("LedgerEntry", "PayrollLine", "TimeLine", "TimeAnswer"))


def _first_kept(day: date) -> date:
    """The first day whose absences are still kept: whole civil years."""
    return date(day.year - settings.NOMADE.leave_kept_years, 1, 1)


def _of_a_career(before: date) -> Q:
    serving = Q(owner__exit_date__isnull=True) | Q(owner__exit_date__gte=before)
    counted = Q(leave_type__group__in=_OF_A_CAREER) | Q(health__isnull=False)
    return serving & counted & Q(state=CaseState.APPROVED)


def _to_delete(before: date) -> LeaveRequestQuerySet:
    return LeaveRequest.objects.filter(last_day__lt=before).exclude(_of_a_career(before)).order_by("pk")


def _to_reduce(before: date) -> LeaveRequestQuerySet:
    """Those that stay, and of which more than the days and the kind is left."""
    about = {"kind": KIND, "case_id": OuterRef("pk")}
    more = ~Q(comment="", details={}, decision_reason="", change_reason="")
    more |= Q(Exists(LeaveDocument.objects.filter(request=OuterRef("pk"))))
    more |= Q(Exists(CaseMessage.objects.filter(**about))) | Q(Exists(CaseEvent.objects.filter(**about)))
    return LeaveRequest.objects.filter(_of_a_career(before), more, last_day__lt=before).order_by("pk")


def due(day: date) -> int:
    """How many absences would go, or lose their reasons and documents."""
    before = _first_kept(day)
    return _to_delete(before).count() + _to_reduce(before).count()


@transaction.atomic
def purge(day: date) -> int:
    """Deletes what is over, or what it says beyond days; returns how many absences. Safe to run twice."""
    before = _first_kept(day)
    count = 0
    with pgtrigger.ignore(*_APPEND_ONLY, "leave.ExpiryNotice:append_only"):
        while ids := list(_to_delete(before).values_list("pk", flat=True)[:AT_ONCE]):
            _delete(ids)
            count += len(ids)
        while ids := list(_to_reduce(before).values_list("pk", flat=True)[:AT_ONCE]):
            _reduce(ids)
            count += len(ids)
        _purge_counters(before)
    _purge_around(before)
    return count


def _delete(ids: list[uuid.UUID]) -> None:
    # The movements of an account that lasts stay, and so does its sum.
    LedgerEntry.objects.filter(request__in=ids).update(request=None, reason=_FORGOTTEN)
    for model in (PayrollLine, TimeLine, TimeAnswer, HealthLeave):
        model._default_manager.filter(request__in=ids).delete()  # noqa: SLF001
    _delete_documents(ids)
    forget(KIND, ids)
    LeaveRequest.objects.filter(replaces__in=ids).update(replaces=None)
    LeaveRequest.objects.filter(pk__in=ids).delete()


def _reduce(ids: list[uuid.UUID]) -> None:
    _delete_documents(ids)
    forget(KIND, ids)
    kept = LeaveRequest.objects.filter(pk__in=ids)
    kept.update(comment="", details={}, decision_reason="", change_reason="")


def _delete_documents(ids: list[uuid.UUID]) -> None:
    documents = LeaveDocument.objects.filter(request__in=ids)
    files = list(StoredFile.objects.filter(pk__in=list(documents.values_list("file", flat=True))))
    documents.delete()
    for file in files:
        store.delete(file)


def _purge_counters(before: date) -> None:
    """The rights of years that are over for as long, with their movements and what was told about them."""
    unended = Q(expires_on__isnull=False, expires_on__gte=before)
    old = list(Counter.objects.filter(year__gt=0, year__lt=before.year).exclude(unended).values_list("pk", flat=True))
    for start in range(0, len(old), AT_ONCE):
        some = old[start : start + AT_ONCE]
        ExpiryNotice.objects.filter(counter__in=some).delete()
        LedgerEntry.objects.filter(counter__in=some).delete()
        Counter.objects.filter(pk__in=some).delete()


def _purge_around(before: date) -> None:
    """What was asked and decided about those years, beside absences."""
    for kind, asked in (
        (EXTRA, ExtraHours.objects.filter(day__lt=before)),
        (SAVING, SavingRequest.objects.filter(year__lt=before.year)),
    ):
        forget(kind, list(asked.values_list("pk", flat=True)))
        asked.delete()
    Correction.objects.filter(year__gt=0, year__lt=before.year).delete()
    AccountChoice.objects.filter(year__lt=before.year).delete()
    DayException.objects.filter(day__lt=before).delete()
