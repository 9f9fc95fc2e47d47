"""Do the mail servers answer? Asked by a job for the page of the support, never while a page is made."""

from __future__ import annotations

import logging
import socket

from django.conf import settings

from mailkit.endpoints import Endpoint

log = logging.getLogger(__name__)
SECONDS = 2.0


def mailboxes() -> bool:
    """Whether the IMAP server takes a connection."""
    return _answers(settings.NOMADE.imap_url)


def outgoing() -> bool:
    """Whether the SMTP server takes a connection."""
    return _answers(settings.NOMADE.smtp_url)


def _answers(url: str) -> bool:
    try:
        endpoint = Endpoint.parse(url)
        socket.create_connection((endpoint.host, endpoint.port), timeout=SECONDS).close()
    except (ValueError, OSError) as error:
        log.info("mail server url=%s does not answer: %s", url.rpartition("@")[2], error)
        return False
    return True
