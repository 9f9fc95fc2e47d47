"""What the portal needs to know of the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from nomade.kernel.registry import Service

SERVICE = Service(
    key="search",
    no_export=_("La recherche ne garde pas ce que vous cherchez."),
    label=_("Recherche"),
    prefix="recherche/",
    urls="nomade.search.urls",
    help="search/_help.html",
)
