"""Sealing the nets anew under the current key, some thousands at a time."""

from __future__ import annotations

from nomade.files.rotation import current_version
from nomade.kernel.encryption import key_version, seal, unseal
from nomade.payslips.models import Payslip, as_bytes
from nomade.payslips.work import net_context

AT_ONCE = 2000


def reseal_nets() -> int:
    """Returns how many rows changed; run again, it goes on."""
    wanted, changed, last = current_version(), 0, None
    while True:
        rows = Payslip.objects.exclude(net_sealed=b"").order_by("pk").only("pk", "agent_id", "net_sealed")
        page = list((rows.filter(pk__gt=last) if last else rows)[:AT_ONCE])
        if not page:
            return changed
        last = page[-1].pk
        old = [slip for slip in page if key_version(as_bytes(slip.net_sealed)) != wanted]
        for slip in old:
            context = net_context(slip.pk, slip.agent_id)
            slip.net_sealed = seal(unseal(as_bytes(slip.net_sealed), context=context), context=context)
        Payslip.objects.bulk_update(old, ["net_sealed"], batch_size=AT_ONCE)
        changed += len(old)
