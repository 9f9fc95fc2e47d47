"""Saying a code on the telephone: « A comme Anatole »."""

from __future__ import annotations

from dataclasses import dataclass

# The alphabet of the French telephone operators.
LETTERS = {
    "A": "Anatole", "B": "Berthe", "C": "Célestin", "D": "Désiré", "E": "Eugène", "F": "François", "G": "Gaston",
    "H": "Henri", "I": "Irma", "J": "Joseph", "K": "Kléber", "L": "Louis", "M": "Marcel", "N": "Nicolas",
    "O": "Oscar", "P": "Pierre", "Q": "Quintal", "R": "Raoul", "S": "Suzanne", "T": "Thérèse", "U": "Ursule",
    "V": "Victor", "W": "William", "X": "Xavier", "Y": "Yvonne", "Z": "Zoé",
}  # fmt: skip
DIGITS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


@dataclass(frozen=True)
class Sign:
    """One sign and how it is said."""

    sign: str
    said: str


def spelled(code: str) -> list[list[Sign]]:
    """The groups of a code, each sign with how it is said. Raises ValueError for a sign that has no name here."""
    return [[Sign(sign, _said(sign)) for sign in group] for group in code.split("-")]


def _said(sign: str) -> str:
    if sign in LETTERS:
        return f"{sign} comme {LETTERS[sign]}"
    if sign.isascii() and sign.isdigit():
        return DIGITS[int(sign)]
    raise ValueError(f"{sign!r} has no name on the telephone")
