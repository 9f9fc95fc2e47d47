"""From the text of one cell to a typed value. Each reader raises ValueError with what is expected, in French."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from nomade.people.folding import fold
from nomade.people.models import Position, Status

ONE_WEEK = re.compile(r"[1ap0]{7}")
_MATRICULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._'+-]*@[a-z0-9][a-z0-9.-]*[a-z0-9]")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{3,30}")
_FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_HOURS = re.compile(r"(\d{1,2})(?:[:hH](\d{2})?|[.,](\d{1,2}))?")
# 48 hours is the most that one week may hold (directive 2003/88/CE, art. 6).
MOST_MINUTES = 48 * 60
OLDEST, NEWEST = date(1900, 1, 1), date(2100, 12, 31)
_CIVILITIES = {"m": "M.", "m.": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "madame": "Mme", "mlle": "Mme"}


def matricule(text: str) -> str:
    """An opaque string: leading zeros are kept."""
    if not _MATRICULE.fullmatch(text):
        raise ValueError(_("un matricule de 1 à 20 lettres, chiffres ou tirets."))
    return text


def login(text: str, mail_domain: str) -> str:
    """An address in lower case; a bare name belongs to the organisation's domain."""
    address = text.lower()
    if "@" not in address:
        address = f"{address}@{mail_domain}"
    if len(address) > 254 or not _LOGIN.fullmatch(address):
        raise ValueError(_("un identifiant comme prenom.nom ou prenom.nom@%(domain)s.") % {"domain": mail_domain})
    return address


def civility(text: str) -> str:
    try:
        return _CIVILITIES[text.lower()] if text else ""
    except KeyError:
        raise ValueError(_("« Mme », « M. » ou rien.")) from None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """`2026-11-23` or `23/11/2026`; None when empty."""
    if not text:
        return None
    try:
        french = _FRENCH_DATE.fullmatch(text)
        found = date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("une date qui existe, écrite 2026-11-23 ou 23/11/2026.")) from None
    if not OLDEST <= found <= NEWEST:
        raise ValueError(_("une date entre 1900 et 2100."))
    return found


def required_day(text: str) -> date:
    found = day(text)
    if found is None:
        raise ValueError(_("une date : cette colonne ne peut pas être vide."))
    return found


@lru_cache(maxsize=256)
def status(text: str) -> str:
    wanted = fold(text).replace(" ", "_")
    if wanted not in Status.values:
        raise ValueError(_("un statut parmi : %(list)s.") % {"list": ", ".join(Status.values)})
    return wanted


@lru_cache(maxsize=256)
def position(text: str) -> str:
    wanted = fold(text).replace(" ", "_") or Position.ACTIVE
    if wanted not in Position.values:
        raise ValueError(_("une position parmi : %(list)s.") % {"list": ", ".join(Position.values)})
    return str(wanted)


def category(text: str) -> str:
    wanted = text.upper()
    if wanted not in ("", "A", "B", "C"):
        raise ValueError(_("A, B, C ou rien."))
    return wanted


def indice(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 100 <= int(text) <= 2000:
        raise ValueError(_("un indice majoré entre 100 et 2000, ou rien."))
    return int(text)


@lru_cache(maxsize=256)
def quotite(text: str) -> Decimal:
    """Percent of full time, above 0 and up to 100; empty means full time."""
    if not text:
        return Decimal(100)
    try:
        found = Decimal(text.replace("%", "").replace(",", ".").strip()).quantize(Decimal("0.01"))
    except InvalidOperation:
        found = Decimal(0)
    if not 0 < found <= 100:
        raise ValueError(_("un pourcentage entre 1 et 100, comme 80."))
    return found


@lru_cache(maxsize=256)
def weekly_minutes(text: str) -> int:
    """`39`, `37,5`, `37:30` or `37h30` hours a week, in minutes; empty means 35 hours."""
    if not text:
        return 35 * 60
    found = _HOURS.fullmatch(text.strip())
    minutes = 0
    if found and int(found[2] or 0) < 60:
        minutes = int(found[1]) * 60 + int(found[2] or 0) + round(float(f"0.{found[3] or 0}") * 60)
    if not 0 < minutes <= MOST_MINUTES:
        raise ValueError(_("une durée en heures, comme 35, 37,5 ou 37:30, de 48 heures au plus."))
    return minutes


def yes_or_no(text: str) -> bool:
    answer = fold(text)
    if answer not in ("oui", "non", ""):
        raise ValueError(_("« oui » ou « non »."))
    return answer != "non"


def phone(text: str) -> str:
    if text and not _PHONE.fullmatch(text):
        raise ValueError(_("un numéro de téléphone, comme 01 42 76 40 40."))
    return text


def email(text: str) -> str:
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("une adresse électronique, comme prenom.nom@exemple.fr.")) from None
    return text


def words(text: str, most: int) -> str:
    """Text on one line, of at most so many signs."""
    plain = " ".join(text.split())
    if len(plain) > most:
        raise ValueError(_("%(most)s signes au plus.") % {"most": most})
    return plain


def some_words(text: str, most: int) -> str:
    if not text.strip():
        raise ValueError(_("cette colonne ne peut pas être vide."))
    return words(text, most)


def unit_path(text: str) -> str:
    """A path of codes, `DEVE/SD-TERRITOIRES/J15`."""
    path = "/".join(part.strip() for part in text.strip().strip("/").split("/"))
    if not path or any(not part for part in path.split("/")):
        raise ValueError(_("un chemin de codes d’unités, comme DEVE/SD-TERRITOIRES/J15."))
    if len(path) > 400:
        raise ValueError(_("%(most)s signes au plus.") % {"most": 400})
    return path
