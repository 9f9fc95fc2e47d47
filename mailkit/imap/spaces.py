"""Whose folders these are (NAMESPACE, RFC 2342), what one may do there (ACL, RFC 4314), and the room left (QUOTA)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailkit.imap import arguments
from mailkit.imap.parser import Value, integer
from mailkit.imap.types import Folder, Namespace, Quota, Space

RIGHTS_SECONDS = 300.0
QUOTA_SECONDS = 60.0
_KINDS: tuple[Space, ...] = ("own", "other", "shared")


def namespaces(answer: Sequence[Value]) -> tuple[Namespace, ...]:
    """The three lists of a NAMESPACE answer, those that say nothing left out."""
    found: list[Namespace] = []
    for kind, listed in zip(_KINDS, answer, strict=False):
        for one in listed if isinstance(listed, list) else []:
            prefix = one[0] if isinstance(one, list) and one else None
            mark = one[1] if isinstance(one, list) and len(one) > 1 else None
            if isinstance(prefix, bytes):
                delimiter = mark.decode("ascii", errors="replace") if isinstance(mark, bytes) else ""
                found.append(Namespace(kind, arguments.decode_folder(prefix), delimiter))
    return tuple(found)


def placed(folder: Folder, spaces: Iterable[Namespace]) -> Folder:
    """The folder with the space it lies in and, outside one's own, the mailbox it belongs to."""
    for space in spaces:
        container = space.prefix.removesuffix(space.delimiter) if space.delimiter else space.prefix
        if space.kind == "own" or not container:
            continue
        if folder.name == container:
            return replace(folder, space=space.kind, role="")
        if folder.name.startswith(space.prefix):
            inside = folder.name.removeprefix(space.prefix)
            owner = inside.split(space.delimiter, 1)[0] if space.delimiter else inside
            return replace(folder, space=space.kind, owner=owner, role="")
    return folder


def rights(flat: Sequence[Value]) -> dict[str, str]:
    """The letters of each MYRIGHTS answer."""
    found: dict[str, str] = {}
    for at in range(0, len(flat) - 1, 2):
        name, letters = flat[at], flat[at + 1]
        if isinstance(name, bytes) and isinstance(letters, bytes):
            found[arguments.decode_folder(name)] = letters.decode("ascii", errors="replace")
    return found


def quota(flat: Sequence[Value]) -> Quota | None:
    """The fullest of the limits that the server tells (RFC 9208); None when it sets none."""
    found: list[Quota] = []
    for resources in flat:
        if not isinstance(resources, list):
            continue
        for at in range(0, len(resources) - 2, 3):
            name, used, limit = resources[at : at + 3]
            kind = name.upper() if isinstance(name, bytes) else b""
            if integer(limit) > 0 and kind in (b"STORAGE", b"MESSAGE"):
                unit = 1024 if kind == b"STORAGE" else 1
                found.append(Quota(integer(used) * unit, integer(limit) * unit, of_messages=unit == 1))
    return max(found, key=lambda each: each.used / each.limit, default=None)
