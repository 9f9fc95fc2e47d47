"""Pictures of a letter that is being written, on the content host: never in our own origin, even one's own files."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mailkit.imap import MessageRef
from nomade.accounts.access import is_signed_in
from nomade.kernel.http import public
from nomade.mail import links
from nomade.mail.models import OutgoingAttachment
from nomade.mail.reading.isolation import SHOWN_PICTURES, isolated
from nomade.people.models import Agent


def address_of(agent: Agent, file: OutgoingAttachment) -> str:
    """Where the writing page finds a picture of its draft."""
    return links.address("draft", agent, MessageRef("", 0, 0), str(file.pk))


@public
@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """A picture of a draft of the agent that the signed address names."""
    found = links.opened("draft", token)
    file = OutgoingAttachment.objects.filter(pk=uuid.UUID(found.section), message__agent=found.agent).first()
    if file is None or file.content_type not in SHOWN_PICTURES or not is_signed_in(found.agent):
        raise Http404
    response = HttpResponse(file.content(), content_type=file.content_type)
    response["Content-Disposition"] = "inline"
    return isolated(response)
