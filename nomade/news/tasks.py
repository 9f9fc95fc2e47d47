"""Jobs of the news."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from nomade.news import actions


@app.task
def announce(article: str) -> None:
    """At the moment of publication, tells those whom an article concerns."""
    actions.announce(uuid.UUID(article))
