"""The rules of the content host: for whom an address opens, and under which policy."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404
from django.http.response import HttpResponseBase

from nomade.accounts.access import is_signed_in
from nomade.kernel.hosts import origin
from nomade.mail import links
from nomade.people.models import Agent

Answer = TypeVar("Answer", bound=HttpResponseBase)
SHOWN_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def agent_of(found: links.Pass) -> Agent:
    """The agent of a signed address, which opens nothing more once they have signed out or are locked."""
    agent = Agent.objects.filter(pk=found.agent).first()
    if agent is None or not agent.mail_address or not is_signed_in(agent.pk):
        raise Http404
    return agent


def isolated(response: Answer, *, remote: bool = False) -> Answer:
    """The policy of what strangers wrote: nothing runs, nothing is fetched but our own pictures, nobody else frames.

    `remote`: the reader asked for the pictures of this message.
    """
    ancestors = f"{origin('portal')} {origin('webmail')}"
    pictures = "'self' data: https:" if remote else "'self' data:"
    response["Content-Security-Policy"] = (
        f"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src {pictures}; "
        f"style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    # `frame-ancestors` above says it better: X-Frame-Options cannot name two hosts.
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response
