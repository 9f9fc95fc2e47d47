"""A signed-in mailbox: folders, pages, messages, flags, moves. One thread at a time; the pool sees to that."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace

from mailkit.endpoints import Account
from mailkit.errors import MailError
from mailkit.imap import arguments, reading, roles
from mailkit.imap.parser import Value, fetched, integer, values
from mailkit.imap.structure import Outline, outline
from mailkit.imap.types import Folder, FolderState, MessagePage, MessageRef, MessageView, Part, Role
from mailkit.imap.wire import Opened, Wire
from mailkit.mime import bodies

MAX_BODY = 1024 * 1024  # encoded bytes of text or HTML that are read; the rest is offered as a file
MAX_STATUS = 300  # folders whose unread messages are counted, when the server cannot do it in one command
CHUNK = 1024 * 1024
_STATUS_ITEMS = "(MESSAGES UNSEEN)"


class Session:
    """A live connection to one mailbox. Methods raise MailError."""

    def __init__(
        self, account: Account, *, tls: ssl.SSLContext | None = None, opened: Opened = lambda _socket: None
    ) -> None:
        self.wire = Wire(account, tls=tls, opened=opened)
        self._prefix: str | None = None

    # --- Folders -----------------------------------------------------------------------------------------------------

    def folders(self, *, counts: bool = True) -> tuple[Folder, ...]:
        """Every folder, special ones first; with `counts`, how many messages and unread ones each has.

        One round trip with LIST-STATUS; two without (the STATUS commands leave together).
        """
        if counts and self.wire.has("LIST-STATUS"):
            special = "SPECIAL-USE " if self.wire.has("SPECIAL-USE") else ""
            listed = self.wire.command("LIST", '""', '"*"', f"RETURN ({special}STATUS {_STATUS_ITEMS})", answers="LIST")
            found = _folders(values(listed))
            return self._named(found, self._statuses(values(self.wire.untagged("STATUS"))))
        found = _folders(values(self.wire.command("LIST", '""', '"*"', answers="LIST")))
        if not counts:
            return self._named(found, {})
        asked = [(arguments.folder(folder.name), _STATUS_ITEMS) for folder in found if folder.selectable]
        return self._named(
            found, self._statuses(values(self.wire.pipeline("STATUS", asked[:MAX_STATUS], answers="STATUS")))
        )

    def _statuses(self, flat: list[Value]) -> dict[str, tuple[int, int]]:
        counts: dict[str, tuple[int, int]] = {}
        for index in range(0, len(flat) - 1, 2):
            name, items = flat[index], flat[index + 1]
            if isinstance(name, bytes) and isinstance(items, list):
                pairs = {_upper(items[at]): items[at + 1] for at in range(0, len(items) - 1, 2)}
                counts[_folder_name(name)] = (integer(pairs.get(b"MESSAGES")), integer(pairs.get(b"UNSEEN")))
        return counts

    def _named(self, found: list[Folder], counts: dict[str, tuple[int, int]]) -> tuple[Folder, ...]:
        counted = [
            replace(folder, total=counts[folder.name][0], unread=counts[folder.name][1])
            if folder.name in counts
            else folder
            for folder in found
        ]
        return roles.assign(counted, prefix=self._personal_prefix())

    def _personal_prefix(self) -> str:
        """What the names of one's own folders begin with (`INBOX.` on some servers), by NAMESPACE."""
        if self._prefix is None:
            self._prefix = ""
            if self.wire.has("NAMESPACE"):
                spaces = values(self.wire.command("NAMESPACE", answers="NAMESPACE"))
                personal = spaces[0] if spaces else None
                first = personal[0] if isinstance(personal, list) and personal else None
                prefix = first[0] if isinstance(first, list) and first else None
                self._prefix = arguments.decode_folder(prefix) if isinstance(prefix, bytes) else ""
        return self._prefix

    def folder_of(self, role: Role) -> Folder:
        """The folder that plays a role; it is created when the mailbox has none yet."""
        for folder in self.folders(counts=False):
            if folder.role == role:
                return folder
        name = self._personal_prefix() + roles.NAMES[role][0]
        self.wire.command("CREATE", arguments.folder(name), answers="CREATE")
        self.wire.command("SUBSCRIBE", arguments.folder(name), answers="SUBSCRIBE")
        return Folder(name=name, delimiter="", role=role)

    def unread(self, folder: str = "INBOX") -> int:
        """How many messages of a folder are unread."""
        answer = self.wire.command("STATUS", arguments.folder(folder), "(UNSEEN)", answers="STATUS")
        counts = list(self._statuses(values(answer)).values())
        return counts[0][1] if counts else 0

    def select(self, folder: str) -> FolderState:
        """Opens a folder and says what is in it now. Raises MailError("no_such_folder")."""
        exists, uidvalidity, uidnext = self.wire.select(arguments.folder(folder))
        self.wire.selected = (folder, uidvalidity)
        return FolderState(folder, exists, uidvalidity, uidnext)

    def _open(self, ref: MessageRef) -> None:
        """Makes sure that the message's folder is selected and is still the one the UID was given in."""
        if self.wire.selected is None or self.wire.selected[0] != ref.folder:
            self.select(ref.folder)
        if self.wire.selected is None or self.wire.selected[1] != ref.uidvalidity:
            raise MailError("no_such_message", "UIDVALIDITY has changed")

    # --- Reading -----------------------------------------------------------------------------------------------------

    def page(self, folder: str, *, number: int = 1, size: int = 50) -> MessagePage:
        """A page of a folder, newest first; a number past the end gives the last page. Two round trips."""
        state = self.select(folder)
        last = max(1, -(-state.exists // size))
        number = min(max(1, number), last)
        high = state.exists - (number - 1) * size
        envelopes = []
        if high > 0:
            low = max(1, high - size + 1)
            answer = self.wire.fetch(f"{low}:{high}", reading.ENVELOPE_ITEMS, by_uid=False)
            for items in sorted(fetched(answer), key=lambda found: -integer(found[b"SEQ"])):
                found = reading.envelope(items, folder, state.uidvalidity)
                if found is not None:
                    envelopes.append(found)
        return MessagePage(folder, state.uidvalidity, tuple(envelopes), state.exists, number, size)

    def message(self, ref: MessageRef, *, with_html: bool = True) -> MessageView:
        """A message with its text and HTML, without its attachments. Raises MailError("no_such_message")."""
        items, shape = self._structure(ref)
        wanted = [*shape.texts[:20], *([shape.html] if shape.html and with_html else [])]
        raw = self._bodies(ref, wanted)
        texts = [bodies.text(raw[part.section], part.encoding, part.charset) for part in shape.texts[:20]]
        html = None
        if shape.html is not None and with_html:
            html = bodies.text(raw[shape.html.section], shape.html.encoding, shape.html.charset)
        return reading.view(
            items,
            ref,
            shape,
            text="\n\n".join(texts) if texts else None,
            html=html,
            truncated=any(part.size > MAX_BODY for part in wanted),
        )

    def _structure(self, ref: MessageRef) -> tuple[dict[bytes, Value], Outline]:
        self._open(ref)
        items = self._fetch_one(ref, reading.VIEW_ITEMS)
        return items, outline(items.get(b"BODYSTRUCTURE"))

    def _fetch_one(self, ref: MessageRef, asked: str) -> dict[bytes, Value]:
        for items in fetched(self.wire.fetch(arguments.uid(ref.uid), asked)):
            if integer(items.get(b"UID")) == ref.uid and len(items) > 3:
                return items
        raise MailError("no_such_message", "no such UID")

    def _bodies(self, ref: MessageRef, parts: list[Part]) -> dict[str, bytes]:
        if not parts:
            return {}
        names = [
            f"BODY.PEEK[{arguments.section(part.section)}]" + (f"<0.{MAX_BODY}>" if part.size > MAX_BODY else "")
            for part in parts
        ]
        items = self._fetch_one(ref, f"(UID FLAGS {' '.join(names)})")
        return {part.section: _content(items, part.section) for part in parts}

    def find_part(self, ref: MessageRef, section: str) -> Part:
        """An attachment or an inline picture of a message, by its number. Raises MailError("no_such_message")."""
        _, shape = self._structure(ref)
        for part in (*shape.attachments, *shape.inline.values()):
            if part.section == section:
                return part
        raise MailError("no_such_message", "no such part")

    def encoded_chunk(self, ref: MessageRef, section: str, number: int) -> bytes:
        """The `number`-th mebibyte of a part as it is encoded; empty past the end."""
        self._open(ref)
        items = self._fetch_one(ref, f"(UID FLAGS BODY.PEEK[{arguments.section(section)}]<{number * CHUNK}.{CHUNK}>)")
        return _content(items, section)

    def source(self, ref: MessageRef, *, limit: int = 512 * 1024) -> bytes:
        """The first bytes of a message as it travelled."""
        self._open(ref)
        items = self._fetch_one(ref, f"(UID FLAGS BODY.PEEK[]<0.{int(limit)}>)")
        return _content(items, "")

    # --- Changing ----------------------------------------------------------------------------------------------------

    def flag(self, refs: list[MessageRef], *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        """Adds and removes flags on messages of one folder."""
        for sign, names in (("+", add), ("-", remove)):
            if names:
                for chosen in self._by_folder(refs):
                    self.wire.uid("STORE", chosen, f"{sign}FLAGS.SILENT", arguments.flags(names))

    def _by_folder(self, refs: list[MessageRef]) -> Iterator[str]:
        for folder in dict.fromkeys(ref.folder for ref in refs):
            chosen = [ref for ref in refs if ref.folder == folder]
            self._open(chosen[0])
            if any(ref.uidvalidity != chosen[0].uidvalidity for ref in chosen):
                raise MailError("no_such_message", "UIDVALIDITY has changed")
            yield arguments.uids([ref.uid for ref in chosen])

    def move(self, refs: list[MessageRef], target: str) -> None:
        """Moves messages to another folder: MOVE, else copy and remove."""
        for chosen in self._by_folder(refs):
            if self.wire.has("MOVE"):
                self.wire.uid("MOVE", chosen, arguments.folder(target))
            else:
                self.wire.uid("COPY", chosen, arguments.folder(target))
                self._remove(chosen)

    def delete(self, refs: list[MessageRef]) -> bool:
        """Moves messages to the trash; those that are in it already go for good. True when they went for good."""
        trash = self.folder_of("trash").name
        inside = [ref for ref in refs if ref.folder == trash]
        outside = [ref for ref in refs if ref.folder != trash]
        if outside:
            self.move(outside, trash)
        for chosen in self._by_folder(inside):
            self._remove(chosen)
        return not outside

    def _remove(self, chosen: str) -> None:
        self.wire.uid("STORE", chosen, "+FLAGS.SILENT", "(\\Deleted)")
        if self.wire.has("UIDPLUS"):
            self.wire.uid("EXPUNGE", chosen)
            return
        # A plain EXPUNGE would also destroy what another program has marked: only when nothing else is.
        marked, _ = self.wire.uid("SEARCH", "DELETED")
        if {str(integer(value)) for value in values(marked)} <= set(chosen.split(",")):
            self.wire.command("EXPUNGE", answers="EXPUNGE")

    def append(self, folder: str, message: bytes, *, flags: tuple[str, ...] = ("\\Seen",)) -> int | None:
        """Adds a message to a folder; its UID when the server tells. Not idempotent: see `find_message_id`."""
        return self.wire.append(arguments.folder(folder), arguments.flags(flags), message)

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        """UIDs of the messages of a folder that bear this Message-ID."""
        criterion = arguments.message_id(message_id)
        self.select(folder)
        answer, _ = self.wire.uid("SEARCH", "HEADER", "Message-ID", criterion)
        return [integer(value) for value in values(answer) if integer(value)]

    def close(self) -> None:
        """Signs out."""
        self.wire.close()


def _folders(flat: list[Value]) -> list[Folder]:
    found: list[Folder] = []
    for index in range(0, len(flat) - 2, 3):
        attributes, delimiter, name = flat[index : index + 3]
        if not isinstance(attributes, list) or not isinstance(name, bytes):
            continue
        words = [word.decode("ascii", errors="replace") for word in attributes if isinstance(word, bytes)]
        lowered = {word.lower() for word in words}
        found.append(
            Folder(
                name=_folder_name(name),
                delimiter=delimiter.decode("ascii", errors="replace") if isinstance(delimiter, bytes) else "",
                role=roles.from_attributes(words),
                selectable=not lowered & {"\\noselect", "\\nonexistent"},
            )
        )
    return found


def _folder_name(raw: bytes) -> str:
    name = arguments.decode_folder(raw)
    return "INBOX" if name.upper() == "INBOX" else name


def _upper(value: Value) -> bytes:
    return value.upper() if isinstance(value, bytes) else b""


def _content(items: dict[bytes, Value], section: str) -> bytes:
    found = items.get(b"BODY[" + section.encode("ascii") + b"]")
    return found if isinstance(found, bytes) else b""
