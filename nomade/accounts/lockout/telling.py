"""What an agent is told of a sign-in that looks odd (ASVS 6.3.5)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts import notices
from nomade.accounts.devices import device_name
from nomade.accounts.lockout.door import Knock
from nomade.accounts.lockout.rules import Kind
from nomade.accounts.models import Account
from nomade.kernel.compiled import Compiled
from nomade.kernel.http import PortalRequest, Zone
from nomade.kernel.models import AuditEvent


def tell_of_sign_in(request: HttpRequest, account: Account, knock: Knock) -> None:
    """Tells of failures followed by a success, else of an unknown browser outside; before the success is noted.

    Inside, people change computers all day: a new one is not news. Nor is the very first sign-in.
    """
    if knock.failures_before >= settings.NOMADE.lockout.notice_failures:
        said = _("%(count)d essais avaient échoué juste avant, avec %(device)s.")
        detail = said % {"count": knock.failures_before, "device": _device(request)}
        notices.tell(account.agent, notices.Event.FAILURES_THEN_SUCCESS, detail)
    elif knock.kind is Kind.UNKNOWN and _signed_in_before(account):
        detail = _("Appareil : %(device)s.") % {"device": _device(request)}
        notices.tell(account.agent, notices.Event.NEW_DEVICE, detail)


_accepted: Compiled[int] = Compiled(
    lambda agent: AuditEvent.objects.filter(subject_id=agent, event="sign_in.accepted").values_list("pk", flat=True)[:1]
)


def _signed_in_before(account: Account) -> bool:
    return _accepted.first(agent=account.agent_id) is not None


def _device(request: HttpRequest) -> str:
    """« Firefox sur Android, hors du réseau professionnel »."""
    outside = cast(PortalRequest, request).zone is Zone.INTERNET
    place = _("hors du réseau professionnel") if outside else _("sur le réseau professionnel")
    return f"{device_name(request.headers.get('User-Agent', ''))}, {place}"
