"""The link that shows that an address is one's own: signed, dated, for one account and one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

SALT = "nomade.accounts.channel"


@dataclass(frozen=True)
class AddressLink:
    """Whose account, and which address."""

    account_id: int
    email: str


def lifetime_hours() -> int:
    return int(settings.NOMADE.email_link_hours)


def token_for(account_id: int, email: str) -> str:
    """What the link carries; it can be read by whoever holds it, and changed by nobody."""
    return signing.dumps({"account": account_id, "email": email}, salt=SALT, compress=True)


def read(token: str) -> AddressLink | None:
    """What a link says, or None when it is forged, cut or too old."""
    try:
        found = signing.loads(token, salt=SALT, max_age=timedelta(hours=lifetime_hours()))
    except signing.BadSignature:
        return None
    return AddressLink(found["account"], found["email"])
