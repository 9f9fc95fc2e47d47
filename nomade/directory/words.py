"""From names and words to the signs that are compared: pure functions, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nomade.people.folding import fold

#: What is looked at in one search; the rest of a pasted page is left out.
MOST_WORDS = 6
LONGEST_WORD = 40
SOUND_MARK = "0"

# Letters that French writes in several ways for one sound, in the order they are replaced.
_SAME_SOUND = (
    (r"ph", "f"),
    (r"(?:sch|ch)", "j"),
    (r"(?:ck|cqu|qu|q|c(?![eiy])|k)", "k"),
    (r"c", "s"),
    (r"z", "s"),
    (r"g(?=[eiy])", "j"),
    (r"gu(?=[eiy])", "g"),
    (r"bv", "v"),
    (r"w", "v"),
    (r"y", "i"),
    (r"m(?=[bp])", "n"),
    (r"h", ""),
)


def words_of(text: str) -> list[str]:
    """The words of a text, without accents, longest first letters kept, each once and in order."""
    found = re.findall(r"[a-z0-9]+", fold(text))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found))[: MOST_WORDS * 8]


def searched_words(text: str) -> list[str]:
    """The words that somebody types; a telephone number typed in groups is one word."""
    digits = re.sub(r"[\s.\-/]", "", text)
    if re.fullmatch(r"\+?\d{4,15}", digits):
        return [national(digits)]
    return words_of(text)[:MOST_WORDS]


def national(number: str) -> str:
    """A telephone number as its digits, a French prefix written 0: « +33 1 42 76 » becomes 014276."""
    digits = re.sub(r"\D", "", number)
    return re.sub(r"^(?:0033|33)(?=\d{6,})", "0", digits)


def sound(word: str) -> str:
    """How a name sounds, roughly: two spellings that French says alike give the same signs.

    Doubled letters, vowels after the first letter, and silent endings are dropped. « Lefebvre », « Lefèvre » and
    « Lefaivre » all give `lfvr`. Empty for a word without a consonant.
    """
    signs = fold(word)
    for pattern, replacement in _SAME_SOUND:
        signs = re.sub(pattern, replacement, signs)
    signs = re.sub(r"(?<=.)[estdx]+$", "", signs)
    signs = signs[:1] + re.sub(r"[aeiou]", "", signs[1:])
    return re.sub(r"(.)\1+", r"\1", signs)


def sounds_of(words: Iterable[str]) -> list[str]:
    """The marked sounds of words, to be kept beside them in one list."""
    return [SOUND_MARK + heard for heard in (sound(word) for word in words) if len(heard) > 1]


def query_of(words: Iterable[str]) -> str:
    """A tsquery: each word begins one of the kept words. Words are letters and digits only, so nothing is escaped."""
    return " & ".join(f"'{word}':*" for word in words)
