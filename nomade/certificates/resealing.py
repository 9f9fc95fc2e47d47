"""Sealing the frozen contents anew under the current key."""

from __future__ import annotations

from nomade.certificates.access import binding
from nomade.certificates.models import Certificate
from nomade.files.rotation import current_version
from nomade.kernel.encryption import key_version, seal, unseal


def reseal_contents() -> int:
    """Returns how many rows changed; run again, it goes on."""
    wanted, changed = current_version(), 0
    for one in Certificate.objects.only("pk", "agent_id", "content_sealed").order_by("pk").iterator(chunk_size=500):
        sealed = bytes(one.content_sealed)
        if key_version(sealed) == wanted:
            continue
        context = binding(one.pk, one.agent_id)
        changed += Certificate.objects.filter(pk=one.pk, content_sealed=sealed).update(
            content_sealed=seal(unseal(sealed, context=context), context=context)
        )
    return changed
