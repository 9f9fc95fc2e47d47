"""A signed-in mailbox: folders, pages, messages, flags, moves. One thread at a time; the pool sees to that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailkit.errors import MailError
from mailkit.imap import arguments, reading
from mailkit.imap.index import numbers
from mailkit.imap.parser import Value, fetched, integer, values
from mailkit.imap.structure import Outline, outline
from mailkit.imap.tree import Beside, Tree
from mailkit.imap.types import Envelope, Folder, FolderState, MessagePage, MessageRef, MessageView, Part
from mailkit.mime import bodies

MAX_BODY = 1024 * 1024  # encoded bytes of text or HTML that are read; the rest is offered as a file
CHUNK = 1024 * 1024
#: The first part of a message travels with its structure, as far as this: most often, it is all that will be read.
FIRST_PART = 64 * 1024
_VIEW_ITEMS = f"{reading.VIEW_ITEMS[:-1]} BODY.PEEK[1]<0.{FIRST_PART}>)"


class Session(Tree):
    """A live connection to one mailbox. Methods raise MailError."""

    def select(self, folder: str) -> FolderState:
        """Opens a folder and says what is in it now. Raises MailError("no_such_folder")."""
        exists, uidvalidity, uidnext = self.wire.select(arguments.folder(folder))
        self.wire.selected = (folder, uidvalidity)
        return FolderState(folder, exists, uidvalidity, uidnext)

    def at(self, folder: str) -> None:
        """Makes sure that a folder is selected; `folders` has just made the server look at the one that is."""
        if self.wire.selected is None or self.wire.selected[0] != folder:
            self.select(folder)

    def open(self, ref: MessageRef) -> None:
        """Makes sure that the message's folder is selected and is still the one the UID was given in."""
        if self.wire.selected is None or self.wire.selected[0] != ref.folder:
            self.select(ref.folder)
        if self.wire.selected is None or self.wire.selected[1] != ref.uidvalidity:
            raise MailError("no_such_message", "UIDVALIDITY has changed")

    def catch_up(self, ref: MessageRef) -> None:
        """`open`, and the server looks at the folder again: what another connection brought can then be acted on."""
        selected = self.wire.selected
        self.open(ref)
        if selected is not None and selected == self.wire.selected:
            self.wire.batch([("NOOP",)])

    # --- Reading -----------------------------------------------------------------------------------------------------

    @property
    def keeps_keywords(self) -> bool:
        """Whether labels can be put on the messages of the selected folder."""
        return self.wire.keeps_keywords

    def search(self, pieces: Sequence[str | bytes]) -> list[int]:
        """The messages of the selected folder that match, in the order of arrival."""
        encoded = any(isinstance(piece, bytes) for piece in pieces)
        return numbers(self.wire.search(["CHARSET", "UTF-8", *pieces] if encoded else pieces))

    def search_in(self, folder: str, pieces: Sequence[str]) -> list[int]:
        """The messages of a folder that match, which is then selected; one round trip."""
        if self.wire.selected is not None and self.wire.selected[0] == folder:
            return self.search(pieces)
        opened, _ = self.wire.batch([("SELECT", arguments.folder(folder)), ("UID", "SEARCH", *pieces)])
        if not opened:
            raise MailError("no_such_folder", folder)
        self._state(folder)
        return numbers(self.wire.untagged("SEARCH"))

    def window(self, folder: str, low: int, high: int) -> tuple[FolderState | None, list[Envelope]]:
        """The messages of a range of positions, newest first. One round trip when they were seen before, else two.

        The state of the folder comes with them when it was not the one that is selected.
        """
        known = any(key[0] == folder for key in self.memory.envelopes)
        items = "(UID FLAGS)" if known else reading.ENVELOPE_ITEMS
        state, selected = None, self.wire.selected
        if selected is not None and selected[0] == folder:
            validity = selected[1]
            answer = list(fetched(self.wire.fetch(f"{low}:{high}", items, by_uid=False)))
        else:
            opened, _ = self.wire.batch([("SELECT", arguments.folder(folder)), ("FETCH", f"{low}:{high}", items)])
            if not opened:
                raise MailError("no_such_folder", folder)
            state = self._state(folder)
            validity, answer = state.uidvalidity, list(fetched(self.wire.untagged("FETCH")))
        return state, self.completed(folder, validity, answer)

    def envelopes(self, folder: str, uids: list[int]) -> list[Envelope]:
        """Lines of the list, in the order asked; those that are gone are left out. The folder must be selected."""
        if not uids:
            return []
        assert self.wire.selected is not None
        validity = self.wire.selected[1]
        known = all(self.memory.envelope(MessageRef(folder, validity, uid)) for uid in uids)
        items = "(UID FLAGS)" if known else reading.ENVELOPE_ITEMS
        answer = list(fetched(self.wire.fetch(arguments.uids(uids), items)))
        found = {envelope.ref.uid: envelope for envelope in self.completed(folder, validity, answer)}
        return [found[uid] for uid in uids if uid in found]

    def completed(self, folder: str, validity: int, answer: list[dict[bytes, Value]]) -> list[Envelope]:
        """Envelopes of an answer, newest first: what was seen before gets new flags, what was not is fetched."""
        found: dict[int, Envelope] = {}
        positions: dict[int, int] = {}
        missing: list[int] = []
        for items in answer:
            uid = integer(items.get(b"UID"))
            if not uid:
                continue
            positions[uid] = integer(items[b"SEQ"])
            envelope = reading.envelope(items, folder, validity)
            if envelope is None and b"FLAGS" in items:
                known = self.memory.envelope(MessageRef(folder, validity, uid))
                envelope = reading.reflagged(known, items) if known else None
            if envelope is None:
                missing.append(uid)
            else:
                found[uid] = envelope
        if missing:
            for items in fetched(self.wire.fetch(arguments.uids(missing), reading.ENVELOPE_ITEMS)):
                envelope = reading.envelope(items, folder, validity)
                if envelope is not None:
                    found[envelope.ref.uid] = envelope
        for envelope in found.values():
            self.memory.keep_envelope(envelope)
        return sorted(found.values(), key=lambda each: -positions.get(each.ref.uid, 0))

    def _state(self, folder: str) -> FolderState:
        """What the last SELECT said."""
        exists, validity, following = self.wire.selection()
        self.wire.selected = (folder, validity)
        return FolderState(folder, exists, validity, following)

    def page(self, folder: str, *, number: int = 1, size: int = 50) -> MessagePage:
        """A page of a folder, newest first; a number past the end gives the last page."""
        state = self.select(folder)
        last = max(1, -(-state.exists // size))
        number = min(max(1, number), last)
        high = state.exists - (number - 1) * size
        envelopes: list[Envelope] = []
        if high > 0:
            _same, envelopes = self.window(folder, max(1, high - size + 1), high)
        return MessagePage(folder, state.uidvalidity, tuple(envelopes), state.exists, number, size, state.exists)

    def message(self, ref: MessageRef, *, with_html: bool = True) -> MessageView:
        """A message with its text and HTML, without its attachments. Raises MailError("no_such_message").

        Its flags may be those of its first reading.
        """
        known = self.memory.views.get(ref)
        if known is not None and (known.html is not None or not (with_html and known.has_html)):
            return known
        self.open(ref)
        items = self._fetch_one(ref, _VIEW_ITEMS)
        view = self._views({ref: items}, with_html=with_html)[0]
        self.memory.keep_view(view)
        return view

    def opened(self, ref: MessageRef) -> tuple[MessageView, tuple[Folder, ...]]:
        """A message, marked as read, and the tree as it is then: one round trip, or two when it has several parts.

        Raises MailError("no_such_message"). A folder shared for reading only cannot remember that it was read.
        """
        self.open(ref)
        view, line, chosen = self.memory.views.get(ref), self.memory.envelope(ref), arguments.uid(ref.uid)
        seen = line.seen if line is not None else view is not None and view.seen
        whole = [("UID", "FETCH", chosen, _VIEW_ITEMS)] if view is None else []
        mark = [] if seen else [("UID", "STORE", chosen, "+FLAGS.SILENT", "(\\Seen)")]
        first = (*whole, *mark, ("UID", "FETCH", chosen, "(UID FLAGS)"))
        folders = self.folders(beside=Beside(first=first, most=1 + len(whole)))
        told = [items for items in self.told if integer(items.get(b"UID")) == ref.uid and b"FLAGS" in items]
        shape = next((items for items in told if b"BODYSTRUCTURE" in items), None)
        if view is None and shape is None:
            # Another connection brought it: this one had not looked yet.
            self.message(ref)
            return self.opened(ref)
        if not told:
            raise MailError("no_such_message", "gone")
        if view is None and shape is not None:
            view = self._views({ref: shape})[0]
            self.memory.keep_view(view)
            seen = line.seen if line is not None else view.seen
        assert view is not None
        if line is not None:
            self.memory.keep_envelope(reading.reflagged(line, told[-1]))
        return replace(reading.marked(view, told[-1]), seen=seen), folders

    def prepare(self, refs: Sequence[MessageRef]) -> None:
        """Reads messages of one folder that will most likely be opened next: one round trip, or two, for all of them.

        Raises MailError. One that is not there any more is left out.
        """
        wanted = [ref for ref in refs if ref not in self.memory.views]
        if not wanted:
            return
        self.open(wanted[0])
        answer = self.wire.fetch(arguments.uids([ref.uid for ref in wanted]), _VIEW_ITEMS)
        told = {integer(items.get(b"UID")): items for items in fetched(answer) if b"BODYSTRUCTURE" in items}
        found = {ref: told[ref.uid] for ref in wanted if ref.uid in told}
        for view in self._views(found):
            self.memory.keep_view(view)

    def _views(self, told: dict[MessageRef, dict[bytes, Value]], *, with_html: bool = True) -> list[MessageView]:
        """Messages from what was told of their structures; the parts that did not come with them are fetched."""
        try:
            shapes = {ref: outline(items.get(b"BODYSTRUCTURE")) for ref, items in told.items()}
            wanted = {ref: [*shape.texts[:20], *([shape.html] if shape.html and with_html else [])]
                      for ref, shape in shapes.items()}  # fmt: skip
            raw = self._bodies(told, wanted)
            return [
                self._assembled(ref, items, shapes[ref], wanted[ref], raw[ref], with_html=with_html)
                for ref, items in told.items()
            ]
        except (ValueError, TypeError, LookupError, RecursionError, AttributeError, OverflowError) as error:
            # A message nobody foresaw: its source can still be shown.
            raise MailError("protocol", f"unreadable message: {type(error).__name__}") from error

    @staticmethod
    def _assembled(
        ref: MessageRef, items: dict[bytes, Value], shape: Outline, wanted: list[Part], raw: dict[str, bytes],
        *, with_html: bool,
    ) -> MessageView:  # fmt: skip
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
        self.open(ref)
        items = self._fetch_one(ref, reading.VIEW_ITEMS)
        return items, outline(items.get(b"BODYSTRUCTURE"))

    def _fetch_one(self, ref: MessageRef, asked: str) -> dict[bytes, Value]:
        """What was asked of one message. Another connection may know it before this one does: NOOP makes it look."""
        for late in (False, True):
            if late:
                self.wire.batch([("NOOP",)])
            for items in fetched(self.wire.fetch(arguments.uid(ref.uid), asked)):
                if integer(items.get(b"UID")) == ref.uid and len(items) > 3:
                    return items
        raise MailError("no_such_message", "no such UID")

    def _bodies(
        self, told: dict[MessageRef, dict[bytes, Value]], wanted: dict[MessageRef, list[Part]]
    ) -> dict[MessageRef, dict[str, bytes]]:
        """The parts that are wanted of some messages, by section: those that came with the structure, then the others.

        Raises MailError("no_such_message") when a message has gone meanwhile.
        """
        found: dict[MessageRef, dict[str, bytes]] = {ref: {} for ref in told}
        asked: list[tuple[str, ...]] = []
        for ref, parts in wanted.items():
            missing = []
            for part in parts:
                came = told[ref].get(b"BODY[" + part.section.encode() + b"]")
                # Shorter than what was asked for: it is whole, whatever size the server tells.
                if isinstance(came, bytes) and len(came) < FIRST_PART:
                    found[ref][part.section] = came
                else:
                    missing.append(part)
            if missing:
                names = " ".join(map(_part_item, missing))
                asked.append(("UID", "FETCH", arguments.uid(ref.uid), f"(UID FLAGS {names})"))
        if not asked:
            return found
        self.wire.batch(asked)
        came_later = {integer(items.get(b"UID")): items for items in fetched(self.wire.untagged("FETCH"))
                      if len(items) > 3}  # fmt: skip
        for ref, parts in wanted.items():
            for part in parts:
                if part.section not in found[ref]:
                    if ref.uid not in came_later:
                        raise MailError("no_such_message", "gone")
                    found[ref][part.section] = _content(came_later[ref.uid], part.section)
        return found

    def find_part(self, ref: MessageRef, section: str) -> Part:
        """An attachment or an inline picture of a message, by its number. Raises MailError("no_such_message")."""
        _, shape = self._structure(ref)
        for part in (*shape.attachments, *shape.inline.values()):
            if part.section == section:
                return part
        raise MailError("no_such_message", "no such part")

    def encoded_chunk(self, ref: MessageRef, section: str, number: int) -> bytes:
        """The `number`-th mebibyte of a part as it is encoded; empty past the end."""
        self.open(ref)
        items = self._fetch_one(ref, f"(UID FLAGS BODY.PEEK[{arguments.section(section)}]<{number * CHUNK}.{CHUNK}>)")
        return _content(items, section)

    def whole_part(self, ref: MessageRef, part: Part, *, most: int) -> bytes:
        """A part as it is encoded, `most` mebibytes at most. Raises MailError("too_large")."""
        if part.size > most * CHUNK:
            raise MailError("too_large", "a part to be shown")
        pieces = [self.encoded_chunk(ref, part.section, number) for number in range(-(-part.size // CHUNK) or 1)]
        return b"".join(pieces)

    def source(self, ref: MessageRef, *, limit: int = 512 * 1024) -> bytes:
        """The first bytes of a message as it travelled."""
        self.open(ref)
        items = self._fetch_one(ref, f"(UID FLAGS BODY.PEEK[]<0.{int(limit)}>)")
        return _content(items, "")

    def source_chunk(self, ref: MessageRef, number: int) -> bytes:
        """The `number`-th mebibyte of a message as it travelled; empty past the end."""
        self.open(ref)
        items = self._fetch_one(ref, f"(UID FLAGS BODY.PEEK[]<{number * CHUNK}.{CHUNK}>)")
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
            self.catch_up(chosen[0])
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
                self.remove(chosen)

    def delete(self, refs: list[MessageRef]) -> bool:
        """Moves messages to the trash; those that are in it already go for good. True when they went for good."""
        trash = self.folder_of("trash").name
        inside = [ref for ref in refs if ref.folder == trash]
        outside = [ref for ref in refs if ref.folder != trash]
        if outside:
            self.move(outside, trash)
        for chosen in self._by_folder(inside):
            self.remove(chosen)
        return not outside

    def destroy(self, refs: list[MessageRef]) -> None:
        """Removes messages for good, without the trash: a draft that has left or has a newer copy."""
        for chosen in self._by_folder(refs):
            self.remove(chosen)

    def remove(self, chosen: str) -> None:
        """Deletes messages of the selected folder for good."""
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

    def find_message_id(self, folder: str, message_id: str, *, resent: bool = False) -> list[int]:
        """UIDs of the messages of a folder that bear this Message-ID, or were redirected under it (`resent`)."""
        criterion = arguments.message_id(message_id)
        self.select(folder)
        header = "Resent-Message-ID" if resent else "Message-ID"
        answer, _ = self.wire.uid("SEARCH", "HEADER", header, criterion)
        return [integer(value) for value in values(answer) if integer(value)]

    def close(self) -> None:
        """Signs out."""
        self.wire.close()


def _part_item(part: Part) -> str:
    return f"BODY.PEEK[{arguments.section(part.section)}]" + (f"<0.{MAX_BODY}>" if part.size > MAX_BODY else "")


def _content(items: dict[bytes, Value], section: str) -> bytes:
    found = items.get(b"BODY[" + section.encode("ascii") + b"]")
    return found if isinstance(found, bytes) else b""
