"""The only ways in: whose mailbox, which message, which letter on its way. What is forbidden looks absent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from mailkit.imap import MessageRef
from mailkit.imap.roles import fold
from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled, within
from nomade.kernel.http import is_fragment
from nomade.mail.gateway import KeyNeeded
from nomade.mail.models import (
    Contact,
    ContactGroup,
    Done,
    Label,
    MailIdentity,
    OutgoingMessage,
    OutgoingState,
    TrustedSender,
    Written,
)
from nomade.mail.opening import note_opening
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

P = ParamSpec("P")
_KEY = re.compile(r"(\d{1,10})-(\d{1,10})", re.ASCII)
INBOX = "INBOX"
_RECENT = timedelta(days=14)
_named = Compiled(
    lambda names: Agent.objects.filter(sort_name__in=within(names, "text")).values_list("sort_name", flat=True)[:20]
)


def has_mail(request: object) -> bool:
    """Whether the person of a request has a professional mailbox."""
    agent = getattr(request, "agent", None)
    return isinstance(agent, Agent) and bool(agent.mail_address)


def shows_mail(request: HttpRequest) -> bool:
    """Whether the menu shows the mail: on a public page too, where nobody is asked to sign in but somebody may be."""
    if hasattr(request, "agent"):
        return has_mail(request)
    return request.user.is_authenticated and bool(request.user.agent.mail_address)


def mailbox_required(
    view: Callable[Concatenate[AgentRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """404 for an agent without mailbox: for them the service does not exist."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not has_mail(request):
            raise Http404
        try:
            answer = view(request, *args, **kwargs)  # type: ignore[arg-type]
        except KeyNeeded:
            if request.method not in ("GET", "HEAD") or request.headers.get("X-Background"):
                raise
            return ask_key(request)
        note_opening(request.user, answer.status_code)  # type: ignore[arg-type]  # signed in: `has_mail` says so
        return answer

    return checked


def ask_key(request: HttpRequest) -> HttpResponse:
    """Where the owner of a mailbox says what opens it, then goes on to what was asked for."""
    address = reverse("mail:unlock") + "?" + urlencode({"suite": request.get_full_path()})
    if is_fragment(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def folder_of(request: HttpRequest) -> str:
    """The folder that an address names, the inbox by default. The mail server says whether it exists."""
    return request.GET.get("dossier", "") or INBOX


def reference(folder: str, key: str) -> MessageRef:
    """The message that an address names (`<uidvalidity>-<uid>`); it is looked for in the agent's own mailbox only."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise Http404
    return MessageRef(folder, int(found[1]), int(found[2]))


def key_of(ref: MessageRef) -> str:
    """The reverse of `reference`, without the folder."""
    return f"{ref.uidvalidity}-{ref.uid}"


def outgoing_of(agent: Agent, identifier: uuid.UUID) -> OutgoingMessage:
    """A letter of the agent on its way."""
    found = OutgoingMessage.objects.of(agent).filter(pk=identifier).first()
    if found is None:
        raise Http404
    return found


def done_of(agent: Agent, identifier: str) -> Done | None:
    """What the agent has just done to messages, as the address after it names it; None for anything else."""
    try:
        key = uuid.UUID(identifier)
    except ValueError:
        return None
    return Done.objects.filter(agent=agent, pk=key).first()


def label_of(agent: Agent, identifier: int) -> Label:
    """A label of the agent."""
    found = Label.objects.filter(agent=agent, pk=identifier).first()
    if found is None:
        raise Http404
    return found


def draft_of_message(agent: Agent, message_id: str) -> OutgoingMessage | None:
    """The draft whose copy is the message of this Message-ID, if it is one of ours."""
    return OutgoingMessage.objects.of(agent).filter(message_id=message_id, state=OutgoingState.DRAFT).first()


def drafts_of(agent: Agent, *, answers: dict[str, str]) -> list[tuple[OutgoingMessage, Written]]:
    """The latest drafts of the same letter: those that answer the same message, or those that answer none."""
    recent = OutgoingMessage.objects.of(agent).filter(
        state=OutgoingState.DRAFT, revision__gt=0, changed_at__gt=now() - _RECENT
    )
    found = [(letter, letter.written()) for letter in recent.order_by("-changed_at")[:10]]
    return [(letter, written) for letter, written in found if written.answers == answers][:3]


def contact_of(agent: Agent, identifier: uuid.UUID) -> Contact:
    """A contact of the agent's own."""
    found = Contact.objects.of(agent).filter(pk=identifier).first()
    if found is None:
        raise Http404
    return found


def trusted_of(agent: Agent, identifier: int) -> TrustedSender:
    """A sender whose pictures the agent shows."""
    found = TrustedSender.objects.filter(agent=agent, pk=identifier).first()
    if found is None:
        raise Http404
    return found


def group_of(agent: Agent, identifier: uuid.UUID) -> ContactGroup:
    """A group of the agent's own."""
    found = ContactGroup.objects.filter(agent=agent, pk=identifier).first()
    if found is None:
        raise Http404
    return found


def namesakes(name: str) -> set[str]:
    """The names, folded and in alphabetical order of their words, of the agents who bear this one."""
    words = fold(name).split()
    if not 2 <= len(words) <= 5:
        return set()
    orders = {" ".join([*words[at:], *words[:at]]) for at in range(len(words))}
    found = _named.rows(names=sorted(orders))
    return {" ".join(sorted(each.split())) for each in found}


def identity_for(agent: Agent, identifier: uuid.UUID) -> MailIdentity:
    """An identity of the agent's own."""
    found = MailIdentity.objects.of(agent).filter(pk=identifier).first()
    if found is None:
        raise Http404
    return found
