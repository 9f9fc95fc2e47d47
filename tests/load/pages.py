"""The pages that are measured: who asks, and where their address is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

CAMILLE, MEHDI = "camille.durand@paris.fr", "mehdi.benali@paris.fr"
PASSWORD = "Vélo-Quai-Platane-42"  # of the demo city, said in its contract
Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class PageToMeasure:
    """A page: its address, or the page on which the first link matching `link` leads to it."""

    name: str
    path: str
    login: str = CAMILLE
    link: str = ""
    mail: bool = False

    def address(self, fetch: Fetch) -> str | None:
        """Where the page is for this person, or None when nothing leads to it (no message, no pay slip)."""
        path = quote(self.path, safe="/?&=%")
        if not self.link:
            return path
        found = re.search(rf'href="({self.link})"'.encode(), fetch(path))
        return found[1].decode().replace("&amp;", "&") if found else None


PAGES = (
    PageToMeasure("Connexion", "/connexion/", login=""),
    PageToMeasure("Accueil", "/"),
    PageToMeasure("Ma paie", "/paie/"),
    PageToMeasure("Un bulletin", "/paie/", link=r"/paie/[0-9a-f-]{36}/"),
    PageToMeasure("Mes congés", "/conges/"),
    PageToMeasure("Nouvelle demande", "/conges/nouvelle/"),
    PageToMeasure("À valider", "/conges/a-valider/", login=MEHDI),
    PageToMeasure("Équipe", "/conges/equipe/", login=MEHDI),
    PageToMeasure("Notifications", "/notifications/"),
    PageToMeasure("Mon compte", "/compte/"),
    PageToMeasure("Actualités", "/actualites/"),
    PageToMeasure("Un article", "/actualites/", link=r"/actualites/[0-9a-f-]{36}/"),
    PageToMeasure("Recherche, une personne", "/recherche/?q=mart"),
    PageToMeasure("Recherche, un article", "/recherche/?q=formation"),
    PageToMeasure("Recherche, un mot partout", "/recherche/?q=congé"),
    PageToMeasure("Annuaire", "/annuaire/"),
    PageToMeasure("Annuaire, recherche", "/annuaire/?q=mart"),
    PageToMeasure("Annuaire, recherche large", "/annuaire/?q=jar"),
    PageToMeasure("Fiche de l’annuaire", "/annuaire/?q=benali", link=r"/annuaire/personne/\d+/"),
    PageToMeasure("Messagerie", "/messagerie/", mail=True),
    PageToMeasure("Un message", "/messagerie/", link=r'/messagerie/message/[^"]+', mail=True),
)
