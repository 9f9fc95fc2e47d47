"""What a letter takes from the message it continues: files that are ticked, pictures of its text, the whole message."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mailkit.errors import MailError
from mailkit.imap import MessageRef, MessageView, Part, Session
from mailkit.mime import bodies
from mailkit.mime.compose import MESSAGE, Attachment, is_content_id
from nomade.kernel.errors import Refusal
from nomade.mail import gateway
from nomade.mail.reading.isolation import SHOWN_PICTURES
from nomade.mail.writing.choices import largest_letter
from nomade.people.models import Agent

WHOLE = "message"
_CHUNK = 1024 * 1024
_ENCODED = 1.4  # base64 and its line ends


def whole(view: MessageView) -> Part:
    """The message itself, offered as a file."""
    name = bodies.file_name(f"{view.subject or _('message')}.eml")
    return Part(WHOLE, MESSAGE, "7bit", view.size, name=name)


def pictures(view: MessageView) -> dict[str, Part]:
    """The pictures that its text shows, by the name under which a letter of ours may carry them."""
    return {
        content_id: part
        for content_id, part in view.inline.items()
        if part.content_type in SHOWN_PICTURES and is_content_id(content_id)
    }


def taken(
    agent: Agent, ref: MessageRef, offered: Iterable[Part], ticked: Iterable[str], wanted_pictures: dict[str, Part]
) -> list[Attachment]:
    """Reads what is wanted from the mail server. Raises MailError, Refusal when it is too heavy."""
    chosen = set(ticked)
    parts = [part for part in offered if part.section in chosen]
    if sum(part.size for part in (*parts, *wanted_pictures.values())) > largest_letter() * _ENCODED:
        raise Refusal(_("Les pièces jointes du message d’origine sont trop lourdes. Décochez-en."), field="pieces")
    files = [_file(agent, ref, part) for part in parts]
    shown = [_picture(agent, ref, content_id, part) for content_id, part in wanted_pictures.items()]
    return [*files, *shown]


def source(agent: Agent, ref: MessageRef, size: int) -> bytes:
    """A whole message. Raises MailError, Refusal when it is too heavy to be passed on."""
    if size > largest_letter():
        raise Refusal(_("Ce message est trop lourd pour être transmis."), field="to")
    return gateway.run(agent, lambda session: session.source(ref, limit=largest_letter() + 1))


def _file(agent: Agent, ref: MessageRef, part: Part) -> Attachment:
    if part.section == WHOLE:
        return Attachment(part.name, MESSAGE, source(agent, ref, part.size))
    return Attachment(part.name, part.content_type, _read(agent, ref, part))


def _picture(agent: Agent, ref: MessageRef, content_id: str, part: Part) -> Attachment:
    return Attachment(part.name or "image", part.content_type, _read(agent, ref, part), content_id)


def _read(agent: Agent, ref: MessageRef, part: Part) -> bytes:
    def work(session: Session) -> bytes:
        pieces: list[bytes] = []
        while True:
            piece = session.encoded_chunk(ref, part.section, len(pieces))
            pieces.append(piece)
            if len(piece) < _CHUNK:
                return b"".join(pieces)

    encoded = gateway.run(agent, work)
    if not encoded and part.size:
        raise MailError("no_such_message", "the part is empty")
    return bodies.undo_encoding(encoded, part.encoding)
