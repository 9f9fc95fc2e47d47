"""The text version of a letter: quotations keep their mark, lists their dashes, links their address."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre", "ul", "ol", "hr"}
)
_LINE = "\n"


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self._depth = 0
        self._current = ""
        self._link = ""
        self._link_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end(keep_empty=True)
        elif tag in _BLOCKS:
            self._end()
        if tag == "blockquote":
            self._depth += 1
        elif tag == "li":
            self._current = "- "
        elif tag in ("td", "th") and self._current:
            self._current += " "
        elif tag == "a":
            self._link, self._link_from = dict(attrs).get("href") or "", len(self._current)
        elif tag == "img":
            self._current += dict(attrs).get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            shown = self._current[self._link_from :].strip()
            if self._link not in (shown, f"mailto:{shown}") and self._link.removesuffix("/") != shown:
                self._current += f" <{self._link}>"
            self._link = ""
        if tag in _BLOCKS:
            self._end(keep_empty=tag in ("p", "pre") and not self._current)
        if tag == "blockquote":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        self._current += re.sub(r"[ \t\r\n\f]+", " ", data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self, *, keep_empty: bool = False) -> None:
        line = self._current.replace("\u200b", "").strip(" ")
        if line or keep_empty:
            self.lines.append((self._depth, line))
        self._current = ""


def from_letter(cleaned: str) -> str:
    """The text version of a *cleaned* letter."""
    writer = _Writer()
    writer.feed(cleaned)
    writer.close()
    # « -- » and a space: by that mark mail programs know a signature (RFC 3676 § 4.3).
    lines = [(depth, "-- " if line == "--" else line) for depth, line in writer.lines]
    written = [f"{'>' * depth} {line}".rstrip() if depth else line for depth, line in lines]
    return re.sub(r"\n{3,}", "\n\n", _LINE.join(written)).strip("\n")
