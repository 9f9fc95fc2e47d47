"""The help pages that everybody may read, signed in or not, from anywhere: one a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nomade.people.folding import fold


@dataclass(frozen=True)
class Guide:
    """One help page: its address, its title, the icon of its card, the words by which it is found, its template."""

    slug: str
    title: Any
    summary: Any
    icon: str
    words: str

    @property
    def template(self) -> str:
        return f"support/guides/{self.slug}.html"


GUIDES = (
    Guide(
        "mot-de-passe-perdu",
        _("J’ai perdu mon mot de passe"),
        _("Le retrouver seul, ou avec le support"),
        "key-round",
        "mot de passe perdu oublie password reinitialiser",
    ),
    Guide(
        "compte-bloque",
        _("Mon compte est bloqué"),
        _("Pourquoi, et comment le débloquer"),
        "lock",
        "compte bloque verrouille suspendu essais debloquer",
    ),
    Guide(
        "second-facteur-perdu",
        _("J’ai perdu mon téléphone ou ma carte de codes"),
        _("Entrer sans la vérification en deux étapes"),
        "phone",
        "second facteur perdu telephone carte codes cle acces verification deux etapes vole",
    ),
    Guide(
        "page-qui-ne-s-ouvre-pas",
        _("Une page ne s’ouvre pas"),
        _("Ce que vous pouvez essayer, et à qui le dire"),
        "circle-alert",
        "page ouvre pas erreur blanche lente reference panne",
    ),
)
BY_SLUG = {guide.slug: guide for guide in GUIDES}


def guides_like(typed: str) -> list[Guide]:
    """The help pages that hold every word typed, as the beginning of one of theirs."""
    wanted = fold(typed).split()
    if not wanted:
        return []
    return [guide for guide in GUIDES if all(_holds(guide, word) for word in wanted)]


def _holds(guide: Guide, word: str) -> bool:
    return any(known.startswith(word) for known in guide.words.split())
