"""The words that a password is judged by: those of everybody, of the place, and of the person; and those offered."""

from __future__ import annotations

import gzip
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from nomade.accounts.models import Account
from nomade.accounts.passwords.rules import PLACE, SHORTEST, WORD, Lexicon, Limits, Words, assess, fold, lexicon, walks
from nomade.kernel.clock import today
from nomade.people.access import roles_of
from nomade.people.models import OrgUnit
from nomade.people.roles import PRIVILEGED

DATA = Path(__file__).with_name("data")
OFFERED_WORDS = 5
# A city whose own rules refuse five words gets what was drawn last, and the page says what is missing.
DRAWS = 50
# Arrondissements of the three cities that have some; « 75 » alone is two characters like others.
_POSTCODES = (*range(75001, 75021), 75116, *range(69001, 69010), *range(13001, 13017))


def limits_for(account: Account, *, privileged: bool | None = None) -> Limits:
    """The settings; whoever opens other people's data (today, unless `privileged` says so) needs a longer one."""
    set_to = settings.NOMADE
    if privileged is None:
        privileged = not roles_of(account.agent).isdisjoint(PRIVILEGED)
    return Limits(
        minimum=max(set_to.password_minimum, set_to.password_privileged_minimum if privileged else 0),
        kinds=set_to.password_classes,
        units=set_to.password_units,
        passphrase=set_to.password_passphrase,
        passphrase_units=set_to.password_passphrase_units,
        maximum=set_to.password_maximum,
    )


def words_for(account: Account) -> Words:
    """What is easy to guess for this person."""
    return Words(common=common(), here=_of_the_place(), own=_of_the_person(account))


@cache
def common() -> Lexicon:
    """Common words and passwords, places, and walks on a keyboard; read once, about 8 MB."""
    words = gzip.decompress((DATA / "words.txt.gz").read_bytes()).decode().split()
    places = (DATA / "places.txt").read_text(encoding="utf-8").split()
    found = dict.fromkeys(words, WORD)
    found.update(dict.fromkeys([*places, *map(str, _POSTCODES)], PLACE))
    found.update(walks())
    return lexicon(found)


def _of_the_place() -> Lexicon:
    """The organisation, its hosts, its units of the first two levels, and the words of the setting."""
    set_to = settings.NOMADE
    texts = [set_to.organisation, set_to.mail_domain, *set_to.hosts.values(), *set_to.password_context_words]
    near = Q(parent__isnull=True) | Q(parent__parent__isnull=True)
    for code, label in OrgUnit.objects.existing(today()).filter(near).values_list("code", "label"):
        texts += [code, label]
    return lexicon(dict.fromkeys(_pieces(texts), PLACE))


def _of_the_person(account: Account) -> frozenset[str]:
    """Names, login, matricule and birth date, as they would be typed."""
    agent = account.agent
    texts = [agent.first_name, agent.last_name, agent.usage_name, account.login.partition("@")[0], agent.matricule]
    found = _pieces(texts)
    if agent.birth_date:
        found |= {f"{agent.birth_date:{pattern}}" for pattern in ("%d%m%Y", "%d%m%y", "%Y%m%d", "%y%m%d", "%m%Y")}
    return frozenset(found)


def _pieces(texts: list[str]) -> set[str]:
    """Each text whole and word by word, folded: « Espaces verts » gives three."""
    found: set[str] = set()
    for text in texts:
        words = "".join(sign if sign.isalnum() else " " for sign in fold(text)).split()
        found |= {*words, "".join(words)}
    return {word for word in found if len(word) >= SHORTEST}


@cache
def _offered() -> tuple[str, ...]:
    return tuple((DATA / "passphrase.txt").read_text(encoding="utf-8").split())


def five_words(limits: Limits, words: Words) -> str:
    """A passphrase drawn by the machine: five words of 3,700, 59 bits, easy to type on a telephone.

    Drawn again while the policy refuses it: common words by chance, one draw in 27,000, or the name of the person.
    """
    phrase = ""
    for _draw in range(DRAWS):
        phrase = " ".join(secrets.SystemRandom().sample(_offered(), OFFERED_WORDS))
        if assess(phrase, limits, words).good:
            break
    return phrase


def five_words_for(account: Account) -> str:
    """A passphrase that this person may choose."""
    return five_words(limits_for(account), words_for(account))
