"""How the support says things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.opening import Opening
from nomade.support.models import Priority, Ticket
from nomade.support.rules.proofs import Missing

PRIORITY_TONES = {
    Priority.URGENT: "danger",
    Priority.HIGH: "warning",
    Priority.NORMAL: "neutral",
    Priority.LOW: "neutral",
}
WEEKDAYS = (
    gettext_lazy("lundi"), gettext_lazy("mardi"), gettext_lazy("mercredi"), gettext_lazy("jeudi"),
    gettext_lazy("vendredi"), gettext_lazy("samedi"), gettext_lazy("dimanche"),
)  # fmt: skip
STEPS: Mapping[str, Any] = {
    "opened": gettext_lazy("Demande envoyée"),
    "assigned": gettext_lazy("Confiée à un technicien"),
    "answered": gettext_lazy("Réponse du support"),
    "replied": gettext_lazy("Réponse de l’agent"),
    "sorted": gettext_lazy("Classée autrement"),
    "solved": gettext_lazy("Résolue"),
    "reopened": gettext_lazy("Rouverte par l’agent"),
    "closed": gettext_lazy("Close"),
    "rated": gettext_lazy("Avis donné"),
    "reminded": gettext_lazy("Rappel envoyé à l’agent"),
    "escalated": gettext_lazy("En retard : toute l’équipe est prévenue"),
}
MISSING: Mapping[Missing, Promise] = {
    Missing.PROOFS: gettext_lazy("Il manque des preuves d’identité."),
    Missing.SECOND_TECHNICIAN: gettext_lazy(
        "Ce compte a des droits étendus : un second technicien doit être d’accord."
    ),
    Missing.DELAY: gettext_lazy("Le délai de prudence n’est pas écoulé."),
    Missing.EXPIRED: gettext_lazy("Cette vérification a expiré : recommencez-la."),
    Missing.REFUSED: gettext_lazy("Cette vérification a été arrêtée : ne faites rien sur ce compte."),
    Missing.OWN_ACCOUNT: gettext_lazy("Personne ne s’occupe de son propre compte."),
}


def step_titles() -> dict[str, str]:
    """The words of each step of a ticket."""
    return {event: str(title) for event, title in STEPS.items()}


def followed_by(ticket: Ticket) -> str:
    """Who follows a ticket, as both sides are told."""
    if ticket.assignee is not None:
        return ticket.assignee.full_name
    return ticket.team.label if ticket.team else _("Support informatique")


@dataclass(frozen=True)
class Contact:
    """A telephone number of the support."""

    label: str
    number: str

    @property
    def dialled(self) -> str:
        """What a telephone dials: digits and a leading plus."""
        return re.sub(r"(?!^\+)[^\d]", "", self.number)


def contacts() -> list[Contact]:
    """The support's numbers, from settings, the main one first."""
    found = [Contact(_("Support informatique"), settings.NOMADE.support_phone)] if settings.NOMADE.support_phone else []
    for written in settings.NOMADE.support_numbers:
        label, _equals, number = written.rpartition("=")
        found.append(Contact(label.strip() or _("Support informatique"), number.strip()))
    return found


def opening_in_words(opening: Sequence[Opening] | None = None) -> list[str]:
    """« du lundi au vendredi, de 8 h à 18 h », a line for days that share their hours."""
    days: dict[int, tuple[tuple[time, time], ...]] = {}
    for day, opens, closes in opening if opening is not None else settings.NOMADE.support_hours:
        days[day] = (*days.get(day, ()), (opens, closes))
    return [_line(run) for run in _runs(days)]


def _runs(
    days: Mapping[int, tuple[tuple[time, time], ...]],
) -> Iterator[tuple[int, int, tuple[tuple[time, time], ...]]]:
    """Days that follow each other and share their hours."""
    for (_shift, hours), run in groupby(enumerate(sorted(days)), lambda pair: (pair[1] - pair[0], days[pair[1]])):
        held = [day for _place, day in run]
        yield held[0], held[-1], hours


def _line(run: tuple[int, int, tuple[tuple[time, time], ...]]) -> str:
    first, last, hours = run
    when = _(" et ").join(
        _("de %(opens)s à %(closes)s") % {"opens": hour(opens), "closes": hour(closes)} for opens, closes in hours
    )
    if first == last:
        return f"{_('le')} {WEEKDAYS[first]}, {when}"
    days = _("du %(first)s au %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
    return f"{days}, {when}"


def hour(moment: time) -> str:
    """« 8 h » or « 8 h 30 », whose parts do not part."""
    return f"{moment.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{moment.minute:02d}" if moment.minute else "")


@dataclass(frozen=True)
class Block:
    """A piece of an article: a heading, a paragraph, or a list."""

    kind: str
    lines: tuple[str, ...]


def blocks(body: str) -> list[Block]:
    """The pieces of an article: blank lines part paragraphs, « ## » is a heading, « - » and « 1. » make lists."""
    return [_block(part.strip().splitlines()) for part in re.split(r"\n\s*\n", body.strip()) if part.strip()]


def _block(lines: list[str]) -> Block:
    lines = [line.strip() for line in lines]
    if lines[0].startswith("## "):
        return Block("heading", (lines[0][3:],))
    if all(line.startswith("- ") for line in lines):
        return Block("bullets", tuple(line[2:] for line in lines))
    if all(re.match(r"\d+\.\s", line) for line in lines):
        return Block("steps", tuple(line.partition(".")[2].strip() for line in lines))
    return Block("paragraph", tuple(lines))
