"""What « Envoyer » asks about once: pure rules, facts in, questions out."""

from __future__ import annotations

import re
from dataclasses import dataclass

# « ci-joint », « en pièce jointe », « vous trouverez joint », « PJ »; « attached », « enclosed », « see attachment ».
_PROMISES = re.compile(
    r"ci[- ]?joint|pi[eè]ces?[- ]jointes?|joints? [aà] ce (?:message|mail|courriel)|je (?:vous |te )?joins\b"
    r"|(?:trouver(?:ez|as|a)?|voici|veuillez trouver)[^.\n]{0,60}\b(?:jointe?s?|annexe)\b|\ben annexe\b|\bpj\b|\bp\.j\."
    r"|\battached\b|\battachments?\b|\benclosed\b|\bi(?:'ve| have)? attach\b|\bfind attached\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^>|^-{5,} ?Message transféré|^Le .{5,80} a écrit", re.IGNORECASE)
_SIGNATURE = "-- "


@dataclass(frozen=True)
class Facts:
    """What a letter is about to be."""

    subject: str
    text: str
    files: int
    recipients: int
    outside: tuple[str, ...]
    to_all: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which questions the agent wants, and above how many people they are asked."""

    attachment: bool = True
    subject: bool = True
    many: bool = True
    outside: bool = False
    many_above: int = 20


@dataclass(frozen=True)
class Doubt:
    """A question, by its key; `detail` completes it."""

    key: str
    detail: str = ""


def own_words(text: str) -> str:
    """What the agent wrote themself: neither the quotation nor the signature."""
    kept = []
    for line in text.splitlines():
        if _QUOTED.match(line):
            break
        if line.rstrip("\n") in (_SIGNATURE, _SIGNATURE.strip()):
            break
        kept.append(line)
    return "\n".join(kept)


def promises_a_file(subject: str, text: str) -> bool:
    """Whether the letter speaks of a file that comes with it."""
    return bool(_PROMISES.search(f"{subject}\n{own_words(text)}"))


def doubts(facts: Facts, wanted: Wanted) -> list[Doubt]:
    """The questions to ask before this letter leaves."""
    found = []
    if wanted.attachment and not facts.files and promises_a_file(facts.subject, facts.text):
        found.append(Doubt("attachment"))
    if wanted.subject and not facts.subject.strip():
        found.append(Doubt("subject"))
    if wanted.many and facts.recipients > wanted.many_above:
        found.append(Doubt("all" if facts.to_all else "many", str(facts.recipients)))
    if wanted.outside and facts.outside:
        shown = ", ".join(facts.outside[:5]) + ("…" if len(facts.outside) > 5 else "")
        found.append(Doubt("outside", shown))
    return found
