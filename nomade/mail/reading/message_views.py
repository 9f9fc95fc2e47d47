"""Around one message: its conversation, source, files, pictures, and what a click answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mailkit.errors import MailError
from mailkit.imap import Folder, MessageView, Session
from mailkit.imap.listing import conversation as conversation_of
from mailkit.mime import bodies, charsets
from nomade.files import aside
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import gateway, links, wording
from nomade.mail.access import key_of, mailbox_required, reference
from nomade.mail.models import ReadingSettings, TrustedSender
from nomade.mail.reading import extras, replies, snapshot
from nomade.mail.reading.extras import PREVIEWED, Extras
from nomade.mail.reading.isolation import SHOWN_PICTURES
from nomade.mail.reading.opening import MOST_SOURCE, Opened, Place
from nomade.mail.reading.wanted import Wanted
from nomade.people.http import AgentRequest

MOST_PAGES = 60
MOST_IMPORTED = 50
LARGEST_IMPORT = 25_000_000


def _view(request: AgentRequest, key: str) -> tuple[Wanted, MessageView]:
    wanted = Wanted.of(request)
    ref = reference(wanted.folder, key)
    return wanted, gateway.visit(request.agent, lambda session: session.message(ref))


def _back(wanted: Wanted, key: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("mail:message", args=[key]) + wanted.query(), status=303)


@require_safe
@mailbox_required
def conversation(request: AgentRequest, key: str) -> HttpResponse:
    """The messages that answer one another, one's own included; a part of the page of one of them."""
    wanted, view = _view(request, key)
    found = gateway.visit(
        request.agent, lambda session: conversation_of(session, view.ref, view.message_id, view.references)
    )
    own = request.agent.mail_address.lower()
    lines = [
        {
            "envelope": each,
            "query": Wanted(folder=each.ref.folder).query(),
            "key": key_of(each.ref),
            "mine": each.sender is not None and each.sender.email.lower() == own,
            "current": each.message_id == view.message_id,
        }
        for each in found
    ]
    context = {"lines": lines, "wanted": wanted, "key": key, "mail_date": wording.mail_date, "subject": view.subject}
    return render(request, "mail/conversation.html", context, block="thread")


@require_safe
@mailbox_required
def source(request: AgentRequest, key: str) -> HttpResponse:
    """A message as it travelled, for who must understand where it comes from."""
    wanted = Wanted.of(request)
    ref = reference(wanted.folder, key)
    raw = gateway.visit(request.agent, lambda session: session.source(ref, limit=MOST_SOURCE))
    context = {"text": charsets.decode(raw), "cut": len(raw) >= MOST_SOURCE, "key": key, "wanted": wanted}
    return render(request, "mail/source.html", context)


@require_safe
@mailbox_required
def to_content(request: AgentRequest, key: str, kind: str) -> HttpResponse:
    """Sends to the content host, for a short while: for printing, saving the message, or all its files."""
    kinds: dict[str, links.Kind] = {"imprimer": "print", "eml": "eml", "pieces": "zip"}
    if kind not in kinds:
        raise Http404
    _wanted, view = _view(request, key)
    if kind == "pieces" and not view.attachments:
        raise Http404
    return HttpResponseRedirect(links.address(kinds[kind], request.agent, view.ref))


@require_safe
@mailbox_required
def preview(request: AgentRequest, key: str, section: str) -> HttpResponse:
    """A picture, or the pages of a PDF drawn by the server: the file itself never reaches the page."""
    wanted, view = _view(request, key)
    part = next((each for each in view.attachments if each.section == section), None)
    if part is None or part.content_type not in PREVIEWED:
        raise Http404
    if part.content_type in SHOWN_PICTURES:
        shown = [links.address("inline", request.agent, view.ref, section)]
        count = 1
    else:
        raw = gateway.visit(request.agent, lambda session: session.whole_part(view.ref, part, most=30))
        count = aside.pages_in(bodies.undo_encoding(raw, part.encoding))
        pages = range(min(count, MOST_PAGES))
        shown = [links.address("page", request.agent, view.ref, f"{section}:{number}") for number in pages]
    context = {"part": part, "shown": shown, "count": count, "key": key, "wanted": wanted, "subject": view.subject}
    return render(request, "mail/preview.html", context)


def _around(request: AgentRequest, view: MessageView, wanted: Wanted) -> Extras:
    opened = Opened([], Place(Folder(wanted.folder, "", ""), current=True), wanted,
                    ReadingSettings.of(request.agent), None, view)  # fmt: skip
    return extras.of(request.agent, opened, images=False)


@require_POST
@mailbox_required
def trust(request: AgentRequest, key: str) -> HttpResponse:
    """« Toujours afficher les images de cet expéditeur »."""
    wanted, view = _view(request, key)
    if view.sender is None:
        raise Http404
    row = TrustedSender.made(request.agent, view.sender.email)
    TrustedSender.objects.get_or_create(agent=request.agent, digest=row.digest, defaults={"sealed": row.sealed})
    messages.success(request, _("Les images de cet expéditeur s’afficheront. Les réglages permettent d’y revenir."))
    return _back(wanted, key)


@require_POST
@mailbox_required
def receipt(request: AgentRequest, key: str) -> HttpResponse:
    """« Envoyer l’accusé de lecture »."""
    wanted = Wanted.of(request)
    with replies.one_at_a_time(request.agent, reference(wanted.folder, key)) as view:
        messages.success(request, replies.send_receipt(request.agent, view, _around(request, view, wanted)))
    return _back(wanted, key)


@require_POST
@mailbox_required
def answer(request: AgentRequest, key: str) -> HttpResponse:
    """« Accepter », « Peut-être », « Refuser »."""
    wanted, choice = Wanted.of(request), request.POST.get("reponse", "")
    with replies.one_at_a_time(request.agent, reference(wanted.folder, key)) as view:
        said = replies.answer_invitation(request.agent, view, _around(request, view, wanted), choice)
    messages.success(request, said)
    return _back(wanted, key)


@require_POST
@mailbox_required
def bring_in(request: AgentRequest) -> HttpResponse:
    """Adds .eml files to a folder. Raises Refusal for what is no message."""
    folder = request.GET.get("dossier", "")
    files = request.FILES.getlist("messages")
    if len(files) > MOST_IMPORTED:
        raise Refusal(_("%(count)s fichiers au plus à la fois : aucun n’a été importé.") % {"count": MOST_IMPORTED})
    contents = []
    for file in files:
        if (file.size or 0) > LARGEST_IMPORT:
            raise Refusal(_("« %(name)s » est trop lourd : 25 Mo au plus.") % {"name": file.name})
        content = bytes(file.read())
        if not looks_like_mail(content):
            raise Refusal(_("« %(name)s » n’est pas un message (.eml).") % {"name": file.name})
        contents.append(content)
    if not contents:
        raise Refusal(_("Choisissez des fichiers .eml."))
    try:
        gateway.change(request.agent, lambda session: _added(session, folder, contents))
    except MailError as error:
        raise gateway.translated(error) from error
    snapshot.forget(request.agent)
    said = ngettext("%(count)s message importé.", "%(count)s messages importés.", len(contents))
    messages.success(request, said % {"count": len(contents)})
    return HttpResponseRedirect(reverse("mail:index") + Wanted(folder=folder).query(), status=303)


def _added(session: Session, folder: str, contents: list[bytes]) -> None:
    session.select(folder)
    for content in contents:
        session.append(folder, content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def looks_like_mail(content: bytes) -> bool:
    """Whether a file begins with headers, one of which every message has."""
    head = content[:65536].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].lower()
    lines = head.split(b"\n")
    known = any(line.startswith((b"from:", b"date:", b"message-id:", b"received:", b"subject:")) for line in lines)
    return known and b"\0" not in head and b":" in lines[0]
