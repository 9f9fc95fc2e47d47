"""Whether a password is in a public leak, asked without saying it, and never at the price of being locked out.

The service (`NOMADE_BREACHED_PASSWORDS_URL`) is given five signs of the SHA-1 and answers every ending it knows
(k-anonymity, as Have I Been Pwned). When it is slow, down or odd, the answer is « not known » and the journal says so.
"""

from __future__ import annotations

import hashlib
import http.client
import logging
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings

from nomade.accounts.models import Account, normalised
from nomade.kernel import audit

log = logging.getLogger("nomade.accounts")
PREFIX = 5
LARGEST_ANSWER = 1_000_000


def is_breached(password: str, account: Account) -> bool:
    """Whether the service knows a password; False without a service, or when it does not answer."""
    address = settings.NOMADE.breached_passwords_url
    if not address:
        return False
    digest = hashlib.sha1(normalised(password).encode(), usedforsecurity=False).hexdigest().upper()
    try:
        answer = _ask(address.rstrip("/") + "/" + digest[:PREFIX], settings.NOMADE.breached_passwords_seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.warning("breached passwords unreachable host=%s: %s", urlsplit(address).hostname, type(error).__name__)
        audit.record("password.breach_check_unreachable", actor=account.agent_id, subject=account.agent_id)
        return False
    return any(_counts(line, digest[PREFIX:]) for line in answer.splitlines())


def _ask(address: str, seconds: int) -> str:
    request = urllib.request.Request(address, headers={"Add-Padding": "true", "User-Agent": "Nomade"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310  # the setting is http(s) only
        if answer.status != http.client.OK:
            raise ValueError(f"status {answer.status}")
        body: bytes = answer.read(LARGEST_ANSWER)
    return body.decode("ascii")


def _counts(line: str, ending: str) -> bool:
    """A line is « ENDING:times »; padding lines say zero times."""
    known, _colon, times = line.strip().partition(":")
    return known.upper() == ending and times.strip().lstrip("0") != ""
