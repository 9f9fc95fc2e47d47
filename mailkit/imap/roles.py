"""Which folder is Sent, which is Trash: by SPECIAL-USE (RFC 6154), else by the names mail programs give them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from mailkit.imap.types import Folder, Role

_BY_ATTRIBUTE: dict[str, Role] = {
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\trash": "trash",
    "\\junk": "junk",
    "\\archive": "archive",
}
# The first name of each list is the one we create.
NAMES: dict[Role, tuple[str, ...]] = {
    "sent": ("Sent", "Sent Items", "Sent Messages", "Sent Mail", "Envoyés", "Éléments envoyés", "Messages envoyés",
             "Courrier envoyé", "Objets envoyés"),
    "drafts": ("Drafts", "Draft", "Brouillons", "Brouillon"),
    "trash": ("Trash", "Deleted Items", "Deleted Messages", "Deleted", "Bin", "Corbeille", "Éléments supprimés",
              "Messages supprimés"),
    "junk": ("Junk", "Junk E-mail", "Junk Email", "Spam", "Bulk Mail", "Indésirables", "Courrier indésirable",
             "Pourriel"),
    "archive": ("Archive", "Archives"),
}  # fmt: skip
_ORDER: tuple[Role, ...] = ("inbox", "drafts", "sent", "archive", "junk", "trash")


def fold(text: str) -> str:
    """`text` without accents or capitals, for comparing names."""
    if text.isascii():
        return text.lower().strip()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = [character for character in decomposed if character < "\x80" or not unicodedata.combining(character)]
    return "".join(bare).casefold().strip()


_BY_NAME: dict[str, Role] = {fold(name): role for role, names in NAMES.items() for name in names}


def from_attributes(attributes: Iterable[str]) -> Role:
    """The role that the server declares."""
    return next((_BY_ATTRIBUTE[item.lower()] for item in attributes if item.lower() in _BY_ATTRIBUTE), "")


def assign(folders: list[Folder], *, prefix: str = "") -> tuple[Folder, ...]:
    """Gives each role to one folder at most, the declared one first, then orders them: roles, then the alphabet."""
    taken = {folder.role for folder in folders if folder.role}
    named: list[Folder] = []
    for folder in folders:
        role = folder.role or _guess(folder, prefix)
        if not folder.role and role:
            if role in taken:
                role = ""
            else:
                taken.add(role)
        named.append(replace(folder, role=role))
    return tuple(sorted(named, key=_position))


def in_order(folders: Iterable[Folder]) -> list[Folder]:
    """Folders of other mailboxes, one mailbox after the other: its inbox, what their names say, then the alphabet."""
    found = [replace(folder, purpose=_purpose(folder)) for folder in folders]
    return sorted(found, key=lambda each: (each.space, fold(each.owner), _position(replace(each, role=each.purpose))))


def _purpose(folder: Folder) -> Role:
    """The folder that bears the owner's name is their inbox, where the server shows it as a folder at all."""
    leaf = folder.leaf
    if leaf == folder.owner or leaf.upper() == "INBOX":
        return "inbox"
    return _BY_NAME.get(fold(leaf), "")


def _guess(folder: Folder, prefix: str) -> Role:
    if folder.name.upper() == "INBOX":
        return "inbox"
    name = folder.name.removeprefix(prefix) if prefix else folder.name
    if folder.delimiter and name.upper().startswith(f"INBOX{folder.delimiter}"):
        name = name[6:]
    return _BY_NAME.get(fold(name), "")


def _position(folder: Folder) -> tuple[int, str]:
    return (_ORDER.index(folder.role) if folder.role else len(_ORDER), fold(folder.name))
