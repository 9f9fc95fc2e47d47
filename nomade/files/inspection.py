"""Opens one untrusted file in a process of its own, with little memory and time, and gives back what may be kept.

Run as a program by `nomade.files.uploads`, never imported by it: the kind as argument (then the frame of a portrait,
when one is to be cut out), the file on standard input, the answer on standard output: one line of JSON
(`{"refused": reason}` or `{"changed": bool}`), then the new content when
it changed. Knows neither Django nor the portal, and opens no connection.
"""

from __future__ import annotations

import io
import json
import resource
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator

MEMORY = 1 << 30
SECONDS = 20
MOST_PIXELS = 40_000_000
MOST_ENTRIES = 1_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100
PICTURE_QUALITY = 88
# Some programs pad a document with a stretch of zeros: a small entry may be packed as tightly as it likes.
FREE_RATIO = 1024 * 1024
MACROS = ("vbaproject.bin", "vbadata.xml", "basic/", "scripts/", "activex/", "macrosheets/")
# What an office file says it is, each by the part that says so.
OFFICE = {
    "docx": ("[content_types].xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("[content_types].xml", b"spreadsheetml.sheet.main+xml"),
    "odt": ("mimetype", b"application/vnd.oasis.opendocument.text"),
}
RUNS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/GoToE"}
HOLDS = {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/XFA", "/RichMedia", "/RichMediaContent"}
BY_ITSELF = ("/OpenAction", "/AA")


class Refused(Exception):
    """The file is not taken; the text is one of the reasons that `nomade.files.uploads` puts into words."""


def inspect(kind: str, content: bytes) -> bytes:
    """What may be kept of a file of this kind: often the same bytes. Raises Refused."""
    return INSPECTORS[kind](content, kind)


def _picture(content: bytes, kind: str) -> bytes:
    """Draws the picture anew: no place, no camera, no other file hidden behind it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    wanted = "JPEG" if kind == "jpg" else "PNG"
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("too-many-pixels")
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            drawn = upright.convert("RGB" if kind == "jpg" else _png_mode(upright.mode))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too-many-pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("unreadable") from error
    drawn.info.clear()
    out = io.BytesIO()
    if kind == "jpg":
        drawn.save(out, "JPEG", quality=PICTURE_QUALITY, optimize=True)
    else:
        drawn.save(out, "PNG", optimize=False)
    return out.getvalue()


def _png_mode(mode: str) -> str:
    if mode in ("1", "L", "LA", "RGB", "RGBA"):
        return mode
    return "RGBA" if mode in ("P", "PA", "La", "RGBa") else "RGB"


def _pdf(content: bytes, _kind: str) -> bytes:
    """A PDF that runs nothing: refused when it holds a programme or a file, what starts by itself taken out."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if len(pdf.pages) == 0:
                raise Refused("unreadable")
            nodes = list(_nodes(pdf))
            if any(_runs(node) for node in nodes):
                raise Refused("active")
            if sum(_disarm(node) for node in nodes) == 0:
                return content
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except (pikepdf.PdfError, ValueError, OSError) as error:
        raise Refused("unreadable") from error


def _nodes(pdf: object) -> Iterator[object]:
    """Every dictionary of a PDF, however deep inside another object."""
    import pikepdf

    waiting = [pdf.trailer.Root, *pdf.objects]  # type: ignore[attr-defined]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(item for item in node if _is_direct(item))
        elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            yield node
            waiting.extend(item for item in node.values() if _is_direct(item))


def _is_direct(item: object) -> bool:
    """An indirect object comes by itself in the list of all of them: following references could go round for ever."""
    import pikepdf

    return isinstance(item, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream) and not item.is_indirect


def _runs(node: object) -> bool:
    keys = set(node.keys())  # type: ignore[attr-defined]
    kinds = {str(node.get(name)) for name in ("/S", "/Type", "/Subtype") if name in keys}  # type: ignore[attr-defined]
    return bool(keys & HOLDS or kinds & (RUNS | HOLDS))


def _disarm(node: object) -> bool:
    automatic = [name for name in BY_ITSELF if name in node.keys()]  # type: ignore[attr-defined]  # noqa: SIM118
    for name in automatic:
        del node[name]  # type: ignore[attr-defined]
    return bool(automatic)


def _office(content: bytes, kind: str) -> bytes:
    """An office file: a container that is what it says, of a reasonable size, without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            entries = container.infolist()
            if len(entries) > MOST_ENTRIES:
                raise Refused("too-packed")
            names = {entry.filename.lower() for entry in entries}
            for entry in entries:
                _check_entry(entry)
            _unpack(container, entries)
            part, says = OFFICE[kind]
            if part not in names:
                raise Refused("other-content")
            wanted = next(entry for entry in entries if entry.filename.lower() == part)
            if says not in container.read(wanted):
                raise Refused("other-content")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Refused("unreadable") from error
    return content


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/").lower()
    if entry.flag_bits & 0x1:
        raise Refused("encrypted")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or is_link:
        raise Refused("unsafe-names")
    if any(name.endswith(macro) or f"/{macro}" in f"/{name}" for macro in MACROS):
        raise Refused("macros")


def _unpack(container: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Reads every entry to count what it really holds: the sizes that a container declares may lie."""
    total = 0
    for entry in entries:
        size = 0
        text = entry.filename.lower().endswith((".xml", ".rels"))
        tail = b""
        with container.open(entry) as stream:
            while piece := stream.read(64 * 1024):
                size += len(piece)
                total += len(piece)
                packed = max(entry.compress_size, 1)
                if total > MOST_UNPACKED or (size > FREE_RATIO and size / packed > MOST_RATIO):
                    raise Refused("too-packed")
                if text and _declares_entities(tail + piece):
                    raise Refused("active")
                tail = piece[-32:]


def _declares_entities(piece: bytes) -> bool:
    """Office files have no use for a document type: it is how « billion laughs » and remote entities come in."""
    plain = piece.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


PORTRAIT_PIXELS = 480


def square(content: bytes, kind: str, *, zoom: int, left: int, top: int) -> bytes:
    """A square portrait cut out of a picture, drawn anew as JPEG.

    `zoom` is in percent of the largest square that fits (100: all of it); `left` and `top` say, in percent, where that
    square stands in what is left of the picture.
    """
    from PIL import Image

    with Image.open(io.BytesIO(_picture(content, kind))) as opened:
        drawn = opened.convert("RGB")
    side = max(1, min(drawn.size) * 100 // zoom)
    x, y = (drawn.width - side) * left // 100, (drawn.height - side) * top // 100
    cut = drawn.crop((x, y, x + side, y + side)).resize((PORTRAIT_PIXELS, PORTRAIT_PIXELS), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=PICTURE_QUALITY, optimize=True)
    return out.getvalue()


INSPECTORS: dict[str, Callable[[bytes, str], bytes]] = {
    "jpg": _picture,
    "png": _picture,
    "pdf": _pdf,
    "docx": _office,
    "xlsx": _office,
    "odt": _office,
}


def main() -> None:
    """Reads one file, answers, ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        if len(sys.argv) > 2:
            zoom, left, top = (int(number) for number in sys.argv[2:5])
            kept = square(content, sys.argv[1], zoom=zoom, left=left, top=top)
        else:
            kept = inspect(sys.argv[1], content)
    except Refused as refused:
        answer: dict[str, object] = {"refused": str(refused)}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        return
    answer = {"changed": kept is not content}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    if kept is not content:
        sys.stdout.buffer.write(kept)


if __name__ == "__main__":
    main()
