"""What may answer a question before it is asked: the helps of the services, and what services offer as answers."""

from __future__ import annotations

import logging

from nomade.cases.helps import passages_like
from nomade.kernel.errors import Unavailable
from nomade.kernel.registry import SearchResult, services_open_to
from nomade.people.http import AgentRequest

log = logging.getLogger("nomade.questions")
MOST = 4


def proposals(request: AgentRequest, typed: str) -> list[SearchResult]:
    """The best passages first, then the pages of the services; nothing for a few letters."""
    found = [
        SearchResult(passage.title, f"{passage.label} : {passage.beginning}", passage.url, "circle-help")
        for passage in passages_like(typed, MOST)
    ]
    for service in services_open_to(request):
        if service.answers is None or len(found) >= MOST:
            continue
        try:
            found += service.answers(request, typed)
        except Unavailable as error:  # one that is down hides no other
            log.warning("answers service=%s system=%s", service.key, error.system)
    return found[:MOST]
