"""Jobs of the notice channel."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from nomade.accounts.channel.mail import send_link


@app.task(retry=RetryStrategy(max_attempts=20, exponential_wait=3))
def send_address_link(account: int, email: str) -> None:
    """Sends the link that confirms a personal address."""
    send_link(account, email)
