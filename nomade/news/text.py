"""From what an editor writes to what is shown: a little Markdown, cleaned; and words for the search."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from nomade.people.folding import fold

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "hr", "table", "thead"}
_TAGS |= {"tbody", "tr", "th", "td", "code"}


def shown(body: str) -> Markup:
    """The body as HTML: titles from level 2, lists, tables, emphasis and links; no picture, no markup of its own."""
    html = _READER.render(body)
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"})
    return Markup(clean)  # noqa: S704  # nh3 has just cleaned it


def plain(body: str) -> str:
    """The words alone, a line a paragraph, for paper and for the search."""
    html = _READER.render(body)
    html = re.sub(r"</(p|li|h[1-6]|tr|blockquote)>|<br>", "\n", html)
    bare = Markup(nh3.clean(html, tags=set())).unescape()  # noqa: S704  # unescaped text, never shown as markup
    return re.sub(r"\n{3,}", "\n\n", bare).strip()


def searched(*parts: str) -> str:
    """Words without accents, as both the article and the question are compared."""
    return fold(" ".join(parts))
