"""Letters for tests, in the words of the form."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment, Letter, compose, new_message_id


def letter_form(to: str, /, **changes: object) -> dict[str, object]:
    """What a browser posts from « Nouveau message »."""
    return {
        "form_token": str(uuid.uuid4()),
        "to": to,
        "cc": "",
        "subject": "Réunion de lundi",
        "text": "Bonjour,\r\n\r\nà lundi.",
    } | changes


def raw_letter(
    to: str, /, *, sender: str = "mehdi.benali@paris.fr", attachments: tuple[Attachment, ...] = (), **changes: object
) -> bytes:
    """A message as it arrives."""
    values: dict[str, object] = {
        "message_id": new_message_id("paris.fr"),
        "sender": Address("Mehdi Benali", sender),
        "to": (Address("", to),),
        "subject": "Plan de charge « été »",
        "text": "Bonjour,\n\nvoir https://paris.fr/plan <b>ici</b>.\n",
        "sent_at": datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        "attachments": attachments,
    } | changes
    return compose(Letter(**values))  # type: ignore[arg-type]


def raw_html(html: str, *, picture: bytes = b"") -> bytes:
    """A message in HTML, with one picture of its own named `logo@x` when `picture` is given."""
    parts = [
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + html.encode() + b"\r\n"
    ]
    if picture:
        import base64

        parts.append(
            b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline; "
            b"filename=logo.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(picture)
        )
    body = b"".join(b"--frontiere\r\n" + part for part in parts) + b"--frontiere--\r\n"
    return (
        b"From: Lettre <lettre@exemple.fr>\r\nTo: moi@paris.fr\r\nSubject: Lettre d'information\r\n"
        b"Message-ID: <html@exemple.fr>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related; boundary=frontiere\r\n\r\n" + body
    )
