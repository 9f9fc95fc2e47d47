"""The visit of the portal for who opens it for the first time; and the helps of each role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nomade.people.folding import fold
from nomade.people.roles import Role
from nomade.people.teams import Standing

#: Shorter words are in every guide.
_SHORTEST = 3
#: The steps of the visit, by their template.
STEPS = (
    ("accueil", _("L’accueil")),
    ("services", _("Vos services")),
    ("aide", _("Chercher, être aidé")),
    ("securite", _("Être prévenu")),
)


@dataclass(frozen=True)
class RoleGuide:
    """The help of one role; `role` is empty for every agent, « supervisor » for who leads a team."""

    key: str
    title: Any
    summary: Any
    icon: str
    role: str = ""

    @property
    def template(self) -> str:
        return f"home/roles/{self.key}.html"


GUIDES = (
    RoleGuide(
        "agent",
        _("Le portail en cinq minutes"),
        _("Pour qui l’ouvre deux fois par mois : le bulletin, un congé, un papier, une question."),
        "user",
    ),
    RoleGuide(
        "responsable",
        _("Vous encadrez une équipe"),
        _("Qui est là, répondre aux demandes, déléguer, faire lire une note."),
        "users",
        "supervisor",
    ),
    RoleGuide(
        "gestionnaire-rh",
        _("Vous êtes gestionnaire RH"),
        _("Compteurs, documents, attestations, premières connexions des agents de votre périmètre."),
        "briefcase",
        Role.HR_OFFICER,
    ),
    RoleGuide(
        "gestionnaire-paie",
        _("Vous êtes gestionnaire de paie"),
        _("Importer, relire à deux, publier et rappeler les bulletins."),
        "receipt-euro",
        Role.PAY_OFFICER,
    ),
    RoleGuide(
        "formation",
        _("Vous êtes responsable de formation"),
        _("Le catalogue, les sessions, les inscriptions, les présences et le bilan."),
        "graduation-cap",
        Role.TRAINING_OFFICER,
    ),
    RoleGuide(
        "redacteur",
        _("Vous êtes rédacteur"),
        _("Écrire, compter qui lira, publier, afficher et suivre les lectures."),
        "newspaper",
        Role.EDITOR,
    ),
    RoleGuide(
        "technicien",
        _("Vous êtes technicien du support"),
        _("Les demandes, les incidents, et aider quelqu’un sans se tromper de personne."),
        "life-buoy",
        Role.SUPPORT_TECHNICIAN,
    ),
    RoleGuide(
        "administrateur",
        _("Vous êtes administrateur"),
        _("Agents, rôles, outils, journal : tout régler sans lire les données des autres."),
        "settings",
        Role.ADMINISTRATOR,
    ),
    RoleGuide(
        "auditeur",
        _("Vous êtes auditeur"),
        _("Lire le journal, vérifier qu’il est entier, l’exporter."),
        "list-checks",
        Role.AUDITOR,
    ),
)


def guides_named(text: str) -> list[RoleGuide]:
    """The guides whose titles have, for each word typed, a word that begins with it."""
    typed = [word for word in fold(text).split() if len(word) >= _SHORTEST]
    return [guide for guide in GUIDES if typed and all(f" {word}" in _titles(guide) for word in typed)]


@cache
def _titles(guide: RoleGuide) -> str:
    """The titles of a guide, without accents; they do not change while the program runs."""
    written = Path(__file__).parent.joinpath("templates", guide.template).read_text(encoding="utf-8")
    return " " + fold(" ".join([str(guide.title), str(guide.summary), *re.findall(r'<h2>\{\{ _\("([^"]+)', written)]))


def guide_of(key: str) -> RoleGuide | None:
    """A guide by its key."""
    return next((guide for guide in GUIDES if guide.key == key), None)


def guides_for(standing: Standing) -> tuple[list[RoleGuide], list[RoleGuide]]:
    """Those that concern somebody, the one for everybody first, then the others: none holds a secret."""
    held = set(standing.roles) | {""} | ({"supervisor"} if standing.leads else set())
    return [guide for guide in GUIDES if guide.role in held], [guide for guide in GUIDES if guide.role not in held]
