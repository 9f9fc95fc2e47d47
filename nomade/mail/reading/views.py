"""Reading the mail: a folder, a message, and what is done to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mailkit.html import text as plain_text
from mailkit.imap import MessageRef
from mailkit.imap.listing import every
from nomade.kernel.errors import Refusal
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render
from nomade.mail import gateway, links, wording
from nomade.mail.access import done_of, mailbox_required, reference
from nomade.mail.reading import actions, ahead, extras, opening, search, snapshot
from nomade.mail.reading.actions import Deed
from nomade.mail.reading.kept import Kept
from nomade.mail.reading.opening import Opened
from nomade.mail.reading.outward import outward
from nomade.mail.reading.refused import said_in_place
from nomade.mail.reading.wanted import Wanted
from nomade.mail.writing import outgoing
from nomade.people.http import AgentRequest

MOST_TICKED = 500
CSRF = "csrfmiddlewaretoken"


def panes(request: AgentRequest, opened: Opened, **more: object) -> HttpResponse:
    """The page of three panes, or only the part that htmx asks for."""
    letters = opened.letters or outgoing.summary(request.agent)
    shown = (opened.message.subject or _("(sans objet)")) if opened.message else opened.current.label
    context = {
        "opened": opened,
        "wanted": opened.wanted,
        "title": f"{shown} · {_('Messagerie')}",
        "fragment": is_fragment(request),
        "mail_date": wording.mail_date,
        "decoded_size": wording.decoded_size,
        "mail_span": wording.span,
        "done": done_in(request, opened),
        "frame": None,
        "blocks": [],
        "waiting": letters.waiting,
        "stuck": letters.stuck,
        "leaving": letters.leaving,
        "extras": None,
        "quota_warning": settings.NOMADE.mail_quota_warning_percent,
        "kept": Kept(request, opened, letters.waiting, letters.stuck),
        **more,
    }
    return render(request, "mail/index.html", context, block="panes" if opened.page else "message")


def done_in(request: AgentRequest, opened: Opened) -> dict[str, object] | None:
    """What was just done, named in the address after a redirection."""
    found = done_of(request.agent, request.GET.get("fait", ""))
    if found is None:
        return None
    told = found.told()
    place = next((place.full_label for place in opened.places if place.folder.name == told["target"]), told["target"])
    label = next((label.name for label in opened.labels if label.keyword == told["target"]), told["target"])
    can_undo = actions.can_undo(told) and not found.undone
    return {"id": found.pk, "words": actions.sentence(told, str(place), label), "can_undo": can_undo}


@require_safe
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """A folder, the inbox by default; what is long to find in it is looked for elsewhere, step by step."""
    wanted = Wanted.of(request)
    if wanted.typed and search.is_long(wanted):
        return HttpResponseRedirect(reverse("mail:search") + wanted.query())
    try:
        opened = opening.open_folder(request.agent, wanted)
    except opening.LongSearch:
        return HttpResponseRedirect(reverse("mail:search") + wanted.query() + "&etape=0.0")
    if opened.named and opened.named != wanted.folder:
        return HttpResponseRedirect(reverse("mail:index") + wanted.query(folder=opened.named))
    return panes(request, opened)


@require_safe
@mailbox_required
@said_in_place
def message(request: AgentRequest, key: str) -> HttpResponse:
    """A message beside its folder; opening it marks it as read. htmx asks for the message alone."""
    wanted = Wanted.of(request)
    ref = reference(wanted.folder, key)
    alone = is_fragment(request) and "mail-message" in request.headers.get("HX-Target", "")
    opened = opening.open_message(request.agent, ref, wanted, alone=alone)
    assert opened.message is not None
    if not opened.message.seen:
        snapshot.forget(request.agent)
    ahead.fetch(request.agent, _next_ref(request, opened))
    around = extras.of(request.agent, opened, images="images" in request.GET)
    kind: links.Kind = "shown" if around.shows_remote else "body"
    frame = links.address(kind, request.agent, ref) if opened.message.has_html else None
    written = "" if frame else opened.message.text or ""
    blocks = plain_text.blocks(written) if written.strip() else []
    return panes(request, opened, frame=frame, blocks=blocks, extras=around, outward=outward(request.agent, ref))


def _next_ref(request: AgentRequest, opened: Opened) -> MessageRef | None:
    """The message to fetch ahead: the page says which one is below, or the list does."""
    key = request.headers.get("X-Next-Message", "")
    try:
        return reference(opened.wanted.folder, key) if key else opened.neighbour
    except Http404:
        return None


@require_safe
@mailbox_required
def attachment(request: AgentRequest, key: str, section: str) -> HttpResponse:
    """Sends to the content host, for a minute, the person whose mailbox holds the file."""
    ref = reference(Wanted.of(request).folder, key)
    part = gateway.visit(request.agent, lambda session: session.find_part(ref, section))
    return HttpResponseRedirect(links.address("file", request.agent, ref, part.section))


@require_POST
@mailbox_required
@said_in_place
def act(request: AgentRequest) -> HttpResponse:
    """Does something to the messages that are ticked, or to all those of the list."""
    wanted = Wanted.of(request)
    deed, refs = _asked(request, wanted)
    if not request.POST.get("accord") and actions.must_confirm(request.agent, refs, deed):
        sent = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF]
        return _confirming(request, wanted, len(refs), sent)
    done = actions.act(request.agent, refs, deed)
    if done is None:
        messages.info(request, _("Rien à changer : ces messages étaient déjà ainsi."))
    return _back(request, wanted, refs, deed, str(done.pk) if done else "")


def _confirming(request: AgentRequest, wanted: Wanted, count: int, sent: list[tuple[str, str]]) -> HttpResponse:
    """Asks once more before what cannot be undone, as the agent wished in the settings; everything is sent again."""
    context = {
        "count": count,
        "sent": sent,
        "act": reverse("mail:act") + wanted.query(),
        "back": reverse("mail:index") + wanted.query(),
    }
    answer = render(request, "mail/confirm.html", context, block="panes")
    # The address stays that of the list: this page is none that one can come back to.
    answer["HX-Push-Url"] = "false"
    return answer


def _asked(request: AgentRequest, wanted: Wanted) -> tuple[Deed, list[MessageRef]]:
    verb, _colon, one = request.POST.get("action", "").partition(":")
    target = request.POST.get("etiquette" if verb.endswith("etiqueter") else "vers", "")
    if verb not in actions.VERBS:
        raise Http404
    if one:
        return Deed(verb, target), [reference(wanted.folder, one)]
    if request.POST.get("tout"):
        asked = wanted.listing(request.agent)
        return Deed(verb, target), gateway.visit(request.agent, lambda session: every(session, asked))
    ticked = request.POST.getlist("choix")
    if len(ticked) > MOST_TICKED:
        words = _("%(most)s messages au plus à la fois : décochez-en. Rien n’a été changé.")
        raise Refusal(words % {"most": MOST_TICKED})
    return Deed(verb, target), [reference(*_located(choice, wanted)) for choice in ticked]


def _located(choice: str, wanted: Wanted) -> tuple[str, str]:
    """A choice is the key of a message, followed by its folder when the list shows several."""
    key, _slash, folder = choice.partition("/")
    return folder or wanted.folder, key


def _back(request: AgentRequest, wanted: Wanted, refs: list[MessageRef], deed: Deed, done: str) -> HttpResponse:
    """To the list; or to the message that stays open, when nothing took it away."""
    staying = request.POST.get("ouvert", "") if deed.verb in actions.STAYING else ""
    query = QueryDict(wanted.query().removeprefix("?"), mutable=True)
    if done:
        query["fait"] = done
    path = reverse("mail:message", args=[staying]) if staying else _list(wanted)
    return HttpResponseRedirect(path + (f"?{query.urlencode()}" if query else ""), status=303)


@require_POST
@mailbox_required
def undo(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« Annuler »."""
    messages.success(request, actions.undo(request.agent, identifier))
    wanted = Wanted.of(request)
    return HttpResponseRedirect(_list(wanted) + wanted.query(), status=303)


def _list(wanted: Wanted) -> str:
    """Where the list was: what a long search found, or a folder."""
    return reverse("mail:search" if search.is_long(wanted) else "mail:index")


def _one(verb: str) -> Callable[..., HttpResponseBase]:
    @require_POST
    @mailbox_required
    def view(request: AgentRequest, key: str) -> HttpResponse:
        wanted = Wanted.of(request)
        refs, deed = [reference(wanted.folder, key)], Deed(verb)
        if actions.must_confirm(request.agent, refs, deed):
            return _confirming(request, wanted, 1, [("action", verb), ("choix", key)])
        done = actions.act(request.agent, refs, deed)
        return _back(request, wanted, refs, deed, str(done.pk) if done else "")

    return view


delete = _one("supprimer")
mark_unread = _one("nonlire")


@require_safe
@mailbox_required
def shortcuts(request: AgentRequest) -> HttpResponse:
    """The keys, all of them."""
    return render(request, "mail/shortcuts.html", {})
