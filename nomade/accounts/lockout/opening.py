"""« Ouvrir cet appareil »: a code of the support makes one browser a known one, and opens nothing else."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts.backends import account_named, full_address
from nomade.accounts.lockout.models import DeviceCode
from nomade.accounts.models import Account
from nomade.accounts.notices import Event, tell
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.ids import UNAMBIGUOUS

SIGNS = 12


@transaction.atomic
def give_device_code(account: Account, *, actor: int | None, request: HttpRequest | None = None) -> str:
    """A code of 12 unambiguous signs (58 bits), used once within minutes; a former one is void. The agent is told."""
    signs = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(SIGNS))
    DeviceCode.objects.filter(account=account).delete()
    end = now() + timedelta(minutes=settings.NOMADE.lockout.device_code_minutes)
    DeviceCode.objects.create(digest=_digest(account.pk, signs), account=account, expires_at=end)
    audit.record("device.code_given", actor=actor, subject=account.agent_id, request=request)
    minutes = settings.NOMADE.lockout.device_code_minutes
    tell(
        account.agent,
        Event.DEVICE_CODE,
        _("Il vaut %(minutes)s min, et ne remplace pas le mot de passe.") % {"minutes": minutes},
    )
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


@transaction.atomic
def use_device_code(request: HttpRequest, login: str, code: str) -> Account | None:
    """The account whose code this is, used up now; None for a wrong, late or used one, as for an unknown login."""
    account = account_named(full_address(login))
    digest = _digest(account.pk if account else 0, code.upper().replace("-", "").replace(" ", ""))
    used, _rows = DeviceCode.objects.filter(digest=digest, expires_at__gt=now()).delete()
    if not used or account is None:
        audit.record("device.refused", actor=None, subject=account.agent_id if account else None, request=request)
        return None
    audit.record("device.opened", actor=account.agent_id, subject=account.agent_id, request=request)
    return account


def _digest(account: int, signs: str) -> str:
    return hashlib.sha256(f"{account}:{signs}".encode()).hexdigest()
