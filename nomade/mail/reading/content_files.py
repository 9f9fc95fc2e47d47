"""Files of messages on the host without cookies: saved, or shown as pictures that the server drew."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailkit.errors import MailError
from mailkit.imap import MessageRef, Part, Session
from mailkit.mime import bodies
from nomade.files import aside
from nomade.kernel.errors import Refusal
from nomade.kernel.http import public
from nomade.mail import gateway, links
from nomade.mail.reading.isolation import SHOWN_PICTURES, agent_of, isolated
from nomade.people.models import Agent

LARGEST_PICTURE = 8 * 1024 * 1024
LARGEST_DRAWN = 30 * 1024 * 1024
LARGEST_ARCHIVE = 150 * 1024 * 1024
CHUNK = 1024 * 1024


@public
@require_safe
def inline(request: HttpRequest, token: str) -> HttpResponse:
    """A picture that a message carries within itself; only kinds that cannot hold a script."""
    found = links.opened("inline", token)
    part, content = _part(found, largest=LARGEST_PICTURE)
    if part.content_type not in SHOWN_PICTURES:
        raise Http404
    response = HttpResponse(content, content_type=part.content_type)
    response["Content-Disposition"] = "inline"
    return isolated(response)


@public
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A page of an attached PDF, drawn by a process of its own that may use little and touch nothing."""
    found = links.opened("page", token)
    section, _colon, number = found.section.partition(":")
    part, content = _part(links.Pass(found.agent, found.ref, section), largest=LARGEST_DRAWN)
    if part.content_type != "application/pdf" or not number.isdecimal():
        raise Http404
    drawn = aside.page_of(content, int(number))
    if drawn is None:
        raise Http404
    return isolated(HttpResponse(drawn, content_type="image/png"))


@public
@require_safe
def attachment(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of a message, to be saved: never shown, never sniffed."""
    found = links.opened("file", token)
    agent = agent_of(found)
    try:
        part = gateway.run(agent, lambda session: session.find_part(found.ref, found.section))
        # The first piece is read before the answer begins: what goes wrong by then can still be said.
        first = _chunk(agent, found.ref, part, 0)
    except MailError as error:
        raise gateway.translated(error) from error
    return _saved(_decoded(agent, found.ref, part, first), part.name, part.content_type)


@public
@require_safe
def original(request: HttpRequest, token: str) -> HttpResponseBase:
    """The message as it travelled, as an .eml file."""
    found = links.opened("eml", token)
    agent = agent_of(found)
    try:
        view = gateway.run(agent, lambda session: session.message(found.ref))
        first = gateway.run(agent, lambda session: session.source_chunk(found.ref, 0))
    except MailError as error:
        raise gateway.translated(error) from error
    name = bodies.file_name(f"{view.subject or 'message'}.eml")
    return _saved(_source(agent, found.ref, first), name, "message/rfc822")


def _source(agent: Agent, ref: MessageRef, first: bytes) -> Iterator[bytes]:
    chunk, number = first, 0
    while chunk:
        yield chunk
        if len(chunk) < CHUNK:
            return
        number += 1
        chunk = gateway.run(agent, partial(_source_chunk, ref=ref, number=number))


def _source_chunk(session: Session, *, ref: MessageRef, number: int) -> bytes:
    return session.source_chunk(ref, number)


@public
@require_safe
def archive(request: HttpRequest, token: str) -> HttpResponseBase:
    """Every attachment of a message, in one ZIP file."""
    found = links.opened("zip", token)
    agent = agent_of(found)
    try:
        view = gateway.run(agent, lambda session: session.message(found.ref, with_html=False))
        if sum(part.size for part in view.attachments) > LARGEST_ARCHIVE:
            raise Refusal(_("Ces pièces jointes sont trop lourdes ensemble : enregistrez-les une par une."))
        packed = tempfile.SpooledTemporaryFile(max_size=CHUNK * 4)  # noqa: SIM115  the answer closes it
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
            for part, name in zip(view.attachments, distinct([each.name for each in view.attachments]), strict=True):
                with target.open(name, "w") as inside:
                    for piece in _decoded(agent, found.ref, part, _chunk(agent, found.ref, part, 0)):
                        inside.write(piece)
    except MailError as error:
        raise gateway.translated(error) from error
    packed.seek(0)
    response = FileResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = "attachment; filename=pieces-jointes.zip"
    return isolated(response)


def distinct(names: list[str]) -> list[str]:
    """File names made different from one another, whatever the case: « plan.pdf », « plan (2).pdf »."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, extension = name.rpartition(".")
        candidate, number = name, 2
        while candidate.lower() in taken:
            candidate = f"{stem} ({number}){dot}{extension}" if dot and stem else f"{name} ({number})"
            number += 1
        taken.add(candidate.lower())
        found.append(candidate)
    return found


def _saved(pieces: Iterator[bytes], name: str, content_type: str) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return isolated(response)


def _chunk(agent: Agent, ref: MessageRef, part: Part, number: int) -> bytes:
    return gateway.run(agent, lambda session: session.encoded_chunk(ref, part.section, number))


def _encoded(agent: Agent, ref: MessageRef, part: Part, first: bytes) -> Iterator[bytes]:
    chunk, number = first, 0
    while chunk:
        yield chunk
        if len(chunk) < CHUNK:
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


def _part(found: links.Pass, *, largest: int) -> tuple[Part, bytes]:
    agent = agent_of(found)
    try:
        part = gateway.run(agent, lambda session: session.find_part(found.ref, found.section))
        if part.size > largest:
            raise Http404
        encoded = b"".join(_encoded(agent, found.ref, part, _chunk(agent, found.ref, part, 0)))
    except MailError as error:
        raise gateway.translated(error) from error
    return part, bodies.undo_encoding(encoded, part.encoding)
