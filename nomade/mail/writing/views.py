"""Writing, answering, passing on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mailkit.errors import MailError
from mailkit.imap import MessageRef, MessageView, Part
from mailkit.mime import bodies
from mailkit.mime.compose import Attachment
from nomade.cases.drafts import discard_draft, load_draft
from nomade.kernel.errors import Refusal
from nomade.kernel.pages import render
from nomade.mail import gateway, wording
from nomade.mail.access import folder_of, mailbox_required, outgoing_of, reference
from nomade.mail.models import OutgoingMessage, OutgoingState, Written
from nomade.mail.writing import actions, letters
from nomade.mail.writing.forms import LARGEST_LETTER, LetterForm
from nomade.mail.writing.letters import Kind
from nomade.people.http import AgentRequest


@dataclass(frozen=True)
class Draft:
    """What the page of a letter shows beside its form."""

    title: str
    written: Written
    letter: OutgoingMessage | None = None
    offered: tuple[Part, ...] = ()
    problem: str = ""
    key: str = "mail.new"


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def new(request: AgentRequest) -> HttpResponse:
    """A new letter; « À » is filled by `?a=`, an address, or `?vers=`, the key of a group or unit of the directory."""
    to = letters.everybody(request.agent, request.GET.get("vers", "")) or request.GET.get("a", "")[:500]
    return _page(request, Draft(_("Nouveau message"), Written(to=to, subject=request.GET.get("objet", "")[:500])))


@require_http_methods(["GET", "HEAD", "POST"])
@mailbox_required
def resume(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """A draft taken up again."""
    letter = outgoing_of(request.agent, identifier)
    if letter.state != OutgoingState.DRAFT:
        return HttpResponseRedirect(reverse("mail:outgoing"))
    key = f"mail.outgoing-{letter.pk}"
    return _page(request, Draft(_("Reprendre le message"), letter.written(), letter, problem=letter.problem, key=key))


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
    """A message passed on, with its files."""
    return _answer(request, key, "forward", _("Transférer"))


def _answer(request: AgentRequest, key: str, kind: Kind, title: str) -> HttpResponse:
    ref = reference(folder_of(request), key)
    form_key = f"mail.{kind}-{key}"
    try:
        view = gateway.run(request.agent, lambda session: session.message(ref))
    except MailError as error:
        if request.method != "POST":
            raise gateway.translated(error) from error
        # The mail server went away while they wrote: the letter is what counts, and it is all in the form.
        written = Written(answers=letters.answered(ref, kind))
        return _page(request, Draft(title, written, key=form_key))
    offered = view.attachments if kind == "forward" else ()
    answer = letters.answer(request.agent, view, kind)
    return _page(request, Draft(title, answer, offered=offered, key=form_key), view=view)


def _page(request: AgentRequest, draft: Draft, *, view: MessageView | None = None) -> HttpResponse:
    if request.method == "POST":
        return _send(request, draft, view)
    initial = {name: getattr(draft.written, name) for name in ("to", "cc", "subject", "text")}
    typed = load_draft(request.agent, draft.key)
    if typed is not None:
        initial |= {name: value for name, value in typed.first_values().items() if name in initial}
    token = draft.letter.token if draft.letter else uuid.uuid4()
    return _show(
        request, draft, LetterForm(initial=initial), token=str(token), typed_at=typed.updated_at if typed else None
    )


def _show(
    request: AgentRequest,
    draft: Draft,
    form: LetterForm,
    *,
    token: str,
    status: int = 200,
    notice: str = "",
    typed_at: datetime | None = None,
) -> HttpResponse:
    chosen = set(request.POST.getlist("reprendre")) if request.method == "POST" else None
    context = {
        "draft": draft,
        "form": form,
        "token": token,
        "notice": notice,
        "typed_at": typed_at,
        "kept": list(draft.letter.attachments.all()) if draft.letter else [],
        "offered": [(part, chosen is None or part.section in chosen) for part in draft.offered],
        "limit": LARGEST_LETTER,
        "decoded_size": wording.decoded_size,
    }
    return render(request, "mail/compose.html", context, status=status)


def _send(request: AgentRequest, draft: Draft, view: MessageView | None) -> HttpResponse:
    form = LetterForm(request.POST, request.FILES)
    token = actions.token_of(request.POST.get("form_token", ""))
    written = _typed(request, draft)
    added = [_uploaded(file) for file in form.uploads()]
    if not form.is_valid():
        return _kept(request, draft, form, token, written, added)
    try:
        added += _taken_over(request, draft, view)
        actions.send(request.agent, token, written, actions.Files(added, _kept_files(request)), request=request)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _kept(request, draft, form, token, written, added if refusal.field != "pieces" else [])
    except MailError as error:
        form.add_error(None, gateway.sentence(error))
        return _kept(request, draft, form, token, written, added)
    discard_draft(request.agent, draft.key)
    messages.success(request, _("Votre message part. Vous le retrouverez dans « Envoyés »."))
    return HttpResponseRedirect(reverse("mail:index"), status=303)


def _kept(
    request: AgentRequest,
    draft: Draft,
    form: LetterForm,
    token: uuid.UUID,
    written: Written,
    added: list[Attachment],
) -> HttpResponse:
    """The same form with its errors; what was typed and joined is kept in « Brouillons et envois »."""
    try:
        letter = actions.keep_draft(request.agent, token, written, actions.Files(added, _kept_files(request)))
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        letter = actions.keep_draft(request.agent, token, written, actions.Files((), _kept_files(request)))
    discard_draft(request.agent, draft.key)
    notice = _("Ce que vous avez écrit est gardé.")
    shown = Draft(draft.title, written, letter, draft.offered, draft.problem, f"mail.outgoing-{letter.pk}")
    return _show(request, shown, form, token=str(token), status=422, notice=notice)


def _typed(request: AgentRequest, draft: Draft) -> Written:
    return Written(
        to=request.POST.get("to", "")[:20_000],
        cc=request.POST.get("cc", "")[:20_000],
        subject=" ".join(request.POST.get("subject", "")[:500].split()),
        text=request.POST.get("text", "")[:1_000_000],
        in_reply_to=draft.written.in_reply_to,
        references=draft.written.references,
        answers=draft.written.answers,
    )


def _uploaded(file: object) -> Attachment:
    content = file.read(LARGEST_LETTER + 1)  # type: ignore[attr-defined]
    return Attachment(file.name or "", file.content_type or "", content)  # type: ignore[attr-defined]


def _kept_files(request: AgentRequest) -> frozenset[uuid.UUID]:
    found = set()
    for raw in request.POST.getlist("garder"):
        try:
            found.add(uuid.UUID(raw))
        except ValueError:
            continue
    return frozenset(found)


def _taken_over(request: AgentRequest, draft: Draft, view: MessageView | None) -> list[Attachment]:
    """The files of the original that are still ticked, read from the mail server. Raises MailError."""
    ticked = set(request.POST.getlist("reprendre"))
    if view is None and ticked:
        raise MailError("unreachable", "the files of the original cannot be read", retry=True)
    wanted = [part for part in draft.offered if part.section in ticked]
    if sum(part.size for part in wanted) > LARGEST_LETTER * 1.4:
        raise Refusal(_("Les pièces jointes du message d’origine sont trop lourdes. Décochez-en."), field="pieces")
    return [_read(request, view.ref, part) for part in wanted] if view else []


def _read(request: AgentRequest, ref: MessageRef, part: Part) -> Attachment:
    encoded = b""
    number = 0
    while True:
        chunk = gateway.run(request.agent, lambda session, at=number: session.encoded_chunk(ref, part.section, at))  # type: ignore[misc]
        encoded += chunk
        if len(chunk) < 1024 * 1024:
            break
        number += 1
    return Attachment(part.name, part.content_type, bodies.undo_encoding(encoded, part.encoding))
