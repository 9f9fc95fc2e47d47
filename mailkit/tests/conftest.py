"""The contract of the mail servers holds on three of them: rich, poor, and as Exchange is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailkit.tests.exchange_level import exchange_level

if TYPE_CHECKING:
    from nomade.runtime.mailserver import MailSettings


@pytest.fixture(scope="session", params=["dovecot", "pymap", "exchange"])
def mail_server(request: pytest.FixtureRequest) -> Iterator[MailSettings]:
    """Dovecot; pymap; Dovecot behind a proxy that leaves it UIDPLUS, MOVE and IDLE only."""
    if request.param != "exchange":
        yield request.getfixturevalue(request.param)
        return
    servers: MailSettings = request.getfixturevalue("dovecot")
    with exchange_level(servers.imap_port) as port:
        yield replace(servers, imap_port=port)
