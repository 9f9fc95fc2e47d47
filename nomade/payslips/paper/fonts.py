"""The two faces of the demo slip, subset by typst once a run; pages then place glyphs themselves.

Typst lays a slip out in 25 ms; placing known glyphs at known widths takes 0.5 ms, which is what makes 55,000 pages
a matter of a minute. Typst keeps what it does best: reading, subsetting and embedding the fonts.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import pikepdf
import typst

_ALPHABET = (
    "0123456789 \u00a0abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "àâäçéèêëîïôöùûüÿñœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÑŒÆáíóúãõåøÁÍÓÚÃÕÅØšžŠŽ"
    ".,;:!?'’«»“”()[]/-–—\u2212+*%€°&@#•·…=_"
)
_SOURCE = """
#set page(width: 2000pt, height: 400pt)
#set text(font: "Atkinson Hyperlegible", features: (kern: 0, liga: 0))
#text(weight: "regular", sys.inputs.alphabet) \\
#text(weight: "bold", sys.inputs.alphabet)
"""


@dataclass(frozen=True)
class Face:
    """One font: each sign's glyph, as four hexadecimal digits, and its advance in thousandths of the size."""

    resource: str
    glyphs: dict[str, str]
    advances: dict[str, int]

    def encode(self, text: str) -> str:
        """The hexadecimal string of a text; a sign the font lacks becomes a question mark."""
        unknown = self.glyphs["?"]
        return "".join(self.glyphs.get(sign, unknown) for sign in text)

    def width(self, text: str, size: float) -> float:
        """The width of a text in points."""
        unknown = self.advances["?"]
        return sum(self.advances.get(sign, unknown) for sign in text) * size / 1000


@lru_cache(maxsize=1)
def font_file() -> bytes:
    """A one-page PDF that embeds both faces, subset to the alphabet of French and its neighbours."""
    folder = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
    source: Any = _SOURCE.encode()
    made: bytes = typst.compile(
        source,
        sys_inputs={"alphabet": _ALPHABET},
        font_paths=[str(folder)],
        ignore_system_fonts=True,
        pdf_tags=False,
    )
    return made


@lru_cache(maxsize=1)
def faces() -> tuple[Face, Face]:
    """Regular and bold."""
    with pikepdf.open(io.BytesIO(font_file())) as pdf:
        fonts = font_objects(pdf)
        return _face("F1", fonts["regular"]), _face("F2", fonts["bold"])


def font_objects(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """The font dictionaries of that PDF, by weight."""
    found = {}
    for font in pdf.pages[0].Resources.Font.as_dict().values():
        found["bold" if "Bold" in str(font.BaseFont) else "regular"] = font
    return found


def _face(resource: str, font: Any) -> Face:
    glyphs = _glyphs_by_sign(font.ToUnicode.read_bytes().decode("latin-1"))
    advances = _advances_by_glyph(list(font.DescendantFonts[0].W))
    # Typst may write one glyph for the space and for the no-break space: the plain one stands for both.
    glyphs.setdefault(" ", glyphs.get("\u00a0", ""))
    glyphs.setdefault("\u00a0", glyphs[" "])
    return Face(resource, glyphs, {sign: advances[int(glyph, 16)] for sign, glyph in glyphs.items()})


def _glyphs_by_sign(cmap: str) -> dict[str, str]:
    """Reverses a ToUnicode map made of `bfchar` sections."""
    found: dict[str, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            found.setdefault(bytes.fromhex(text).decode("utf-16-be"), glyph)
    return found


def _advances_by_glyph(widths: list[Any]) -> dict[int, int]:
    """Reads the W array of a CID font: `first [w w w]` or `first last w`."""
    found: dict[int, int] = {}
    position = 0
    while position < len(widths):
        first = int(widths[position])
        following = widths[position + 1]
        if isinstance(following, pikepdf.Array):
            found.update({first + rank: round(float(width)) for rank, width in enumerate(following)})
            position += 2
        else:
            found.update(dict.fromkeys(range(first, int(following) + 1), round(float(widths[position + 2]))))
            position += 3
    return found
