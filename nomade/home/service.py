"""What the portal needs to know of the home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.home.tour import guides_named
from nomade.kernel.registry import MenuEntry, SearchResult, Service
from nomade.people.http import AgentRequest


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """The guides of each role: none holds a secret."""
    return [
        SearchResult(str(guide.title), str(guide.summary), reverse("home:guide", args=[guide.key]), guide.icon)
        for guide in guides_named(text)
    ]


SERVICE = Service(
    key="home",
    no_export=_("L’accueil ne garde rien : il montre ce que disent les autres services."),
    label=_("Accueil"),
    prefix="",
    urls="nomade.home.urls",
    open_to_leavers=True,
    menu=MenuEntry(icon="house", order=0, short_label=_("Accueil"), on_phone_bar=True),
    search=search,
    search_label=_("Guides"),
)
