"""What makes a password good enough. Pure: a password, limits and words in; what is missing out.

Two doors (docs/adr/0015). A: at least 15 characters of three kinds. B: at least 20 characters, whatever their kinds,
for those who would rather remember a sentence. Behind both, the same question: how much of it is easy to guess? The
text is cut into the cheapest pieces: a common word costs 2, a word of the place, a year, a sequence or a repetition 1,
a date 2, any other character 1. « Motdepasse12345! » has 16 characters of four kinds and is worth 4.

OWASP ASVS 5.0 6.2.1, 6.2.4, 6.2.5 (deviation D1), 6.2.9, 6.2.11; CNIL, délibération 2022-100.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

KINDS = ("lower", "upper", "digit", "other")
SHORTEST, LONGEST = 3, 24
WORD, PLACE, DATE = 2, 1, 2
# Rows of keyboards, and walks across them, in both directions.
_WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "&e\"'(-e_ca)=",
    "!@#$%^&*()_+",
    "1a2z3e4r5t6y7u8i9o0p",
    "a1z2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "aqwzsxedcrfvtgbyhnujikolpm",
    "1aqw2zsx3edc4rfv5tgb6yhn",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
# What people write for a letter; « 1 » and « ! » are an i for some, an l for others.
_LEET = str.maketrans("@4€3!1|05$78+9", "aaeeiiiosstbtg")
_LEET_L = str.maketrans("@4€3!1|05$78+9", "aaeelllosstbtg")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])([-/. _]?)(?:0[1-9]|1[0-2])\1(?:(?:19|20)?\d\d)"
    r"|(?:19|20)\d\d([-/. _]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01])"
)


@dataclass(frozen=True)
class Limits:
    """The numbers of the policy: settings."""

    minimum: int
    kinds: int
    units: int
    passphrase: int
    passphrase_units: int
    maximum: int


@dataclass(frozen=True)
class Lexicon:
    """Texts and what each is worth; `reach` is how long those are that begin with the same three signs."""

    costs: Mapping[str, int]
    reach: Mapping[str, int]


def lexicon(costs: Mapping[str, int]) -> Lexicon:
    """Prepared once for a list: a random password then costs one look-up a sign."""
    reach: dict[str, int] = {}
    for text in costs:
        if SHORTEST <= len(text) <= LONGEST:
            beginning = text[:SHORTEST]
            reach[beginning] = max(reach.get(beginning, 0), len(text))
    return Lexicon(costs, reach)


@dataclass(frozen=True)
class Words:
    """What is easy to guess for anybody, here, and for this person (`own` is refused outright, too)."""

    common: Lexicon
    here: Lexicon
    own: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """What a password is worth, and whether it is enough."""

    length: int
    missing_kinds: tuple[str, ...]
    units: int
    long_enough: bool
    varied_enough: bool
    hard_to_guess: bool
    own_words: bool
    too_long: bool

    @property
    def good(self) -> bool:
        return (
            self.long_enough and self.varied_enough and self.hard_to_guess and not self.own_words and not self.too_long
        )


def fold(text: str) -> str:
    """Lower case without accents, as the lists are: « Éloïse » and « eloise » are one word."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))


def walks() -> dict[str, int]:
    """Every piece of a keyboard row or of the alphabet, both ways: each is worth one unit."""
    found = {}
    for row in _WALKS:
        for line in (row, row[::-1]):
            for start in range(len(line)):
                for end in range(start + SHORTEST, min(start + LONGEST, len(line)) + 1):
                    found[line[start:end]] = 1
    return found


def units(password: str, words: Words) -> int:
    """The least a password is worth, however it is cut."""
    plain = fold(password)
    readings = list(dict.fromkeys((plain, plain.translate(_LEET), plain.translate(_LEET_L))))
    lexicons = (words.common, words.here, lexicon(dict.fromkeys(words.own, PLACE)))
    size = len(plain)
    best = list(range(size + 1))
    for start in range(size):
        here = best[start]
        best[start + 1] = min(best[start + 1], here + 1)
        for end, cost in (*_known(readings, start, lexicons), *_patterns(plain, start)):
            best[end] = min(best[end], here + cost)
    return best[size]


def _known(readings: Collection[str], start: int, lexicons: Collection[Lexicon]) -> Iterator[tuple[int, int]]:
    """The known texts that begin at a place: where each ends and what it costs."""
    for reading in readings:
        beginning = reading[start : start + SHORTEST]
        for known in lexicons:
            for end in range(start + SHORTEST, min(start + known.reach.get(beginning, 0), len(reading)) + 1):
                cost = known.costs.get(reading[start:end])
                if cost is not None:
                    yield end, cost


def _patterns(plain: str, start: int) -> Iterator[tuple[int, int]]:
    """Years, dates and repetitions that begin at a place: where each ends and what it costs."""
    if plain[start].isdigit():
        if _YEAR.match(plain, start):
            yield start + 4, 1
        date = _DATE.match(plain, start)
        if date:
            yield date.end(), DATE
    end = start + SHORTEST
    if plain[start:end] == plain[start] * SHORTEST:
        while end < len(plain) and plain[end] == plain[start]:
            end += 1
        yield end, 1
    # What was already said is worth one unit, however long: « soleilsoleil », « azur-azur ».
    end = start + SHORTEST
    while end <= len(plain) and plain.find(plain[start:end], 0, start) >= 0:
        yield end, 1
        end += 1


def assess(password: str, limits: Limits, words: Words) -> Verdict:
    """Judges a password already normalised (NFKC)."""
    length = len(password)
    present = {_kind(sign) for sign in password}
    passphrase = length >= limits.passphrase
    varied = len(present) >= limits.kinds
    worth = units(password[: limits.maximum], words)
    wanted = limits.units if varied else limits.passphrase_units
    return Verdict(
        length=length,
        missing_kinds=tuple(kind for kind in KINDS if kind not in present),
        units=worth,
        long_enough=length >= limits.minimum,
        varied_enough=varied or passphrase,
        hard_to_guess=worth >= wanted,
        own_words=_holds_own(password, words.own),
        too_long=length > limits.maximum,
    )


def _kind(sign: str) -> str:
    if sign.islower():
        return "lower"
    if sign.isupper():
        return "upper"
    return "digit" if sign.isdigit() else "other"


def _holds_own(password: str, own: Collection[str]) -> bool:
    """Whether a name, a login, a matricule or a birth date shows, whatever the accents and the signs between."""
    plain = fold(password)
    joined = "".join(sign for sign in plain if sign.isalnum())
    readings = (plain, joined, joined.translate(_LEET), joined.translate(_LEET_L))
    return any(len(word) >= 4 and any(word in reading for reading in readings) for word in own)
