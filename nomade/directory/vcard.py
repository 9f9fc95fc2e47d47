"""A person as a vCard 4.0 (RFC 6350), for the contacts of a telephone."""

from __future__ import annotations

from nomade.people.models import Agent

_WIDEST = 75  # octets of a line, RFC 6350 § 3.2


def vcard(agent: Agent, *, post: str, organisation: str, units: list[str], mobile: str) -> str:
    """The card's text, with the line ends that RFC 6350 asks for; only what colleagues may see."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_escaped(agent.full_name)}",
        f"N:{_escaped(agent.shown_last_name)};{_escaped(agent.first_name)};;;",
        "ORG:" + ";".join(_escaped(part) for part in (organisation, *units)),
    ]
    if post:
        lines.append(f"TITLE:{_escaped(post)}")
    if agent.mail_address:
        lines.append(f"EMAIL;TYPE=work:{_escaped(agent.mail_address)}")
    if agent.phone:
        lines.append(f"TEL;TYPE=work,voice:{_escaped(agent.phone)}")
    if mobile:
        lines.append(f"TEL;TYPE=work,cell:{_escaped(mobile)}")
    lines.append("END:VCARD")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _escaped(text: str) -> str:
    """RFC 6350 § 3.4; a line end in a name would begin a line of its own."""
    plain = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """Cut into lines of at most 75 octets, never inside a letter."""
    parts: list[str] = []
    current = b""
    for letter in line:
        sign = letter.encode()
        if len(current) + len(sign) > _WIDEST - (1 if parts else 0):
            parts.append(current.decode())
            current = b""
        current += sign
    parts.append(current.decode())
    return "\r\n ".join(parts)
