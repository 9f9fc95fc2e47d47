"""As much of BER (X.690) as LDAP needs: tag, length, content."""

from __future__ import annotations

from collections.abc import Iterator

INTEGER, OCTETS, ENUMERATED, BOOLEAN, SEQUENCE = 0x02, 0x04, 0x0A, 0x01, 0x30


class Malformed(ValueError):
    """Bytes that are not what they say."""


def element(tag: int, content: bytes) -> bytes:
    """One element; lengths over 127 are written in the long form."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(text: str | bytes, tag: int = OCTETS) -> bytes:
    return element(tag, text.encode() if isinstance(text, str) else text)


def sequence(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    return element(tag, b"".join(parts))


def head(data: bytes) -> tuple[int, int, int] | None:
    """Tag, where the content starts, where it ends; None while too few bytes are there. Raises Malformed."""
    if len(data) < 2:
        return None
    size, start = data[1], 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise Malformed("length")
        if len(data) < 2 + count:
            return None
        size, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    return data[0], start, start + size


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of a content, one after the other. Raises Malformed."""
    while data:
        found = head(data)
        if found is None or found[2] > len(data):
            raise Malformed("cut short")
        tag, start, end = found
        yield tag, data[start:end]
        data = data[end:]
