"""What is done to messages and folders, told so that it can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailkit.errors import MailError
from mailkit.imap import arguments
from mailkit.imap.session import Session
from mailkit.imap.types import MessageRef

_COPIED = re.compile(r"\[COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]", re.IGNORECASE)
STEP = 2_000


@dataclass(frozen=True)
class Moved:
    """Where messages went; `arrived` is empty on a server that does not tell (no UIDPLUS)."""

    source: str
    target: str
    count: int
    arrived: tuple[MessageRef, ...] = ()


def steps(refs: list[MessageRef]) -> Iterable[list[MessageRef]]:
    """Messages of one folder in groups that fit in a command line."""
    for start in range(0, len(refs), STEP):
        yield refs[start : start + STEP]


def move(session: Session, refs: list[MessageRef], target: str) -> Moved:
    """Moves messages of one folder to another one, in one step for the server where it can."""
    arrived: list[MessageRef] = []
    for group in steps(refs):
        session.catch_up(group[0])
        chosen = arguments.uids([ref.uid for ref in group])
        command = "MOVE" if session.wire.has("MOVE") else "COPY"
        data, words = session.wire.uid(command, chosen, arguments.folder(target))
        told = _arrived(" ".join([words, *session.wire.codes("COPYUID")]), target)
        arrived += told
        if command == "COPY":
            # Nothing is taken away here before the server has told that it is there (RFC 4315 § 3).
            if session.wire.has("UIDPLUS") and len(told) < len(group):
                raise MailError("refused", "the server did not copy every message")
            session.remove(chosen)
        del data
    count = len(arrived) if session.wire.has("UIDPLUS") else len(refs)
    return Moved(refs[0].folder if refs else "", target, count, tuple(arrived))


def _arrived(words: str, target: str) -> list[MessageRef]:
    found = _COPIED.search(words)
    if found is None:
        return []
    return [MessageRef(target, int(found[1]), uid) for uid in expand(found[3])]


def expand(numbers: str) -> list[int]:
    """`1:3,7` as 1, 2, 3, 7; at most 50,000 of them."""
    found: list[int] = []
    for piece in numbers.split(","):
        low, _, high = piece.partition(":")
        if not low.isdigit() or (high and not high.isdigit()):
            raise MailError("protocol", "not a set of numbers")
        first, last = int(low), int(high or low)
        if first > last:
            first, last = last, first
        if len(found) + last - first > 50_000:
            raise MailError("protocol", "endless set of numbers")
        found.extend(range(first, last + 1))
    return found


def compact(uids: Iterable[int]) -> str:
    """The reverse of `expand`."""
    pieces: list[str] = []
    start = end = None
    for uid in [*sorted(uids), None]:
        if end is not None and uid == end + 1:
            end = uid
            continue
        if start is not None:
            pieces.append(str(start) if start == end else f"{start}:{end}")
        start = end = uid
    return ",".join(pieces)


def flag(
    session: Session, refs: list[MessageRef], *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
) -> list[MessageRef]:
    """Adds or takes one flag; the messages that it changed."""
    changed: list[MessageRef] = []
    for group in steps(refs):
        session.catch_up(group[0])
        chosen = arguments.uids([ref.uid for ref in group])
        concerned = set(session.search(["UID", chosen, *_without(add, remove)]))
        touched = [ref for ref in group if ref.uid in concerned]
        if touched:
            session.flag(touched, add=add, remove=remove)
        changed += touched
    return changed


def _without(add: tuple[str, ...], remove: tuple[str, ...]) -> list[str]:
    names = {"\\Seen": ("UNSEEN", "SEEN"), "\\Flagged": ("UNFLAGGED", "FLAGGED")}
    (name,) = add or remove
    if name in names:
        return [names[name][0 if add else 1]]
    return ["UNKEYWORD" if add else "KEYWORD", arguments.flags((name,))[1:-1]]


def erase(session: Session, refs: list[MessageRef]) -> None:
    """Deletes messages for good."""
    for group in steps(refs):
        session.catch_up(group[0])
        session.remove(arguments.uids([ref.uid for ref in group]))


# --- Folders ----------------------------------------------------------------------------------------------------------


def create(session: Session, name: str) -> None:
    """Makes a folder and subscribes to it. Raises MailError("refused") when the server will not."""
    session.wire.command("CREATE", arguments.folder(name), answers="CREATE")
    session.wire.command("SUBSCRIBE", arguments.folder(name), answers="SUBSCRIBE")
    session.memory.folders = None


def rename(session: Session, name: str, new: str) -> None:
    """Renames or moves a folder and those inside it; its subscription follows."""
    _leave(session, name)
    session.wire.command("RENAME", arguments.folder(name), arguments.folder(new), answers="RENAME")
    session.wire.batch(
        [("UNSUBSCRIBE", arguments.folder(name)), ("SUBSCRIBE", arguments.folder(new))],
    )
    session.memory.folders = None


def drop(session: Session, name: str) -> None:
    """Deletes a folder and what it holds."""
    _leave(session, name)
    session.wire.command("DELETE", arguments.folder(name), answers="DELETE")
    session.wire.batch([("UNSUBSCRIBE", arguments.folder(name))])
    session.memory.folders = None


def subscribe(session: Session, name: str, *, wanted: bool) -> None:
    """Shows a folder in mail programs, or hides it."""
    command = "SUBSCRIBE" if wanted else "UNSUBSCRIBE"
    session.wire.command(command, arguments.folder(name), answers=command)
    session.memory.folders = None


def _leave(session: Session, name: str) -> None:
    """A folder that is selected cannot always be renamed or deleted."""
    selected = session.wire.selected
    if selected is not None and selected[0].startswith(name):
        session.select("INBOX")
