"""Writing, answering, passing on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mailkit.errors import MailError
from mailkit.imap import MessageRef, MessageView
from mailkit.mime.compose import Attachment
from nomade.kernel.errors import Refusal
from nomade.mail import gateway, shared
from nomade.mail.access import draft_of_message, drafts_of, folder_of, mailbox_required, outgoing_of, reference
from nomade.mail.contacts import finding
from nomade.mail.models import OutgoingState, Written
from nomade.mail.writing import actions, letters, originals, sheets
from nomade.mail.writing.checks import Doubt
from nomade.mail.writing.forms import LetterForm
from nomade.mail.writing.letters import Kind
from nomade.mail.writing.sheets import Posted, Sheet
from nomade.people.http import AgentRequest


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def new(request: AgentRequest) -> HttpResponse:
    """A new letter; « À » is filled by `?a=`, an address, or `?vers=`, the key of a group or unit of the directory."""
    to = letters.everybody(request.agent, request.GET.get("vers", "")) or request.GET.get("a", "")[:500]
    box = next((box for box in shared.of(request.agent) if box.may_send and box.address == request.GET.get("de")), None)
    written = Written(to=to, subject=request.GET.get("objet", "")[:500], identity=box.key if box else "")
    return _page(Sheet(request, _("Nouveau message"), written))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def resume(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A draft taken up again."""
    letter = outgoing_of(request.agent, identifier)
    if letter.state != OutgoingState.DRAFT and request.method != "POST":
        return HttpResponseRedirect(reverse("mail:outgoing"))
    written = letter.written()
    if written.is_redirection and request.method != "POST":
        return HttpResponseRedirect(reverse("mail:resume-redirect", args=[letter.pk]))
    return _page(Sheet(request, _("Reprendre le message"), written, letter, problem=letter.problem))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def reply(request: AgentRequest, key: str) -> HttpResponse:
    """An answer to the sender."""
    return _answer(request, key, "reply", _("Répondre"))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def reply_all(request: AgentRequest, key: str) -> HttpResponse:
    """An answer to everybody."""
    return _answer(request, key, "reply-all", _("Répondre à tous"))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def forward(request: AgentRequest, key: str) -> HttpResponse:
    """A message passed on, quoted with its files, or whole as a file (`?comme=piece`)."""
    kind: Kind = "forward-attached" if request.GET.get("comme") == "piece" else "forward"
    return _answer(request, key, kind, _("Transférer"))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def edit_as_new(request: AgentRequest, key: str) -> HttpResponse:
    """A message taken as the beginning of a new one; a draft of ours is simply taken up again."""
    ref = reference(folder_of(request), key)
    view, draft = _read(request, ref)
    if view is None:
        return _page(Sheet(request, _("Nouveau message"), Written(answers=letters.answered(ref, "new"))))
    ours = draft_of_message(request.agent, view.message_id)
    if ours is not None and request.method != "POST":
        return HttpResponseRedirect(reverse("mail:resume", args=[ours.pk]))
    written = letters.as_new(view, replaces=draft)
    quoted = sheets.quoted_from(view, "new")
    title = _("Reprendre le message") if draft else _("Modifier comme nouveau message")
    return _page(Sheet(request, title, written, view=view, offered=view.attachments, quoted=quoted))


def _answer(request: AgentRequest, key: str, kind: Kind, title: str) -> HttpResponse:
    ref = reference(folder_of(request), key)
    view, _draft = _read(request, ref)
    if view is None:
        # The mail server went away while they wrote: the letter is what counts, and it is all in the form.
        return _page(Sheet(request, title, Written(answers=letters.answered(ref, kind))))
    offered = {"forward": view.attachments, "forward-attached": (originals.whole(view),)}.get(kind, ())
    quoted = sheets.quoted_from(view, kind)
    # A message of a shared mailbox is answered in its name, where that is granted.
    box = shared.holding(request.agent, ref.folder)
    written = letters.answer(request.agent, view, kind, also=box.address if box else "")
    if box is not None and box.may_send:
        written = replace(written, identity=box.key)
    return _page(Sheet(request, title, written, view=view, offered=offered, quoted=quoted))


def _read(request: AgentRequest, ref: MessageRef) -> tuple[MessageView | None, bool]:
    """The message, and whether it lies in Drafts; None when a posted form can do without it."""
    try:
        return gateway.run(
            request.agent, lambda session: (session.message(ref), session.folder_of("drafts").name == ref.folder)
        )
    except MailError as error:
        if request.method != "POST":
            raise gateway.translated(error) from error
        return None, False


def _page(sheet: Sheet) -> HttpResponse:
    request = sheet.request
    if request.method == "POST":
        return _posted(sheet)
    written = sheet.written
    if sheet.letter is None and not sheet.written.replaces and sheet.written.answers.get("kind") != "new":
        signature = sheet.identities[0].signature
        quoted = bool(written.text)
        written = letters.signed(written, signature, sheet.preferences.signature_place, quoted=quoted)
    initial = {name: getattr(written, name) for name in sheets.FIELDS}
    token = sheet.letter.token if sheet.letter else uuid.uuid4()
    recent = drafts_of(request.agent, answers=sheet.written.answers) if sheet.letter is None else []
    return sheets.show(sheet, _form(sheet, initial=initial), token=str(token), drafts=recent)


def _form(sheet: Sheet, initial: dict[str, Any] | None = None) -> LetterForm:
    own = [identity for identity in (*sheet.identities, *sheet.shared_identities) if identity.label]
    if sheet.request.method == "POST":
        return LetterForm(sheet.request.POST, sheet.request.FILES, identities=own)
    return LetterForm(identities=own, initial=initial)


def _posted(sheet: Sheet) -> HttpResponse:
    request = sheet.request
    brought = sheets.posted(request, sheet.written)
    form = _form(sheet)
    added = sheets.uploaded(form)
    what = request.POST.get("faire", "envoyer")
    if what != "envoyer":
        return _kept(sheet, form, brought, added, what=what)
    if not form.is_valid():
        return _kept(sheet, form, brought, added)
    try:
        added += sheets.taken_over(sheet, brought)
        asked = sheets.doubts(sheet, brought, len(added) + len(brought.kept))
        if asked:
            return _kept(sheet, form, brought, added, asked=asked)
        files = actions.Files(added, brought.kept)
        actions.send(request.agent, brought.token, brought.written, files, revision=brought.revision, request=request)
    except actions.Stale as stale:
        form.add_error(None, stale.message)
        return sheets.show(sheet, form, token=str(brought.token), status=422, conflict=True)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _kept(sheet, form, brought, added if refusal.field != "pieces" else [])
    except MailError as error:
        form.add_error(None, gateway.sentence(error))
        return _kept(sheet, form, brought, added)
    messages.success(request, _("Votre message part. Vous le retrouverez dans « Envoyés »."))
    return HttpResponseRedirect(reverse("mail:index"), status=303)


def _kept(
    sheet: Sheet,
    form: LetterForm,
    brought: Posted,
    added: list[Attachment],
    *,
    what: str = "envoyer",
    asked: list[Doubt] | None = None,
) -> HttpResponse:
    """The same page with what is to be seen to; what was typed and joined is kept in « Envois et brouillons »."""
    agent = sheet.request.agent
    try:
        if what != "envoyer":
            added = [*added, *sheets.taken_over(sheet, brought)]
        letter = actions.keep_draft(agent, brought.token, brought.written, actions.Files(added, brought.kept))
    except (Refusal, MailError) as error:
        said = error.message if isinstance(error, Refusal) else gateway.sentence(error)
        form.add_error("pieces" if isinstance(error, Refusal) and error.field == "pieces" else None, said)
        letter = actions.keep_draft(agent, brought.token, brought.written, actions.Files((), brought.kept))
    if what == "garder":
        messages.success(sheet.request, _("Votre brouillon est gardé."))
        return HttpResponseRedirect(reverse("mail:resume", args=[letter.pk]), status=303)
    over = sheets.with_letter(sheet, letter)
    if what in ("chercher", "ajouter"):
        return _choosing(over, brought, what)
    if what == "joindre" and not form.errors:
        form = LetterForm(initial={name: getattr(over.written, name) for name in sheets.FIELDS})
    notice = "" if asked else _("Ce que vous avez écrit est gardé.")
    agreed = brought.agreed | {doubt.key for doubt in asked or ()}
    status = 200 if what == "joindre" and not form.errors else 422
    return sheets.show(
        over, form, token=str(brought.token), status=status, notice=notice, asked=asked or (), agreed=agreed
    )


def _choosing(sheet: Sheet, brought: Posted, what: str) -> HttpResponse:
    """Without JavaScript: people are looked for, then ticked, then added to « À » or « Copie »."""
    request = sheet.request
    written = sheet.written
    if what == "ajouter":
        written = finding.added(written, request.POST.getlist("choisir"), request.POST.get("champ", "to"))
        letter = actions.keep_draft(request.agent, brought.token, written, actions.Files())
        sheet = sheets.with_letter(sheet, letter)
    asked = request.POST.get("personne", "")[:100]
    found = finding.find(request.agent, asked) if what == "chercher" else []
    form = LetterForm(
        initial={name: getattr(sheet.written, name) for name in sheets.FIELDS},
        identities=[identity for identity in (*sheet.identities, *sheet.shared_identities) if identity.label],
    )
    choice = {"asked": asked, "found": found} if what == "chercher" else None
    return sheets.show(sheet, form, token=str(brought.token), choice=choice)
