"""Each page, at each width, in both themes: axe has nothing to say, nothing sticks out, nobody else is called."""

from __future__ import annotations

from typing import Any

import pytest
from seen import axe_violations, overflow, picture

AGENT_PAGES = {
    "accueil": "/",
    "paie": "/paie/",
    "conges": "/conges/",
    "conges-nouvelle": "/conges/nouvelle/",
    "messagerie": "/messagerie/",
    "ecrire": "/messagerie/nouveau/",
    "notifications": "/notifications/",
    "actualites": "/actualites/",
    "infos-pratiques": "/actualites/pages/",
    "outils": "/outils/",
    "notifications-reglages": "/notifications/reglages/",
    "recherche": "/recherche/?q=mar",
    "annuaire": "/annuaire/",
    "annuaire-cherche": "/annuaire/?q=mar",
    "annuaire-fiche": "/annuaire/ma-fiche/",
    "organigramme": "/annuaire/unites/",
    "unite": "/annuaire/unites/DEVE/",
    "compte": "/compte/",
    "securite": "/compte/securite/",
    "aide": "/aide/",
    "accessibilite": "/accessibilite/",
    "donnees-personnelles": "/donnees-personnelles/",
    "style": "/style/",
}
SUPERVISOR_PAGES = {"accueil-chef": "/", "a-valider": "/conges/a-valider/", "equipe": "/conges/equipe/"}
OPEN_PAGES = {"connexion": "/connexion/", "a-bientot": "/a-bientot/"}


def _look(context: Any, pages: dict[str, str], width: int, theme: str) -> list[str]:
    page = context.new_page()
    found = []
    for name, address in pages.items():
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, (address, answer and answer.status)
        found += axe_violations(page) + overflow(page, width)
        picture(page, f"{name}-{width}-{theme}")
    return found


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "light"), (768, "light"), (1440, "light"), (360, "dark"), (1440, "dark")]
)
def test_every_page_passes_axe_and_fits(open_context: Any, camille: Any, mehdi: Any, width: int, theme: str) -> None:
    found = _look(open_context(width, theme=theme), OPEN_PAGES, width, theme)
    found += _look(open_context(width, theme=theme, state=camille), AGENT_PAGES, width, theme)
    found += _look(open_context(width, theme=theme, state=mehdi), SUPERVISOR_PAGES, width, theme)
    assert not found, "\n".join(found)


def test_every_page_reflows_at_320_pixels(open_context: Any, camille: Any, mehdi: Any) -> None:
    found = []
    for state, pages in ((camille, AGENT_PAGES), (mehdi, SUPERVISOR_PAGES), (None, OPEN_PAGES)):
        page = open_context(320, state=state).new_page()
        for address in pages.values():
            page.goto(address)
            found += overflow(page, 320)
    assert not found, "\n".join(found)


def test_an_error_page_says_its_reference_and_passes_axe(open_context: Any, camille: Any) -> None:
    context = open_context(360, state=camille)
    with context.watch.expecting(404):
        page = context.new_page()
        answer = page.goto("/nulle-part/")
        assert answer is not None and answer.status == 404
        assert answer.headers["x-request-reference"] in page.content()
        assert not axe_violations(page)
