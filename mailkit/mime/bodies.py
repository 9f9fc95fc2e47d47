"""The content of one part: transfer encoding undone, text decoded, names made safe to write on a disk."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import quopri
import re

from mailkit.mime import charsets, headers

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_FORBIDDEN_IN_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}", re.ASCII)
MAX_FILE_NAME = 150


def undo_encoding(raw: bytes, encoding: str) -> bytes:
    """The bytes that were encoded for transfer. Never raises: damaged base64 gives what can be read of it."""
    kind = encoding.strip().lower()
    if kind == "quoted-printable":
        return quopri.decodestring(raw)
    if kind == "base64":
        return _undo_base64(raw)
    return raw


def _undo_base64(raw: bytes) -> bytes:
    compact = _NOT_BASE64.sub(b"", raw)
    end = compact.find(b"=")
    if end >= 0:
        compact = compact[:end]
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4))
    except (binascii.Error, ValueError):
        return raw


def text(raw: bytes, encoding: str, charset: str) -> str:
    """A text part for a person, with plain line ends and without NUL."""
    decoded = charsets.decode(undo_encoding(raw, encoding), charset)
    return decoded.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def content_type(value: str) -> str:
    """A content type that is safe in a header of ours; `application/octet-stream` for anything odd."""
    value = value.strip().lower()
    return value if _CONTENT_TYPE.fullmatch(value) else "application/octet-stream"


def file_name(name: str, *, kind: str = "", number: int = 1) -> str:
    """A name that is one plain file in one folder, whatever the sender wrote; `piece-jointe-1.pdf` when it is empty."""
    name = headers.clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    name = _FORBIDDEN_IN_NAME.sub("_", name).strip(" .")
    if len(name) > MAX_FILE_NAME:
        stem, dot, extension = name.rpartition(".")
        keep = f".{extension}" if dot and len(extension) <= 10 else ""
        name = (stem if keep else name)[: MAX_FILE_NAME - len(keep)] + keep
    if name:
        return name
    extension = ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind) or ""
    return f"piece-jointe-{number}{extension}"
