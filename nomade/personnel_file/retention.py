"""What leaves the personal file by itself, class by class (§ 7)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from nomade.files import store
from nomade.files.photos import delete_photo
from nomade.kernel.clock import now, today
from nomade.people.models import Agent
from nomade.personnel_file.models import BankChange, Consultation, EmergencyContact, WaitingPiece


@transaction.atomic
def purge_leavers() -> int:
    """Deletes the photograph and the emergency contacts of those who have left; returns how many rows went."""
    day = today()
    gone = EmergencyContact.objects.filter(agent__exit_date__lt=day).delete()[0]
    leavers = Agent.objects.filter(exit_date__lt=day, photo__isnull=False)
    return gone + sum(delete_photo(agent) for agent in leavers)


# As long as the draft that they go with.
WAITING_PIECES = timedelta(days=30)


@transaction.atomic
def purge_waiting_pieces() -> int:
    """Deletes the documents of forms that nobody sent; returns how many."""
    old = list(WaitingPiece.objects.filter(at__lt=now() - WAITING_PIECES).select_related("stored"))
    for piece in old:
        piece.delete()
        store.delete(piece.stored)
    return len(old)


# Typed and never confirmed: nothing of it is worth keeping.
UNCONFIRMED = timedelta(days=1)


@transaction.atomic
def purge_unconfirmed_accounts() -> int:
    """Deletes the accounts that their owner typed and never confirmed; returns how many."""
    old = BankChange.objects.filter(confirmed_at__isnull=True, from_payroll=False, submitted_at__lt=now() - UNCONFIRMED)
    forgotten = list(old.select_related("piece"))
    for change in forgotten:
        change.delete()
        if change.piece is not None:
            store.delete(change.piece)
    return len(forgotten)


def consultations_kept_from(day: date) -> date:
    """The first day whose consultations are still kept."""
    months = day.year * 12 + day.month - 1 - settings.NOMADE.file_consultation_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, 28))


@transaction.atomic
def purge_consultations() -> int:
    """Deletes the traces of reading that are older than the law wants; returns how many."""
    return Consultation.objects.filter(at__date__lt=consultations_kept_from(today())).delete()[0]
