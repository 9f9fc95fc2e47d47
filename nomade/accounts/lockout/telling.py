"""What an agent is told of a sign-in that looks odd (ASVS 6.3.5)."""

from __future__ import annotations

import re
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.accounts import notices
from nomade.accounts.lockout.door import Knock
from nomade.accounts.lockout.rules import Kind
from nomade.accounts.models import Account
from nomade.kernel.http import PortalRequest
from nomade.kernel.models import AuditEvent

_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def tell_of_sign_in(request: HttpRequest, account: Account, knock: Knock) -> None:
    """Tells of failures followed by a success, else of an unknown browser outside; before the success is noted.

    Inside, people change computers all day: a new one is not news. Nor is the very first sign-in.
    """
    if knock.failures_before >= settings.NOMADE.lockout.notice_failures:
        said = _("%(count)d essais avaient échoué juste avant, avec %(device)s.")
        detail = said % {"count": knock.failures_before, "device": device_named(request)}
        notices.tell(account.agent, notices.Event.FAILURES_THEN_SUCCESS, detail)
    elif knock.kind is Kind.UNKNOWN and _signed_in_before(account):
        detail = _("Appareil : %(device)s.") % {"device": device_named(request)}
        notices.tell(account.agent, notices.Event.NEW_DEVICE, detail)


def _signed_in_before(account: Account) -> bool:
    return AuditEvent.objects.filter(subject_id=account.agent_id, event="sign_in.accepted").exists()


def device_named(request: HttpRequest) -> str:
    """« Firefox sur Android », as far as the browser says; nothing of what it sends is copied."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", said)), _("un navigateur"))
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    outside = cast(PortalRequest, request).zone == "internet"
    place = _("hors du réseau professionnel") if outside else _("sur le réseau professionnel")
    named = _("%(browser)s sur %(system)s") % {"browser": browser, "system": system} if system else browser
    return f"{named}, {place}"
