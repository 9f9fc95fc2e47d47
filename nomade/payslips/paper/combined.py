"""One combined PDF of any length, written as it is computed: memory does not grow with the number of slips.

A page costs about a millisecond; the pages are made in several processes, by chunks, and written by this one.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pikepdf

from nomade.kernel.processes import process_pool
from nomade.payslips.paper.agents import PaidAgent
from nomade.payslips.paper.canvas import PAGE_HEIGHT, PAGE_WIDTH
from nomade.payslips.paper.document import Employer, printed_slip
from nomade.payslips.paper.fonts import font_file, font_objects
from nomade.payslips.paper.layout import draw_slip

CHUNK = 250
PROCESSES = 2
KIDS = 500
Wanted = tuple[PaidAgent, date]
HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True, slots=True)
class DrawnSlip:
    """One slip as compressed content streams, and its bookmark."""

    bookmark: str
    pages: tuple[bytes, ...]


def draw_chunk(wanted: list[Wanted], employer: Employer) -> list[DrawnSlip]:
    """Computes and draws some slips; runs in a process of its own."""
    drawn = []
    for agent, month in wanted:
        slip = printed_slip(agent, month, employer)
        pages = tuple(zlib.compress(content, 6) for content in draw_slip(slip.data))
        drawn.append(DrawnSlip(f"{slip.matricule} {slip.name}", pages))
    return drawn


def write_combined(
    out: Path,
    wanted: Iterable[Wanted],
    employer: Employer,
    *,
    progress: Callable[[int], None] = lambda count: None,
    processes: int = PROCESSES,
) -> int:
    """Writes a combined PDF, one bookmark a slip; returns the number of slips.

    The file takes its name only once whole, so that an interrupted run leaves nothing that looks finished.
    """
    partial = out.with_name(out.name + ".partial")
    count = 0
    with partial.open("wb") as file:
        writer = CombinedWriter(file, title="Bulletins de paie", author=employer.name)
        for slip in _drawn_in_order(wanted, employer, processes):
            writer.add(slip)
            count += 1
            progress(count)
        writer.finish()
    partial.replace(out)
    return count


def _drawn_in_order(wanted: Iterable[Wanted], employer: Employer, processes: int) -> Iterator[DrawnSlip]:
    source = iter(wanted)
    with process_pool(processes) as pool:
        waiting: list[Future[list[DrawnSlip]]] = []
        while chunk := list(islice(source, CHUNK)):
            waiting.append(pool.submit(draw_chunk, chunk, employer))
            if len(waiting) > processes:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


class CombinedWriter:
    """Writes PDF objects one after the other and remembers only where they start."""

    def __init__(self, file: BinaryIO, *, title: str, author: str) -> None:
        self._file = file
        self._offsets: list[int] = []
        self._pages: list[int] = []
        self._marks: list[tuple[int, str]] = []
        self._position = file.write(HEAD)
        self._catalog, self._info = self._reserve(), self._reserve()
        self._title, self._author = title, author
        self._fonts = self._copy_fonts()
        # Nodes of the page tree are numbered when their first page comes, since a page names its parent.
        self._nodes: list[int] = []

    def add(self, slip: DrawnSlip) -> None:
        """Appends one slip and its bookmark."""
        for rank, content in enumerate(slip.pages):
            if len(self._pages) % KIDS == 0:
                self._nodes.append(self._reserve())
            stream = self._object(
                b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content)
            )
            page = self._object(
                f"<< /Type /Page /Parent {self._nodes[-1]} 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
                f"/Resources << /Font {self._fonts} 0 R >> /Contents {stream} 0 R >>".encode()
            )
            if rank == 0:
                self._marks.append((page, slip.bookmark))
            self._pages.append(page)

    def finish(self) -> None:
        """Writes the page tree, the bookmarks, the cross-reference table."""
        tree = self._reserve()
        for rank, node in enumerate(self._nodes):
            kids = self._pages[rank * KIDS : (rank + 1) * KIDS]
            self._place(node, f"<< /Type /Pages /Parent {tree} 0 R /Count {len(kids)} /Kids [{_references(kids)}] >>")
        self._place(tree, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{_references(self._nodes)}] >>")
        outlines = self._write_outlines()
        self._place(
            self._catalog,
            f"<< /Type /Catalog /Pages {tree} 0 R /Outlines {outlines} 0 R /PageMode /UseOutlines /Lang (fr-FR) >>",
        )
        self._place(self._info, f"<< /Title {_text(self._title)} /Author {_text(self._author)} >>")
        self._write_table()

    def _write_outlines(self) -> int:
        root = self._reserve()
        first = len(self._offsets) + 1
        for rank, (page, title) in enumerate(self._marks):
            links = f"/Prev {first + rank - 1} 0 R " if rank else ""
            links += f"/Next {first + rank + 1} 0 R " if rank + 1 < len(self._marks) else ""
            self._object(f"<< /Title {_text(title)} /Parent {root} 0 R {links}/Dest [{page} 0 R /Fit] >>".encode())
        ends = f"/First {first} 0 R /Last {first + len(self._marks) - 1} 0 R " if self._marks else ""
        self._place(root, f"<< /Type /Outlines {ends}/Count {len(self._marks)} >>")
        return root

    def _write_table(self) -> None:
        start = self._position
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1))
        self._write(b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets))
        self._write(
            f"trailer\n<< /Size {len(self._offsets) + 1} /Root {self._catalog} 0 R /Info {self._info} 0 R >>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )

    def _copy_fonts(self) -> int:
        """Copies both fonts and what they refer to; returns the number of the dictionary that names them."""
        with pikepdf.open(io.BytesIO(font_file())) as pdf:
            fonts = font_objects(pdf)
            copied: dict[tuple[int, int], int] = {}
            numbers = [self._copy(fonts["regular"], copied), self._copy(fonts["bold"], copied)]
        return self._object(b"<< /F1 %d 0 R /F2 %d 0 R >>" % tuple(numbers))

    def _copy(self, source: pikepdf.Object, copied: dict[tuple[int, int], int]) -> int:
        if source.objgen in copied:
            return copied[source.objgen]
        number = copied[source.objgen] = self._reserve()
        if isinstance(source, pikepdf.Stream):
            raw = source.read_raw_bytes()
            entries = {**dict(source.items()), "/Length": len(raw)}
            body = self._dictionary(entries, copied) + b"\nstream\n" + raw + b"\nendstream"
        else:
            body = self._value(source, copied, top=True)
        self._place(number, body)
        return number

    def _dictionary(self, entries: dict[str, object], copied: dict[tuple[int, int], int]) -> bytes:
        inside = b" ".join(key.encode() + b" " + self._value(value, copied) for key, value in entries.items())
        return b"<< " + inside + b" >>"

    def _value(self, value: object, copied: dict[tuple[int, int], int], *, top: bool = False) -> bytes:
        if not isinstance(value, pikepdf.Object):
            return pikepdf.Object.unparse(pikepdf.Array([value]))[1:-1].strip()
        if value.is_indirect and not top:
            return b"%d 0 R" % self._copy(value, copied)
        if isinstance(value, pikepdf.Dictionary):
            return self._dictionary(dict(value.items()), copied)
        if isinstance(value, pikepdf.Array):
            return b"[" + b" ".join(self._value(item, copied) for item in value) + b"]"
        return value.unparse()

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def _object(self, body: bytes) -> int:
        number = self._reserve()
        self._place(number, body)
        return number

    def _place(self, number: int, body: bytes | str) -> None:
        self._offsets[number - 1] = self._position
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body.encode() if isinstance(body, str) else body))

    def _write(self, data: bytes) -> None:
        self._position += self._file.write(data)


def _references(numbers: list[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _text(text: str) -> str:
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be').hex()}>"
