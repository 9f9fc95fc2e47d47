"""What is known of an agent's bank account; the only place that opens a sealed IBAN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

from nomade.accounts.access import sensitive_changes_closed_until
from nomade.accounts.models import Account
from nomade.cases.models import CaseState
from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.kernel.models import AuditEvent
from nomade.people.access import agents_in_perimeter
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.history import read_change
from nomade.personnel_file.models import BankChange, BankExport, DataChange, Field

# What makes somebody else perhaps the master of an account: bank details wait.
RESETS = ("password.recovered", "account.sensitive_closed", "factor.voided")
# A number changed lately may be a thief's: officers call the one before.
NUMBERS_TRUSTED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class KnownAccount:
    """The account that pay goes to, as anybody may see it: masked."""

    shown: str
    holder: str
    since: datetime | None
    from_payroll: bool


def seal_iban(pk: UUID, owner: int, iban: str) -> bytes:
    """An IBAN, bound to its row and to its owner."""
    return seal(iban.encode(), context=bank_context(pk, owner))


def iban_of(change: BankChange) -> str:
    """The whole IBAN: to compare, and for payroll; never for a page, but the one where its owner confirms it."""
    return unseal(bytes(change.sealed), context=bank_context(change.pk, change.owner_id)).decode()


def bank_context(pk: UUID, owner: int) -> bytes:
    """What an IBAN is bound to."""
    return f"bank-change:{pk}:{owner}".encode()


def digest_of(change: BankChange) -> str:
    """What binds a page to the IBAN that it shows."""
    return salted_hmac("nomade.bank", f"{change.pk}:{iban_of(change)}", algorithm="sha256").hexdigest()


def is_bound_to(change: BankChange, digest: str) -> bool:
    """Whether a form was sent from the page of this IBAN."""
    return constant_time_compare(digest, digest_of(change))


def shown(change: BankChange) -> str:
    """« •••• •••• •••• 0189 »."""
    return f"•••• •••• •••• {change.tail}".replace(" ", "\N{NO-BREAK SPACE}")


@dataclass(frozen=True)
class Accounts:
    """The account of today and the change under way."""

    known: KnownAccount | None
    under_way: BankChange | None


def bank_of(agent: Agent) -> Accounts:
    """Both, in one query."""
    rows = BankChange.objects.filter(owner=agent, state__in=[CaseState.APPROVED, CaseState.SUBMITTED])
    approved, under_way = None, None
    for row in rows.order_by("submitted_at"):
        if row.state == CaseState.APPROVED:
            approved = row
        else:
            under_way = row
    return Accounts(_known(approved) if approved else None, under_way)


def account_of(agent: Agent) -> KnownAccount | None:
    """The account that pay goes to: the last one that was approved."""
    change = approved_of(agent)
    return _known(change) if change else None


def _known(change: BankChange) -> KnownAccount:
    return KnownAccount(shown(change), change.holder, change.second_at or change.first_at, change.from_payroll)


def approved_of(agent: Agent) -> BankChange | None:
    """The change by which the account of today is known."""
    return BankChange.objects.filter(owner=agent, state=CaseState.APPROVED).order_by("-submitted_at").first()


def changes_of(agent: Agent) -> QuerySet[BankChange]:
    """An agent's own, latest first, without those that they never confirmed."""
    return BankChange.objects.filter(owner=agent, confirmed_at__isnull=False).order_by("-submitted_at")


def change_of(agent: Agent, change_id: UUID) -> BankChange:
    """One of the agent's own. Raises Http404."""
    found = BankChange.objects.filter(owner=agent, pk=change_id).select_related("owner").first()
    if found is None:
        raise Http404
    return found


def closed_until(account: Account) -> datetime | None:
    """Until when an account may not change after a lost password or a reset; None when nothing holds it."""
    hours = timedelta(hours=settings.NOMADE.file_bank_closed_hours)
    recent = AuditEvent.objects.filter(subject_id=account.agent_id, event__in=RESETS, at__gt=now() - hours)
    last = recent.order_by("-at").values_list("at", flat=True).first()
    ends = [end for end in (sensitive_changes_closed_until(account), last + hours if last else None) if end]
    return max(ends, default=None)


def desk_changes(officer: Agent) -> QuerySet[BankChange]:
    """The confirmed changes of a pay officer's perimeter; never their own."""
    inside = agents_in_perimeter(officer, Role.PAY_OFFICER)
    return (
        BankChange.objects.filter(owner__in=inside.values("pk"), confirmed_at__isnull=False, from_payroll=False)
        .exclude(owner=officer)
        .select_related("owner", "first_officer", "second_officer", "refused_by", "export", "piece")
        .order_by("cooling_until")
    )


def desk_change(officer: Agent, change_id: UUID) -> BankChange:
    """One of them. Raises Http404."""
    found = desk_changes(officer).filter(pk=change_id).first()
    if found is None:
        raise Http404
    return found


def to_give(officer: Agent) -> QuerySet[BankChange]:
    """The approved accounts that payroll does not know yet."""
    return desk_changes(officer).filter(state=CaseState.APPROVED, export__isnull=True)


def exports_of(officer: Agent) -> QuerySet[BankExport]:
    """The files that this officer made."""
    return BankExport.objects.filter(author=officer).order_by("-number")


def number_to_call(agent: Agent) -> str:
    """The mobile that was known before any recent change: the one to call to make sure."""
    since = now() - NUMBERS_TRUSTED_AFTER
    first = DataChange.objects.filter(agent=agent, field=Field.MOBILE, at__gte=since).order_by("at").first()
    if first is None:
        return agent.mobile
    return read_change(first).before
