"""Bodies, pictures and files of messages, on the host without cookies. The signed address says for whom.

The mailbox is asked at read time: a message that was deleted since, or an agent whose mailbox is closed, opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mailkit.errors import MailError
from mailkit.html.clean import Cleaned, clean
from mailkit.imap import MessageRef, MessageView, Part
from mailkit.mime import bodies
from nomade.accounts.access import is_signed_in
from nomade.kernel.hosts import origin
from nomade.kernel.http import public
from nomade.mail import gateway, links
from nomade.people.models import Agent

Answer = TypeVar("Answer", bound=HttpResponseBase)
SHOWN_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
LARGEST_PICTURE = 8 * 1024 * 1024
_STYLE = (
    "html{color-scheme:light;background:#fff}"
    "body{margin:0;padding:1rem;color:#1d1d1b;font:16px/1.5 system-ui,sans-serif;"
    "overflow-wrap:break-word}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:3px solid #c9c4bb}a{color:#0b5394}"
    ".nm-note{margin:0 0 1rem;padding:.5rem .75rem;border:1px solid #c9c4bb;border-radius:8px;background:#f6f4f0;"
    "font-size:14px}"
)


@public
@require_safe
def body(request: HttpRequest, token: str) -> HttpResponse:
    """The HTML of a message, cleaned, alone in its frame."""
    found = links.opened("body", token)
    agent = _agent(found)
    try:
        view = gateway.run(agent, lambda session: session.message(found.ref))
    except MailError as error:
        return _note_page(gateway.translated(error))
    if view.html is None:
        raise Http404
    return isolated(HttpResponse(_document(view, _cleaned(agent, view))))


def _cleaned(agent: Agent, view: MessageView) -> Cleaned:
    def inline_url(content_id: str) -> str | None:
        part = view.inline.get(content_id)
        if part is None or part.content_type not in SHOWN_PICTURES:
            return None
        return links.address("inline", agent, view.ref, part.section)

    return clean(view.html or "", inline_url=inline_url)


def _document(view: MessageView, cleaned: Cleaned) -> str:
    notes = []
    if cleaned.blocked_images:
        notes.append(
            ngettext(
                "%(count)s image distante n’a pas été chargée : l’expéditeur aurait su que vous lisez ce message.",
                "%(count)s images distantes n’ont pas été chargées : l’expéditeur aurait su que vous lisez ce message.",
                cleaned.blocked_images,
            )
            % {"count": cleaned.blocked_images}
        )
    if cleaned.truncated or view.truncated:
        notes.append(_("Ce message est très long : la fin n’est pas affichée."))
    if cleaned.too_deep:
        notes.append(_("La mise en forme de ce message est trop compliquée pour être affichée sans risque."))
    shown = "".join(f'<p class="nm-note" lang="fr">{escape(note)}</p>' for note in notes)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(view.subject)}</title>'
        f"<style>{_STYLE}</style></head><body>{shown}{cleaned.html}</body></html>"
    )


def _note_page(error: Exception) -> HttpResponse:
    if isinstance(error, Http404):
        raise error
    page = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>—</title>'
        f"<style>{_STYLE}</style></head><body><p>{escape(str(error))}</p></body></html>"
    )
    return isolated(HttpResponse(page, status=503))


@public
@require_safe
def inline(request: HttpRequest, token: str) -> HttpResponse:
    """A picture that a message carries within itself; only kinds that cannot hold a script."""
    found = links.opened("inline", token)
    part, encoded = _part(found)
    content = bodies.undo_encoding(encoded, part.encoding)
    if part.content_type not in SHOWN_PICTURES or part.size > LARGEST_PICTURE:
        raise Http404
    response = HttpResponse(content, content_type=part.content_type)
    response["Content-Disposition"] = "inline"
    return isolated(response)


@public
@require_safe
def attachment(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of a message, to be saved: never shown, never sniffed."""
    found = links.opened("file", token)
    agent = _agent(found)
    try:
        part = gateway.run(agent, lambda session: session.find_part(found.ref, found.section))
        # The first piece is read before the answer begins: what goes wrong by then can still be said.
        first = _chunk(agent, found.ref, part, 0)
    except MailError as error:
        raise gateway.translated(error) from error
    response = StreamingHttpResponse(_decoded(agent, found.ref, part, first), content_type=part.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(part.name, safe='')}"
    return isolated(response)


def _chunk(agent: Agent, ref: MessageRef, part: Part, number: int) -> bytes:
    return gateway.run(agent, lambda session: session.encoded_chunk(ref, part.section, number))


def _encoded(agent: Agent, ref: MessageRef, part: Part, first: bytes) -> Iterator[bytes]:
    chunk, number = first, 0
    while chunk:
        yield chunk
        if len(chunk) < 1024 * 1024:
            return
        number += 1
        chunk = _chunk(agent, ref, part, number)


def _decoded(agent: Agent, ref: MessageRef, part: Part, first: bytes) -> Iterator[bytes]:
    """Base64 is undone piece by piece, so that a large file costs one mebibyte of memory; the rest is small."""
    if part.encoding.lower() != "base64":
        yield bodies.undo_encoding(b"".join(_encoded(agent, ref, part, first)), part.encoding)
        return
    kept = b""
    for chunk in _encoded(agent, ref, part, first):
        compact = kept + chunk.translate(None, b"\r\n\t ")
        usable = len(compact) - len(compact) % 4
        kept = compact[usable:]
        yield bodies.undo_encoding(compact[:usable], "base64")
    if kept:
        yield bodies.undo_encoding(kept, "base64")


def _part(found: links.Pass) -> tuple[Part, bytes]:
    agent = _agent(found)
    try:
        part = gateway.run(agent, lambda session: session.find_part(found.ref, found.section))
        encoded = b"".join(_encoded(agent, found.ref, part, _chunk(agent, found.ref, part, 0)))
    except MailError as error:
        raise gateway.translated(error) from error
    return part, encoded


def _agent(found: links.Pass) -> Agent:
    """The agent of a signed address, which opens nothing more once they have signed out or are locked."""
    agent = Agent.objects.filter(pk=found.agent).first()
    if agent is None or not agent.mail_address or not is_signed_in(agent.pk):
        raise Http404
    return agent


def isolated(response: Answer) -> Answer:
    """The policy of what strangers wrote: nothing runs, nothing is fetched but our own pictures, nobody else frames."""
    ancestors = f"{origin('portal')} {origin('webmail')}"
    response["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; "
        f"style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    # `frame-ancestors` above says it better: X-Frame-Options cannot name two hosts.
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response
