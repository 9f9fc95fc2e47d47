"""Bytes of unknown honesty into text."""

from __future__ import annotations

import codecs

# Labels that mail programs write for something else, as browsers understand them (WHATWG Encoding).
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "iso-8859-8-i": "iso8859-8",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
}
# Python knows these as text encodings; in a message they are an attack on the decoder or a mistake.
_NEVER = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def decode(raw: bytes, charset: str = "") -> str:
    """The text of `raw`: by its declared charset when that works, else UTF-8, else Windows-1252. Never raises."""
    label = charset.strip().strip("\"'").lower().replace(" ", "")
    for name in (_ALIASES.get(label, label), "utf-8"):
        if not name or name == "us-ascii":
            continue
        try:
            if codecs.lookup(name).name.replace("-", "_") in _NEVER:
                continue
            return raw.decode(name)
        except (LookupError, ValueError, UnicodeError):
            continue
    return raw.decode("cp1252", errors="replace")
