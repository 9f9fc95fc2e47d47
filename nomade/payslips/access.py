"""The only ways to a pay slip: one's own, once released. Absent and forbidden look the same."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from nomade.files import store
from nomade.kernel.clock import now
from nomade.kernel.encryption import unseal
from nomade.payslips.models import Payslip, as_bytes
from nomade.payslips.work import net_context
from nomade.people.models import Agent


def payslips_of(agent: Agent) -> QuerySet[Payslip]:
    """The released slips of an agent, latest first; sealed amounts are not loaded."""
    return Payslip.objects.of(agent).visible(now()).latest_first().defer("net_sealed")


def payslip_for(agent: Agent, payslip_id: UUID) -> Payslip:
    """One released slip of this very agent. Raises Http404 for anybody else's: no role opens a slip here."""
    found = Payslip.objects.of(agent).visible(now()).select_related("file").filter(pk=payslip_id).first()
    if found is None:
        raise Http404
    return found


def net_of(payslip: Payslip) -> Decimal | None:
    """The net paid, or None when the slip does not tell it. Raises `DecryptionFailed`."""
    sealed = as_bytes(payslip.net_sealed)
    if not sealed:
        return None
    return Decimal(unseal(sealed, context=net_context(payslip.pk, payslip.agent_id)).decode())


def content_of(payslip: Payslip) -> bytes:
    """The PDF as the payroll made it. Raises `DocumentDamaged` or `DocumentUnavailable`."""
    return store.read(payslip.file)
