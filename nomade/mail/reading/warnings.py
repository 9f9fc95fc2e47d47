"""What a reader should notice before believing a message: from outside, looking like inside, answered elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from mailkit.imap import MessageView
from mailkit.imap.roles import fold
from mailkit.mime import addresses
from nomade.people.ports import people_at

# Letters and figures that pass for one another on a screen (Unicode TR39, those met in domain names).
_SAME = str.maketrans(
    "01357ij|" + "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455\u0501\u04bb\u0578\u0261\u04cf\u0131"
    "\u03b1\u03bf\u03c1\u03bd\u03ba\u03c4\u03b2\u03f2",
    "olestlll" + "aeopcxylsdhngll" + "aopvktbc",
)
_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")

# « ne pas répondre » as it is written before the @, in French and in English.
_NOBODY = re.compile(r"(ne[-._]?pas[-._]?repondre|no[-._]?reply|do[-._]?not[-._]?reply)([-._+].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """One remark. `grave`: the message may be a trap."""

    words: str
    grave: bool = False


def of(view: MessageView) -> list[Remark]:
    """The remarks about a message, the gravest first."""
    sender = view.sender
    if sender is None:
        return [Remark(_("L’expéditeur de ce message n’est pas indiqué."), grave=True)]
    domain = _domain(sender.email)
    if is_internal(domain):
        return _elsewhere(view, domain)
    found = [Remark(_("Message venu de l’extérieur de la collectivité."))]
    if looks_like_us(domain):
        found.insert(
            0,
            Remark(
                _("Attention : « %(domain)s » ressemble à l’adresse de la collectivité, mais n’en est pas une.")
                % {"domain": domain},
                grave=True,
            ),
        )
    claimed = _ADDRESS.search(sender.name)
    if claimed and claimed[0].lower() != sender.email.lower():
        found.insert(
            0,
            Remark(
                _("Attention : le nom affiché contient l’adresse « %(shown)s », mais le message vient de « %(real)s ».")
                % {"shown": claimed[0], "real": sender.email},
                grave=True,
            ),
        )
    return found + _elsewhere(view, domain)


def is_from_the_portal(view: MessageView) -> bool:
    """Whether an answer would go to the portal's own address, which nobody reads."""
    own = addresses.parse([settings.DEFAULT_FROM_EMAIL.encode()])[0].email.lower()
    return bool(answered := _answered(view)) and all(email == own for email in answered)


def nobody_reads(view: MessageView) -> Remark | None:
    """What to know before writing an answer that nobody will read."""
    if is_from_the_portal(view):
        return Remark(_("Message automatique du portail : personne ne lit les réponses. Agissez depuis le portail."))
    if (answered := _answered(view)) and all(_NOBODY.fullmatch(email.partition("@")[0]) for email in answered):
        return Remark(
            _("D’après son nom, cette adresse ne lit pas les réponses : cherchez dans le message à qui écrire.")
        )
    return None


def _answered(view: MessageView) -> list[str]:
    people = view.reply_to or ((view.sender,) if view.sender else ())
    return [person.email.lower() for person in people]


def _elsewhere(view: MessageView, domain: str) -> list[Remark]:
    others = [person.email for person in view.reply_to if _domain(person.email) != domain]
    if not others:
        return []
    words = _("Votre réponse partirait vers une autre adresse que celle de l’expéditeur : %(others)s.")
    return [Remark(words % {"others": ", ".join(others[:3])}, grave=True)]


def _domain(email: str) -> str:
    return email.rpartition("@")[2].strip().lower().rstrip(".")


def is_internal(domain: str) -> bool:
    """Whether a domain is the organisation's, or one below it."""
    houses = (settings.NOMADE.mail_domain, *settings.NOMADE.mail_internal_domains)
    return any(domain == house.lower() or domain.endswith(f".{house.lower()}") for house in houses)


def looks_like_us(domain: str) -> bool:
    """Whether an outside domain is made to be read as the organisation's."""
    own = settings.NOMADE.mail_domain.lower()
    try:
        shown = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except (UnicodeError, ValueError):
        shown = domain
    bare, ours = skeleton(shown), skeleton(own)
    if bare == ours or bare.replace("-", ".").startswith(f"{ours}.") or ours in bare.replace("-", "."):
        return True
    return _one_edit(bare, ours)


def skeleton(domain: str) -> str:
    """A domain as the eye reads it."""
    return fold(domain).translate(_SAME).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _one_edit(one: str, other: str) -> bool:
    """Whether two names differ by one letter more, less, changed or swapped; short names differ too easily."""
    if min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    first, second = one[start:], other[start:]
    swapped = first[:2] == second[1::-1] and first[2:] == second[2:] and len(first) > 1
    return swapped or first[1:] == second[1:] or first[1:] == second or first == second[1:]


def names_a_colleague(view: MessageView, namesakes: Callable[[str], set[str]]) -> Remark | None:
    """An outside address under the name of somebody of the organisation; `namesakes` tells the agents of a name."""
    sender = view.sender
    if sender is None or is_internal(_domain(sender.email)) or not sender.name:
        return None
    if " ".join(sorted(fold(sender.name).split())) not in namesakes(sender.name) or people_at([sender.email]):
        return None
    words = _("Attention : « %(name)s » est le nom d’un de vos collègues, mais cette adresse n’est pas la sienne.")
    return Remark(words % {"name": sender.name}, grave=True)
