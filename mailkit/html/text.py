"""Plain text as nodes: who shows them escapes them, nobody edits markup. Links are found, quotes are nested."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from mailkit.html.clean import link

_URL = re.compile(r"\b(?:https?://|mailto:)[^\s<>\"'`\u00ab\u00bb\u201c\u201d\u2026]{1,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?…»\u00a0"
_QUOTE = re.compile(r"(?:> ?)+")
MAX_QUOTE = 8


@dataclass(frozen=True)
class Span:
    """A run of text; `href` when it is a link."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Block:
    """Consecutive lines at one depth of quotation."""

    depth: int
    spans: tuple[Span, ...]


def blocks(text: str) -> list[Block]:
    """The text of a message as blocks of quotation and runs of text and links."""
    found: list[tuple[int, list[str]]] = []
    for line in text.split("\n"):
        mark = _QUOTE.match(line)
        depth = min(MAX_QUOTE, mark[0].count(">")) if mark else 0
        content = line[mark.end() :] if mark else line
        if not found or found[-1][0] != depth:
            found.append((depth, []))
        found[-1][1].append(content)
    return [Block(depth, tuple(spans("\n".join(lines)))) for depth, lines in found]


def spans(text: str) -> list[Span]:
    """Splits text into runs and links (http, https, mailto)."""
    result: list[Span] = []
    position = 0
    for found in _URL.finditer(text):
        shown = _trim(found[0])
        href = link(shown)
        if href is None:
            continue
        if found.start() > position:
            result.append(Span(text[position : found.start()]))
        result.append(Span(shown, href))
        position = found.start() + len(shown)
    if position < len(text):
        result.append(Span(text[position:]))
    return result


def _trim(url: str) -> str:
    """Without the punctuation of the sentence, and without a bracket that was opened before the address."""
    while url and (
        url[-1] in _TRAILING or (url[-1] in ")]" and url.count(url[-1]) > url.count("(" if url[-1] == ")" else "["))
    ):
        url = url[:-1]
    return url


class _Extractor(HTMLParser):
    """Text of a cleaned fragment, with line ends where blocks end."""

    BLOCKS = frozenset(
        {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre", "ul", "ol"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag in self.BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(cleaned: str) -> str:
    """The words of a *cleaned* fragment, for quoting it in an answer."""
    extractor = _Extractor()
    extractor.feed(cleaned)
    extractor.close()
    lines = [re.sub(r" +", " ", line).strip() for line in "".join(extractor.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
