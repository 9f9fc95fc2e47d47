"""One long tagged PDF from many short ones, written as it goes: memory does not follow the number of pages.

Appending pages with a PDF library loses the tags, without which a screen reader reads nothing; merging whole documents
in memory takes several gigabytes for 55,000 pages. Here each part, as `typst` makes it, is copied object by object into
the file: its pages under a node of the page tree, its structure elements under the one structure tree, its entries of
the parent tree as one leaf. Parts must come from the same template (same roles).
"""

from __future__ import annotations

import io
import zlib
from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import pikepdf

CATALOG, PAGES, STRUCTURE, PARENTS, OUTLINE = range(1, 6)
TOGETHER = 200  # small objects compressed in one stream
A_BLOCK = 10_000


class Joiner:
    """`add` parts in order, then `close`; what is written before `close` is no PDF."""

    def __init__(self, out: IO[bytes]) -> None:
        self._file = _File(out, first_free=OUTLINE + 1)
        self._nodes: list[tuple[int, int]] = []
        self._elements: list[bytes] = []
        self._leaves: list[int] = []
        self._marks: list[tuple[str, int]] = []
        self._next_parent = 0
        self._shared: dict[str, bytes] = {}

    @property
    def pages(self) -> int:
        return sum(count for _node, count in self._nodes)

    def add(self, part: bytes, marks: Sequence[tuple[int, str]] = ()) -> None:
        """Adds a tagged PDF; `marks` are the bookmarks that lead to some of its pages (from 0)."""
        with pikepdf.open(io.BytesIO(part)) as pdf:
            root = pdf.Root
            tree = root.StructTreeRoot
            node = self._file.number()
            copy = _Copy(self._file, {tree.objgen[0]: STRUCTURE}, node, self._next_parent)
            pages = [copy.reference(page.obj) for page in pdf.pages]
            kids = b" ".join(b"%d 0 R" % page for page in pages)
            self._file.write(node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (PAGES, len(pages), kids))
            self._nodes.append((node, len(pages)))
            kinds = tree.K if isinstance(tree.K, pikepdf.Array) else [tree.K]
            self._elements += [copy.value(element) for element in kinds]
            self._leaves.append(self._leaf(copy, tree))
            if not self._shared:
                self._shared = {
                    "metadata": copy.value(root.Metadata),
                    "roles": copy.value(tree.get("/RoleMap", pikepdf.Dictionary())),
                    "language": copy.value(root.Lang),
                }
            copy.finish()
            self._next_parent += int(tree.ParentTreeNextKey)
            self._marks += [(title, pages[index]) for index, title in marks]

    def _leaf(self, copy: _Copy, tree: Any) -> int:
        """The entries of a part in the parent tree, their keys after those of the parts before."""
        numbers = list(tree.ParentTree.Nums)
        keys = [int(key) + self._next_parent for key in numbers[::2]]
        entries = b" ".join(b"%d %b" % (key, copy.value(entry)) for key, entry in zip(keys, numbers[1::2], strict=True))
        leaf = self._file.number()
        self._file.write(leaf, b"<</Limits[%d %d]/Nums[%b]>>" % (min(keys), max(keys), entries))
        return leaf

    def close(self) -> None:
        """Writes what holds the parts together. Raises ValueError without any part."""
        if not self._nodes:
            raise ValueError("a PDF needs a page")
        write = self._file.write
        kids = b" ".join(b"%d 0 R" % node for node, _count in self._nodes)
        write(PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.pages, kids))
        write(PARENTS, b"<</Kids[%b]>>" % b" ".join(b"%d 0 R" % leaf for leaf in self._leaves))
        write(
            STRUCTURE,
            b"<</Type/StructTreeRoot/K[%b]/ParentTree %d 0 R/ParentTreeNextKey %d/RoleMap %b>>"
            % (b" ".join(self._elements), PARENTS, self._next_parent, self._shared["roles"]),
        )
        self._write_outline()
        write(
            CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Outlines %d 0 R/Metadata %b/Lang %b"
            b"/MarkInfo<</Marked true/Suspects false>>/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (PAGES, STRUCTURE, OUTLINE, self._shared["metadata"], self._shared["language"]),
        )
        self._file.end(CATALOG)

    def _write_outline(self) -> None:
        numbers = [self._file.number() for _mark in self._marks]
        for place, (title, page) in enumerate(self._marks):
            around = b""
            if place:
                around += b"/Prev %d 0 R" % numbers[place - 1]
            if place + 1 < len(numbers):
                around += b"/Next %d 0 R" % numbers[place + 1]
            name = pikepdf.String(title).unparse()
            item = b"<</Title %b/Parent %d 0 R/Dest[%d 0 R/Fit]%b>>" % (name, OUTLINE, page, around)
            self._file.write(numbers[place], item)
        ends = b"/First %d 0 R/Last %d 0 R" % (numbers[0], numbers[-1]) if numbers else b""
        self._file.write(OUTLINE, b"<</Type/Outlines/Count %d%b>>" % (len(numbers), ends))


class _Copy:
    """Copies what is reachable from a part, each object once, under new numbers."""

    def __init__(self, file: _File, known: dict[int, int], node: int, next_parent: int) -> None:
        self._file = file
        self._known = known
        self._node = node
        self._next_parent = next_parent
        self._waiting: list[tuple[int, Any]] = []

    def reference(self, found: Any) -> int:
        """The new number of an object, which is copied in its turn."""
        old = found.objgen[0]
        if old not in self._known:
            self._known[old] = self._file.number()
            self._waiting.append((self._known[old], found))
        return self._known[old]

    def finish(self) -> None:
        """Writes the objects that wait, and those that they lead to."""
        while self._waiting:
            number, found = self._waiting.pop()
            if isinstance(found, pikepdf.Stream):
                self._file.write_stream(number, self._entries(found), found.read_raw_bytes())
            else:
                self._file.write(number, self._direct(found))

    def value(self, found: Any) -> bytes:
        """How a value is written inside another object."""
        if isinstance(found, pikepdf.Object) and found.is_indirect:
            return b"%d 0 R" % self.reference(found)
        return self._direct(found)

    def _direct(self, found: Any) -> bytes:
        if isinstance(found, bool):
            return b"true" if found else b"false"
        if isinstance(found, int | Decimal):
            return str(found).encode()
        if isinstance(found, pikepdf.Dictionary):
            return b"<<" + self._entries(found) + b">>"
        if isinstance(found, pikepdf.Array):
            return b"[" + b" ".join(self.value(item) for item in found) + b"]"
        if found is None:
            return b"null"
        written: bytes = found.unparse()
        return written

    def _entries(self, found: Any) -> bytes:
        return b"".join(name.encode() + b" " + self._entry(name, value) for name, value in found.items())

    def _entry(self, name: str, value: Any) -> bytes:
        if name == "/Parent":
            return b"%d 0 R" % self._node
        if name in ("/StructParents", "/StructParent"):
            return b"%d" % (int(value) + self._next_parent)
        return self.value(value)


class _File:
    """The objects of a PDF 1.7, small ones compressed together, and where each is."""

    def __init__(self, out: IO[bytes], first_free: int) -> None:
        self._out = out
        self._place = 0
        # For each object: 1 and its place in the file, or 2 and the stream that holds it, then its rank there.
        self._kinds = bytearray(first_free)
        self._places = array("Q", bytes(8 * first_free))
        self._ranks = array("H", bytes(2 * first_free))
        self._small: list[tuple[int, bytes]] = []
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def number(self) -> int:
        """A new object's number."""
        self._kinds.append(0)
        self._places.append(0)
        self._ranks.append(0)
        return len(self._kinds) - 1

    def write(self, number: int, content: bytes) -> None:
        self._small.append((number, content))
        if len(self._small) >= TOGETHER:
            self._flush()

    def write_stream(self, number: int, entries: bytes, data: bytes) -> None:
        self._kinds[number], self._places[number] = 1, self._place
        # The entries already name the length of what they came with.
        self._put(b"%d 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\n" % (number, entries, data))

    def end(self, catalog: int) -> None:
        """Writes the last objects, the table of places and the trailer."""
        self._flush()
        table, start = self.number(), self._place
        self._kinds[table], self._places[table] = 1, start
        packer = zlib.compressobj()
        data = b"".join(map(packer.compress, self._rows())) + packer.flush()
        entries = b"/Type/XRef/Size %d/W[1 6 2]/Root %d 0 R/Filter/FlateDecode/Length %d"
        self.write_stream(table, entries % (len(self._kinds), catalog, len(data)), data)
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _rows(self) -> Iterator[bytes]:
        """The table of places, a few thousand at a time: millions of small texts at once would take most memory."""
        for start in range(0, len(self._kinds), A_BLOCK):
            block = slice(start, start + A_BLOCK)
            yield b"".join(
                kind.to_bytes(1, "big") + place.to_bytes(6, "big") + rank.to_bytes(2, "big")
                for kind, place, rank in zip(self._kinds[block], self._places[block], self._ranks[block], strict=True)
            )

    def _flush(self) -> None:
        if not self._small:
            return
        holder, heads, body = self.number(), [], io.BytesIO()
        for rank, (number, content) in enumerate(self._small):
            self._kinds[number], self._places[number], self._ranks[number] = 2, holder, rank
            heads.append(b"%d %d" % (number, body.tell()))
            body.write(content + b"\n")
        head = b" ".join(heads) + b"\n"
        data = zlib.compress(head + body.getvalue())
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d"
        self._small.clear()
        self.write_stream(holder, entries % (len(heads), len(head), len(data)), data)

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._place += len(data)
