"""The end of a personal file (80 years from birth) and of an account (10 years after its last transfer).

Public archives leave only with the visa of who keeps them (Code du patrimoine, L.212-2): a list is shown first, its
visa is given with the order, and the journal keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import DateField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from nomade.cases.models import CaseState
from nomade.cases.purging import forget
from nomade.files import store
from nomade.kernel import audit
from nomade.kernel.clock import PARIS
from nomade.people.models import Agent
from nomade.personnel_file.actions import bank, changes
from nomade.personnel_file.models import (
    BankChange,
    ChangeRequest,
    Child,
    CivilStatus,
    DataChange,
    DisabilityRecognition,
    EmergencyContact,
    Title,
)
from nomade.personnel_file.rules.archives import ACCOUNT_YEARS, account_ends_on, born_before

# What a file is made of, beside its requests and accounts.
_FACTS = (DisabilityRecognition, CivilStatus, Child, Title, EmergencyContact, DataChange)


@dataclass(frozen=True)
class Due:
    """What has reached the end of its retention."""

    files: list[Agent]
    accounts: list[BankChange]


def due(day: date) -> Due:
    """The files and the accounts that must no longer be kept on a day; an unknown birth keeps the file."""
    return Due(_files(day), _closed_accounts(day))


def _files(day: date) -> list[Agent]:
    ended = Agent.objects.filter(birth_date__lte=born_before(day), exit_date__lt=day)
    holding = Q(pk__in=ChangeRequest.objects.values("owner"))
    for model in _FACTS:
        holding |= Q(pk__in=model._default_manager.values("agent"))  # noqa: SLF001
    return list(ended.filter(holding).order_by("matricule"))


def _closed_accounts(day: date) -> list[BankChange]:
    """The accounts that no pay goes to any more, since more than ten years."""
    later = BankChange.objects.filter(
        owner=OuterRef("owner"), state=CaseState.APPROVED, submitted_at__gt=OuterRef("submitted_at")
    )
    replaced = Subquery(later.order_by("submitted_at").values(day=TruncDate("submitted_at", tzinfo=PARIS))[:1])
    over = BankChange.objects.exclude(state=CaseState.SUBMITTED)
    over = over.filter(submitted_at__year__lte=day.year - ACCOUNT_YEARS).select_related("owner", "piece")
    found = over.annotate(replaced_on=Coalesce(replaced, "owner__exit_date", output_field=DateField()))
    kept: list[BankChange] = []
    for change in found.order_by("owner__matricule", "submitted_at"):
        used = change.state == CaseState.APPROVED
        last = change.replaced_on if used else change.submitted_at.astimezone(PARIS).date()
        if last is not None and account_ends_on(last) < day:
            kept.append(change)
    return kept


@transaction.atomic
def purge(day: date, *, visa: str) -> Due:
    """Deletes what is due, documents included; returns what went. Safe to run twice."""
    found = due(day)
    for agent in found.files:
        _forget_file(agent)
        audit.record("file.purged", actor=None, subject=agent.pk, visa=visa)
    for change in found.accounts:
        _forget_account(change)
        audit.record("bank.purged", actor=None, subject=change.owner_id, visa=visa, reference=change.reference)
    return found


def _forget_file(agent: Agent) -> None:
    requests = ChangeRequest.objects.filter(owner=agent)
    forget(changes.CASE, list(requests.values_list("pk", flat=True)))
    requests.delete()
    for model in _FACTS:
        model._default_manager.filter(agent=agent).delete()  # noqa: SLF001


def _forget_account(change: BankChange) -> None:
    forget(bank.CASE, [change.pk])
    piece = change.piece
    change.delete()
    if piece is not None:
        store.delete(piece)
