"""What the portal needs to know of the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from nomade.kernel.registry import MenuEntry, Service

SERVICE = Service(
    key="home",
    label=_("Accueil"),
    prefix="",
    urls="nomade.home.urls",
    open_to_leavers=True,
    menu=MenuEntry(icon="house", order=0, short_label=_("Accueil"), on_phone_bar=True),
)
