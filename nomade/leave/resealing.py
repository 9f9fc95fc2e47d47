"""Sealing the exact kinds of health absences anew under the current key."""

from __future__ import annotations

from nomade.files.rotation import current_version
from nomade.kernel.encryption import key_version, seal, unseal
from nomade.leave.actions.health import context_of
from nomade.leave.models import HealthLeave


def reseal_health() -> int:
    """Returns how many rows changed; run again, it goes on."""
    wanted, changed = current_version(), 0
    for one in HealthLeave.objects.select_related("request").order_by("pk").iterator(chunk_size=500):
        sealed = bytes(one.sealed)
        if key_version(sealed) == wanted:
            continue
        context = context_of(one.request)
        changed += HealthLeave.objects.filter(pk=one.pk, sealed=sealed).update(
            sealed=seal(unseal(sealed, context=context), context=context)
        )
    return changed
