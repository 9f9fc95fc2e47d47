"""IBAN and RIB: country rules, checksum, and the group where the mistake most probably is (ISO 13616, ISO 7064)."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent.parent / "data" / "iban.csv"
_PART = re.compile(r"(\d+)([nac])")
_SIGNS = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]"}
_SIGNS_IN_WORDS = {"n": "un chiffre", "a": "une lettre", "c": "une lettre ou un chiffre"}
# RIB: A and J count 1, B, K and S 2 … I, R and Z 9 (norme CFONB).
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


@dataclass(frozen=True)
class Country:
    """How the accounts of a country are written (ISO 13616 registry; SEPA list EPC409-09)."""

    code: str
    name: str
    length: int
    structure: str
    sepa: bool


class IbanFault(ValueError):
    """Why an IBAN is not taken, and which groups of four to read again first (from 1; none for the whole)."""

    def __init__(self, reason: str, message: str, *groups: int) -> None:
        super().__init__(message)
        self.reason, self.message, self.groups = reason, message, groups


@cache
def countries() -> dict[str, Country]:
    """The table, by code."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return {
            row["country"]: Country(
                row["country"], row["name"], int(row["length"]), row["structure"], row["sepa"] == "1"
            )
            for row in rows
        }


def bare(typed: str) -> str:
    """Its signs without spaces; « IBAN » before it is dropped."""
    text = re.sub(r"[\s.\-\u00a0\u202f]", "", unicodedata.normalize("NFKC", typed)).upper()
    return text.removeprefix("IBAN").removeprefix(":")


def grouped(iban: str) -> str:
    """« FR76 3000 6000 0112 … »."""
    return "\N{NO-BREAK SPACE}".join(groups(iban))


def groups(iban: str) -> list[str]:
    """Its groups of four, as it is printed."""
    return [iban[at : at + 4] for at in range(0, len(iban), 4)]


def masked(iban: str) -> str:
    """« FR76 •••• •••• 0189 »: the only form that is shown once it is kept."""
    return f"{iban[:4]} •••• •••• {iban[-4:]}".replace(" ", "\N{NO-BREAK SPACE}")


def remainder(iban: str) -> int:
    """The whole number of ISO 7064, modulo 97: 1 when the IBAN is coherent."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two digits of a French account: 97 − ((89·bank + 15·branch + 3·account) mod 97)."""
    numbers = [int(part.translate(_RIB_LETTERS)) for part in (bank, branch, account)]
    return f"{97 - (89 * numbers[0] + 15 * numbers[1] + 3 * numbers[2]) % 97:02d}"


def checked(typed: str) -> str:
    """The IBAN without spaces. Raises IbanFault, whose message names what to read again."""
    iban = bare(typed)
    if not iban:
        raise IbanFault("vide", "Écrivez l’IBAN du compte.")
    country = countries().get(iban[:2])
    if country is None:
        raise IbanFault("pays", "Les deux premières lettres ne sont pas celles d’un pays : FR pour la France.", 1)
    _length(iban, country)
    _signs(iban, country)
    _keys(iban, country)
    if not country.sepa:
        message = "%(name)s n’est pas dans la zone SEPA : appelez le bureau de la paie."
        raise IbanFault("zone", message % {"name": country.name}, 1)
    return iban


def _length(iban: str, country: Country) -> None:
    gap = country.length - len(iban)
    if not gap:
        return
    what = f"il en manque {gap}" if gap > 0 else f"il y en a {-gap} de trop"
    message = f"Un IBAN de ce pays ({country.name}) a {country.length} signes : {what}."
    # A group typed with three or five signs shows where: the last one is the only one that may be short.
    raise IbanFault("longueur", message, len(groups(iban)))


def _signs(iban: str, country: Country) -> None:
    wanted = "nn" + "".join(kind * int(count) for count, kind in _PART.findall(country.structure))
    for place, kind in enumerate(wanted, start=2):
        if not re.fullmatch(_SIGNS[kind], iban[place]):
            group = place // 4 + 1
            raise IbanFault(
                "signe",
                f"Dans le groupe {group} (« {groups(iban)[group - 1]} »), « {iban[place]} » n’est pas possible : "
                f"il faut {_SIGNS_IN_WORDS[kind]}.",
                group,
            )


def _keys(iban: str, country: Country) -> None:
    if remainder(iban) == 1 and (country.code not in {"FR", "MC"} or rib_key_agrees(iban)):
        return
    suspects = suspect_groups(iban, country)
    if suspects:
        named = " ou ".join(f"{group} (« {groups(iban)[group - 1]} »)" for group in suspects)
        message = f"Les chiffres de contrôle ne correspondent pas : relisez d’abord le groupe {named}, puis les autres."
        raise IbanFault("cle", message, *suspects)
    raise IbanFault("cle", "Les chiffres de contrôle ne correspondent pas : relisez chaque groupe.")


def rib_key_agrees(iban: str) -> bool:
    """Whether the last two digits of a French IBAN are the key of the account before them."""
    return rib_key(iban[4:9], iban[9:14], iban[14:25]) == iban[25:]


# Beyond, pointing is no help.
MOST_SUSPECTS = 3


def suspect_groups(iban: str, country: Country) -> list[int]:
    """The groups where the mistake most probably is; none when too many might hold it.

    Two neighbours exchanged are the commonest mistake, then a wrong check digit, then any one digit. Each supposition
    that makes every key right points at its group.
    """
    for suppositions in (_exchanged(iban), _keys_retyped(iban, country), _one_digit(iban)):
        found = sorted({place // 4 + 1 for place, text in suppositions if _right(text, country)})
        if found:
            return found if len(found) <= MOST_SUSPECTS else []
    return []


def _right(iban: str, country: Country) -> bool:
    return remainder(iban) == 1 and (country.code not in {"FR", "MC"} or rib_key_agrees(iban))


def _exchanged(iban: str) -> list[tuple[int, str]]:
    pairs = range(2, len(iban) - 1)
    return [
        (at, iban[:at] + iban[at + 1] + iban[at] + iban[at + 2 :])
        for at in pairs
        if iban[at] != iban[at + 1] and iban[at].isdigit() == iban[at + 1].isdigit()
    ]


def _keys_retyped(iban: str, country: Country) -> list[tuple[int, str]]:
    found = [(2, f"{iban[:2]}{key:02d}{iban[4:]}") for key in range(2, 99)]
    if country.code in {"FR", "MC"}:
        found.append((25, iban[:25] + rib_key(iban[4:9], iban[9:14], iban[14:25])))
    return found


def _one_digit(iban: str) -> list[tuple[int, str]]:
    return [
        (at, iban[:at] + digit + iban[at + 1 :])
        for at in range(4, len(iban))
        if iban[at].isdigit()
        for digit in "0123456789"
        if digit != iban[at]
    ]


def same_holder(holder: str, names: tuple[str, ...]) -> bool:
    """Whether a RIB is in the agent's name: one of their last names, whole, among the words of its holder."""
    words = _words(holder)
    return any(name_words and name_words <= words for name_words in map(_words, names))


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return set(letters.lower().split())
