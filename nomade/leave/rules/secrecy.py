"""Who reads what of an absence (domain § 7.1, RGPD art. 5 and 9)."""

from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    """From the least to the most informed."""

    COLLEAGUE = "collegue"
    SUPERVISOR = "n1"
    HR = "rh"
    OWNER = "agent"


class Shown(StrEnum):
    """The words of an absence for a reader."""

    ABSENT = "absent"
    COARSE = "absence_justifiee"
    TYPE = "type"


@dataclass(frozen=True)
class Sight:
    """What a reader gets: the words, the dates, the supporting document."""

    words: Shown
    dates: bool
    document: bool


def sight(reader: Reader, secrecy: str) -> Sight:
    """A colleague sees presence only; a supervisor the dates and a coarse word when the type is secret, never a paper.

    `secrecy` is the one of the type: « type », « absence » or « restreint ».
    """
    if reader is Reader.COLLEAGUE:
        return Sight(Shown.ABSENT, dates=True, document=False)
    if reader is Reader.SUPERVISOR:
        return Sight(Shown.TYPE if secrecy == "type" else Shown.COARSE, dates=True, document=False)
    return Sight(Shown.TYPE, dates=True, document=True)
