"""Style declarations rebuilt, never copied: what is not understood and allowed does not come out.

Kept values hold words, numbers, lengths, percentages, colours and quoted font names; so no `url()`, `var()`, `expr()`,
`@import`, escape or comment can survive, whatever the sender's spelling of them was.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import tinycss2

_BOX = {f"{box}{side}" for box in ("padding", "margin") for side in ("", "-top", "-right", "-bottom", "-left")}
_BORDER = {
    f"border{side}{what}"
    for side in ("", "-top", "-right", "-bottom", "-left")
    for what in ("", "-color", "-style", "-width")
}
# No position, z-index, inset, transform, overflow, opacity, content, cursor, animation, transition, filter, clip…
PROPERTIES = frozenset(
    _BOX
    | _BORDER
    | {
        "background", "background-color", "border-collapse", "border-radius", "border-spacing", "box-sizing",
        "caption-side", "clear", "color", "direction", "display", "empty-cells", "float", "font", "font-family",
        "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height",
        "list-style", "list-style-type", "max-height", "max-width", "min-height", "min-width", "table-layout",
        "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "width",
        "word-break", "word-spacing", "word-wrap", "overflow-wrap",
    }
)  # fmt: skip
_DISPLAY = {
    "none", "block", "inline", "inline-block", "table", "inline-table", "table-row", "table-cell", "table-row-group",
    "table-header-group", "table-footer-group", "list-item",
}  # fmt: skip
_COLOUR_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla"}
_WORD = re.compile(r"-?[a-zA-Z][a-zA-Z0-9-]{0,40}", re.ASCII)
_FONT = re.compile(r"[\w .,&-]{1,80}")
_UNITS = {"px", "em", "rem", "ex", "ch", "pt", "pc", "cm", "mm", "in", "q"}
# Words that look like names and do more, in this engine or in an old one.
_FORBIDDEN_WORDS = {"expression", "behavior", "javascript", "-moz-binding", "inherit-all", "fixed", "sticky"}
MAX_STYLE = 10_000
MAX_NUMBER = 5_000.0


@lru_cache(maxsize=4096)
def rebuild(style: str) -> tuple[str, int]:
    """The allowed declarations of a style attribute, written anew; and how many remote resources were asked for."""
    if not style or len(style) > MAX_STYLE:
        return "", 0
    remote = 0
    kept: list[str] = []
    for declaration in tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True):
        if declaration.type != "declaration":
            continue
        remote += _count_urls(declaration.value)
        name = declaration.lower_name
        if name in PROPERTIES:
            value = _value(declaration.value)
            if value and _fits(name, value):
                kept.append(f"{name}:{value}")
    return ";".join(kept), remote


def _fits(name: str, value: str) -> bool:
    if name == "display":
        return value.lower() in _DISPLAY
    # Text and blocks pushed out of sight, or over something else.
    return not (name.startswith(("margin", "text-indent")) and "-" in re.sub(r"[a-z]-[a-z]", "", value.lower()))


def _value(tokens: list[Any]) -> str:
    """The tokens written anew, or nothing at all when one of them is not allowed."""
    written: list[str] = []
    for token in tokens:
        text = _token(token)
        if text is None:
            return ""
        written.append(text)
    return re.sub(r" +", " ", "".join(written)).strip()


def _token(token: Any) -> str | None:
    kind = token.type
    if kind in ("whitespace", "comment"):
        return " "
    if kind == "ident":
        known = _WORD.fullmatch(token.value) and token.value.lower() not in _FORBIDDEN_WORDS
        return token.value if known else None
    if kind == "literal":
        return token.value if token.value in (",", "/") else None
    if kind in ("number", "percentage", "dimension"):
        return _number(token)
    if kind == "hash":
        return f"#{token.value}" if re.fullmatch(r"[0-9a-fA-F]{3,8}", token.value) else None
    if kind == "string":
        return f"'{token.value}'" if _FONT.fullmatch(token.value) else None
    if kind == "function" and token.lower_name in _COLOUR_FUNCTIONS:
        inside = _value(token.arguments)
        return f"{token.lower_name}({inside})" if inside else None
    return None


def _number(token: Any) -> str | None:
    value = float(token.value)
    if not abs(value) <= MAX_NUMBER:
        return None
    number = f"{value:.4f}".rstrip("0").rstrip(".")
    if token.type == "percentage":
        return f"{number}%"
    if token.type == "dimension":
        return f"{number}{token.lower_unit}" if token.lower_unit in _UNITS else None
    return number


def _count_urls(tokens: list[Any]) -> int:
    found = 0
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        if token.type == "url" or (token.type == "function" and token.lower_name in ("url", "src", "image-set")):
            found += 1
        if token.type == "function":
            waiting.extend(token.arguments)
        elif token.type in ("() block", "[] block", "{} block"):
            waiting.extend(token.content)
    return found
