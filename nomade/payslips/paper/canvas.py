"""A page being drawn: texts and shapes placed in points from the top left, turned into a PDF content stream."""

from __future__ import annotations

from nomade.payslips.paper.fonts import Face

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
Colour = tuple[float, float, float]
INK: Colour = (0.114, 0.141, 0.2)
SOFT: Colour = (0.357, 0.392, 0.459)
RULE: Colour = (0.835, 0.855, 0.89)
BRAND: Colour = (0.086, 0.227, 0.459)
TINT: Colour = (0.933, 0.953, 0.984)


class Canvas:
    """Collects drawing operators; `y` counts downwards from the top of the page."""

    def __init__(self, regular: Face, bold: Face) -> None:
        self.regular, self.bold = regular, bold
        self._operators: list[str] = []

    def content(self) -> bytes:
        """The content stream, not compressed."""
        return "\n".join(self._operators).encode("ascii")

    def append(self, other: Canvas) -> None:
        """Draws another canvas over this one."""
        self._operators += other._operators

    def text(
        self, x: float, y: float, text: str, *, size: float = 8.5, bold: bool = False, colour: Colour = INK
    ) -> float:
        """Writes from `x`; returns the abscissa after the last sign."""
        face = self.bold if bold else self.regular
        self._show(x, y, f"<{face.encode(text)}> Tj", face, size, colour)
        return x + face.width(text, size)

    def text_right(
        self, x: float, y: float, text: str, *, size: float = 8.5, bold: bool = False, colour: Colour = INK
    ) -> None:
        """Writes a text that ends at `x`; amounts are aligned on their decimal comma."""
        if not text:
            return
        face = self.bold if bold else self.regular
        whole, comma, decimals = text.partition(",")
        # Digits differ in width: the commas stand in column, and the text stays one run that any reader extracts whole.
        end = face.width("".join("0" if sign.isdigit() else sign for sign in comma + decimals), size)
        self._show(x - end - face.width(whole, size), y, f"<{face.encode(text)}> Tj", face, size, colour)

    def _show(self, x: float, y: float, operator: str, face: Face, size: float, colour: Colour) -> None:
        place = f"1 0 0 1 {x:.2f} {PAGE_HEIGHT - y:.2f} Tm"
        red, green, blue = colour
        self._operators.append(f"BT {red} {green} {blue} rg /{face.resource} {size} Tf {place} {operator} ET")

    def wrapped(
        self, x: float, y: float, text: str, width: float, *, size: float = 8.5, leading: float = 10.5
    ) -> float:
        """Writes words on as many lines as `width` needs; returns the ordinate of the last one."""
        line = ""
        for word in text.split(" "):
            candidate = f"{line} {word}".strip()
            if line and self.regular.width(candidate, size) > width:
                self.text(x, y, line, size=size)
                line, y = word, y + leading
            else:
                line = candidate
        self.text(x, y, line, size=size)
        return y

    def rule(self, x: float, y: float, width: float, *, thickness: float = 0.5, colour: Colour = RULE) -> None:
        """A horizontal line."""
        self._fill(colour, f"{x:.2f} {PAGE_HEIGHT - y:.2f} {width:.2f} {-thickness:.2f} re")

    def panel(
        self, x: float, y: float, width: float, height: float, *, radius: float = 5, colour: Colour = TINT
    ) -> None:
        """A filled rectangle with round corners, drawn under what comes after it."""
        left, right, top, bottom = x, x + width, PAGE_HEIGHT - y, PAGE_HEIGHT - y - height
        k = radius * 0.4477  # 1 - 0.5523: where Bézier handles stand for a quarter of a circle
        r = radius
        path = (
            f"{left + r:.2f} {bottom:.2f} m {right - r:.2f} {bottom:.2f} l "
            f"{right - k:.2f} {bottom:.2f} {right:.2f} {bottom + k:.2f} {right:.2f} {bottom + r:.2f} c "
            f"{right:.2f} {top - r:.2f} l "
            f"{right:.2f} {top - k:.2f} {right - k:.2f} {top:.2f} {right - r:.2f} {top:.2f} c "
            f"{left + r:.2f} {top:.2f} l "
            f"{left + k:.2f} {top:.2f} {left:.2f} {top - k:.2f} {left:.2f} {top - r:.2f} c "
            f"{left:.2f} {bottom + r:.2f} l "
            f"{left:.2f} {bottom + k:.2f} {left + k:.2f} {bottom:.2f} {left + r:.2f} {bottom:.2f} c h"
        )
        self._fill(colour, path)

    def _fill(self, colour: Colour, path: str) -> None:
        red, green, blue = colour
        self._operators.append(f"{red} {green} {blue} rg {path} f")
