"""Reading the mail."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mailkit.html import text as plain_text
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.mail import gateway, links, wording
from nomade.mail.access import folder_of, mailbox_required, reference
from nomade.mail.models import FOR_THE_AGENT, ON_THE_WAY, OutgoingMessage
from nomade.mail.reading import opening, snapshot
from nomade.mail.reading.opening import Opened
from nomade.people.http import AgentRequest


def page_number(request: AgentRequest) -> int:
    """The page asked for, 1 for anything odd."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 1


def query_of(folder: str, number: int = 1) -> str:
    """The end of an address: the folder and the page, when they are not the first ones."""
    values = ({} if opening.is_inbox(folder) else {"dossier": folder}) | ({} if number == 1 else {"page": str(number)})
    return "?" + urlencode(values) if values else ""


def panes(request: AgentRequest, opened: Opened, **more: object) -> HttpResponse:
    """The page of three panes, or only the panes when htmx asks."""
    states = [row["state"] for row in OutgoingMessage.objects.of(request.agent).unfinished().values("state")]
    shown = (opened.message.subject or _("(sans objet)")) if opened.message else opened.current.label
    context = {
        "opened": opened,
        "title": f"{shown} · {_('Messagerie')}",
        "fragment": is_fragment(request),
        "query": query_of(opened.page.folder, opened.page.number),
        "query_of": query_of,
        "mail_date": wording.mail_date,
        "decoded_size": wording.decoded_size,
        "frame": None,
        "blocks": [],
        "waiting": sum(state in ON_THE_WAY for state in states),
        "stuck": sum(state in FOR_THE_AGENT for state in states),
        **more,
    }
    return render(request, "mail/index.html", context, block="panes")


@require_safe
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """A folder, the inbox by default."""
    return panes(request, opening.open_folder(request.agent, folder_of(request), page_number(request)))


@require_safe
@mailbox_required
def message(request: AgentRequest, key: str) -> HttpResponse:
    """A message beside its folder; opening it marks it as read."""
    ref = reference(folder_of(request), key)
    opened = opening.open_message(request.agent, ref, page_number(request))
    assert opened.message is not None
    if not opened.message.seen:
        snapshot.forget(request.agent)
    frame = links.address("body", request.agent, ref) if opened.message.has_html else None
    blocks = [] if frame else plain_text.blocks(opened.message.text or "")
    return panes(request, opened, frame=frame, blocks=blocks)


@require_safe
@mailbox_required
def attachment(request: AgentRequest, key: str, section: str) -> HttpResponse:
    """Sends to the content host, for a minute, the person whose mailbox holds the file."""
    ref = reference(folder_of(request), key)
    part = gateway.visit(request.agent, lambda session: session.find_part(ref, section))
    return HttpResponseRedirect(links.address("file", request.agent, ref, part.section))


@require_POST
@mailbox_required
def delete(request: AgentRequest, key: str) -> HttpResponse:
    """Moves a message to the trash; from the trash, deletes it for good."""
    ref = reference(folder_of(request), key)
    for_good = gateway.visit(request.agent, lambda session: session.delete([ref]), again=False)
    snapshot.forget(request.agent)
    said = _("Le message est supprimé définitivement.") if for_good else _("Le message est dans la corbeille.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("mail:index") + query_of(ref.folder, page_number(request)), status=303)


@require_POST
@mailbox_required
def mark_unread(request: AgentRequest, key: str) -> HttpResponse:
    """Makes a message unread again."""
    ref = reference(folder_of(request), key)
    gateway.visit(request.agent, lambda session: session.flag([ref], remove=("\\Seen",)))
    snapshot.forget(request.agent)
    messages.success(request, _("Le message est de nouveau non lu."))
    return HttpResponseRedirect(reverse("mail:index") + query_of(ref.folder, page_number(request)), status=303)
