"""The link by which one writes to somebody, a unit or a group."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from nomade.kernel.registry import services
from nomade.people.ports import Recipient

#: Beyond, programs of mail and servers refuse an address of this kind.
_LONGEST_MAILTO = 1800


def write_to(address: str) -> str:
    """Our own mail when the portal has it, else the program that the browser knows."""
    if not address:
        return ""
    return f"{reverse('mail:new')}?{urlencode({'a': address})}" if has_mail() else f"mailto:{address}"


def write_to_all(several: Recipient | None) -> str:
    """The same for a group or a unit, by its key: two hundred addresses do not fit in one of a browser."""
    if several is None or not several.addresses:
        return ""
    if has_mail():
        return f"{reverse('mail:new')}?{urlencode({'vers': several.key})}"
    written = "mailto:" + ",".join(address for _name, address in several.addresses)
    return written if len(written) <= _LONGEST_MAILTO else ""


def has_mail() -> bool:
    """Whether this portal has its own mail."""
    return any(service.key == "mail" for service in services())
