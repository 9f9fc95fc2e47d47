"""Giving a document to a browser so that it can only be kept, never run (security § 3, Serving)."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from django.http import HttpResponse

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def attachment(content: bytes, *, name: str, content_type: str = "application/octet-stream") -> HttpResponse:
    """An answer that downloads `content` under `name` (RFC 6266: a plain name for old readers, then UTF-8)."""
    response = HttpResponse(content, content_type=content_type)
    encoded = quote(_safe(name), safe="")
    response["Content-Disposition"] = f"attachment; filename=\"{_plain(name)}\"; filename*=UTF-8''{encoded}"
    return harden(response)


def preview(content: bytes, *, content_type: str) -> HttpResponse:
    """An image that the portal itself has drawn, shown inside a page."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = "inline"
    return harden(response)


def harden(response: HttpResponse) -> HttpResponse:
    """The headers of every served document: not guessed, not kept, not run, not framed."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = SANDBOX
    return response


def _safe(name: str) -> str:
    """The name without what could leave its folder or break a header."""
    return "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"') or "document"


def _plain(name: str) -> str:
    """The name in ASCII: accents dropped, any other sign replaced by a hyphen."""
    letters = unicodedata.normalize("NFKD", _safe(name).replace("œ", "oe"))
    kept = (sign for sign in letters if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "-" for sign in kept)
