"""What the page of a letter asks in the background: keep it, take a file, leave one out. Answers are JSON."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mailkit.errors import MailError
from mailkit.imap import MessageView
from mailkit.mime.compose import Attachment
from nomade.kernel.clock import PARIS
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import gateway
from nomade.mail.access import mailbox_required, outgoing_of
from nomade.mail.models import OutgoingMessage, OutgoingState, Written
from nomade.mail.reading.isolation import SHOWN_PICTURES
from nomade.mail.writing import actions, originals, sheets
from nomade.mail.writing.choices import largest_letter
from nomade.mail.writing.content_views import address_of
from nomade.mail.writing.forms import too_heavy
from nomade.mail.writing.sheets import Posted, Sheet
from nomade.people.http import AgentRequest


@require_POST
@mailbox_required
def keep(request: AgentRequest) -> HttpResponse:
    """Keeps what is being typed; with `garder_quand_meme`, over what another tab kept."""
    brought = sheets.posted(request, Written())
    revision = None if request.POST.get("garder_quand_meme") else brought.revision or 0
    try:
        added = _from_original(request, brought)
        letter = actions.keep_draft(
            request.agent, brought.token, brought.written, actions.Files(added), revision=revision
        )
    except actions.Stale as stale:
        return JsonResponse({"message": stale.message, "stale": True}, status=409)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    except MailError as error:
        return JsonResponse({"message": gateway.sentence(error)}, status=503)
    if letter.state != OutgoingState.DRAFT:
        return JsonResponse({"message": _("Ce message est déjà parti."), "gone": True}, status=409)
    moment = letter.changed_at.astimezone(PARIS)
    saved = _("Brouillon gardé à %(moment)s") % {"moment": f"{moment.hour}\u00a0h\u00a0{moment.minute:02d}"}
    return JsonResponse(_state(request, letter, files=bool(added)) | {"message": saved})


@require_POST
@mailbox_required
def attach(request: AgentRequest) -> HttpResponse:
    """Takes one file, dropped, pasted or chosen; with `dans_le_texte`, a picture that the text shows."""
    file = request.FILES.get("piece")
    token = actions.token_of(request.POST.get("form_token", ""))
    if file is None:
        return JsonResponse({"message": _("Aucun fichier n’est arrivé. Recommencez.")}, status=422)
    if (file.size or 0) > largest_letter():
        return JsonResponse({"message": too_heavy()}, status=422)
    inside = bool(request.POST.get("dans_le_texte")) and file.content_type in SHOWN_PICTURES
    content_id = f"{uuid.uuid4().hex}@{request.agent.mail_address.rpartition('@')[2]}" if inside else ""
    sent = Attachment(file.name or "", file.content_type or "", file.read(), content_id)
    try:
        letter, kept = actions.attach(request.agent, token, sent)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    said = _("« %(name)s » est joint.") % {"name": kept.name}
    answer = _state(request, letter, files=True) | {"message": said}
    if inside:
        answer |= {"cid": kept.content_id, "src": address_of(request.agent, kept)}
    return JsonResponse(answer)


@require_POST
@mailbox_required
def detach(request: AgentRequest, identifier: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """Leaves a file out."""
    letter = outgoing_of(request.agent, identifier)
    try:
        actions.detach(letter, file)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    letter.refresh_from_db()
    return JsonResponse(_state(request, letter, files=True) | {"message": _("Le fichier est retiré.")})


def _from_original(request: AgentRequest, brought: Posted) -> list[Attachment]:
    """At the first keeping, what the letter takes from the message it continues. Raises MailError, Refusal."""
    ref = sheets.reference_of(brought.written)
    html = brought.written.html
    if ref is None or not (brought.ticked or "cid:" in html):
        return []
    view: MessageView = gateway.run(request.agent, lambda session: session.message(ref))
    offered = (originals.whole(view), *view.attachments)
    return sheets.taken_over(Sheet(request, "", brought.written, view=view, offered=offered), brought)


def _state(request: AgentRequest, letter: OutgoingMessage, *, files: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "revision": letter.revision,
        "page": reverse("mail:resume", args=[letter.pk]),
    }
    if files:
        context = {"kept": sheets.kept_files(letter), "letter": letter, "offered": [], "limit": largest_letter()}
        found["files"] = render(request, "mail/_files.html", context).content.decode()
    return found
