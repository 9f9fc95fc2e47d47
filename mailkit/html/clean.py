"""The HTML of a message, made harmless on the server: nh3 (html5ever) with an allow-list, then nothing touches it.

It is the first of three walls: the result is shown only in a sandboxed frame, from a host without cookies, under
`default-src 'none'`. Attribute values are rebuilt inside nh3's own pass, because markup edited after cleaning is how
mutation attacks come back (Roundcube CVE-2024-42009).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import nh3

from mailkit.html import css

# No svg, math, form, input, button, style, link, meta, base, iframe, object, embed, video, audio, picture, template…
TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
    "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_WITH_CONTENT = {
    "script", "style", "title", "svg", "math", "object", "embed", "applet", "noscript", "noembed", "noframes",
    "iframe", "template", "xmp", "plaintext", "listing", "select", "textarea", "video", "audio", "canvas", "head",
}  # fmt: skip
_ANY = {"style", "dir", "lang", "title", "align", "valign", "width", "height", "bgcolor"}
ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(_ANY) for tag in TAGS},
    "a": _ANY | {"href"},
    "img": _ANY | {"src", "alt", "border", "hspace", "vspace"},
    "table": _ANY | {"border", "cellpadding", "cellspacing", "summary"},
    "td": _ANY | {"colspan", "rowspan", "headers", "nowrap"},
    "th": _ANY | {"colspan", "rowspan", "headers", "nowrap", "scope"},
    "col": _ANY | {"span"},
    "colgroup": _ANY | {"span"},
    "font": _ANY | {"color", "face", "size"},
    "ol": _ANY | {"start", "type", "reversed"},
    "li": _ANY | {"value"},
}
_LINK_SCHEMES = ("http", "https", "mailto")
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]{0,400000}", re.IGNORECASE)
# What a browser drops from an address before it reads the scheme (WHATWG URL § 4.4).
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")
_SIMPLE = re.compile(r"[\w #%.,:;+'()/-]{0,200}")
_REMOTE = re.compile(r"\s*(?:https?:|ftp:|//)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that a parser closes by itself: leaving them open builds no depth.
_SELF_CLOSING = {
    "br", "img", "hr", "input", "meta", "link", "col", "area", "wbr", "source", "p", "li", "td", "th", "tr", "dd", "dt",
    "option", "html", "head", "body", "tbody", "thead", "tfoot",
}  # fmt: skip
_INNER = {"local", "localhost", "internal", "lan", "home", "corp", "intranet", "arpa", "test", "example", "invalid"}
_NUMERIC = re.compile(r"[0-9.xXa-fA-F]+\.[0-9xXa-fA-F]+|[0-9.]+")
# Public names that resolve to an inner address: the services that do it for any address, and addresses in the name.
_TO_INNER = {"nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "traefik.me"}
_INNER_IN_NAME = re.compile(
    r"(?:^|[.-])(?:(?:127|10|0)[.-]\d{1,3}|169[.-]254|192[.-]168|172[.-](?:1[6-9]|2\d|3[01])|100[.-](?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))"
    r"(?:[.-]\d{1,3}){2}(?=[.-]|$)"
)
MAX_HTML = 2 * 1024 * 1024
MAX_DEPTH = 3000  # the parser takes quadratic time: 14 ms at 2,000 levels, over a second at 20,000
MAX_STYLES = 5000


@dataclass
class Cleaned:
    """A harmless fragment, and what was left out of it."""

    html: str = ""
    blocked_images: int = 0
    used_cids: list[str] = field(default_factory=list)
    truncated: bool = False
    too_deep: bool = False


def clean(
    html: str,
    *,
    inline_url: Callable[[str], str | None] = lambda _cid: None,
    remote: bool = False,
    outward: Callable[[str], str] = str,
) -> Cleaned:
    """Cleans a body. `inline_url` gives the address of a `cid:` picture of the same message, or None.

    `outward` gives where a link leads instead of its own address.

    `remote`: the reader asked for the pictures of the internet; their addresses come out, for the browser to load.

    Remote pictures are not loaded and their address does not come out; they are counted. Markup nested thousands deep
    is made to exhaust a reader: nothing of it is given back (`too_deep`).
    """
    result = Cleaned(truncated=len(html) > MAX_HTML)
    html = html[:MAX_HTML]
    if _is_too_deep(html):
        result.too_deep = True
        return result
    styles = 0

    def keep(tag: str, attribute: str, value: str) -> str | None:
        nonlocal styles
        if attribute == "style":
            styles += 1
            if styles > MAX_STYLES:
                return None
            style, asked = css.rebuild(value)
            result.blocked_images += asked
            return style or None
        if attribute == "href":
            address = link(value)
            return None if address is None else outward(address)
        if attribute == "src":
            return _picture(value, result, inline_url, remote=remote) if tag == "img" else None
        return _plain(attribute, value)

    result.html = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"loading": "lazy"}},
        url_schemes={"http", "https", "mailto", "cid", "data"},
    )
    return result


def _is_too_deep(html: str) -> bool:
    depth = 0
    for found in _TAG.finditer(html):
        if found[2].lower() not in _SELF_CLOSING:
            depth = max(0, depth - 1) if found[1] else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def link(value: str) -> str | None:
    """The address of a link when it is http, https or mailto, in plain writing; None otherwise."""
    compact = _IGNORED.sub("", value)
    try:
        parts = urlsplit(compact)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _LINK_SCHEMES or len(compact) > 4000:
        return None
    if parts.scheme.lower() == "mailto":
        return compact if "@" in parts.path and not re.search(r"%0[0ad]", compact, re.IGNORECASE) else None
    return compact if host and not parts.username else None


def _picture(value: str, result: Cleaned, inline_url: Callable[[str], str | None], *, remote: bool) -> str | None:
    compact = value.strip()
    if compact[:4].lower() == "cid:":
        identifier = unquote(compact[4:]).strip().strip("<>")
        address = inline_url(identifier)
        if address is not None:
            result.used_cids.append(identifier)
        return address
    if _DATA_IMAGE.fullmatch(compact):
        return compact
    if remote and (address := remote_picture(compact)):
        return address
    if compact:
        result.blocked_images += bool(_REMOTE.match(compact))
    return None


def remote_picture(value: str) -> str | None:
    """The address of a picture on the internet: https and a public name, so that no message reaches an inner server."""
    address = link(value)
    if address is None:
        return None
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    inner = "." not in host or host.rsplit(".", 1)[-1] in _INNER or _NUMERIC.fullmatch(host) or ":" in host
    leads_inside = _INNER_IN_NAME.search(host) or ".".join(host.lower().rsplit(".", 2)[-2:]) in _TO_INNER
    return None if parts.scheme.lower() != "https" or inner or leads_inside else address


def _plain(attribute: str, value: str) -> str | None:
    if attribute in ("alt", "title", "summary"):
        return value[:1000]
    return value if _SIMPLE.fullmatch(value) else None
