"""The first opening of a mailbox is noted, once."""

from __future__ import annotations

from datetime import datetime

from nomade.accounts.models import Account
from nomade.kernel.testing import count_queries
from nomade.mail.testing import Box


def opened_at(box: Box) -> datetime | None:
    return Account.objects.get(agent=box.agent).mailbox_opened_at


def test_the_first_opening_of_a_mailbox_is_noted_once(box: Box) -> None:
    assert opened_at(box) is None
    assert box.client.get("/messagerie/").status_code == 200
    first = opened_at(box)
    assert first is not None
    with count_queries(at_most=12) as asked:
        box.client.get("/messagerie/")
    assert not any("mailbox_opened_at" in query["sql"] for query in asked if query["sql"].startswith("UPDATE"))
    assert opened_at(box) == first
