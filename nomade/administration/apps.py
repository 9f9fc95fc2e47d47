from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


def _is_administrator(request: Any) -> bool:
    """Asked by the menu of every page: one query, on an index."""
    from nomade.people.access import has_role
    from nomade.people.roles import Role

    return has_role(request.agent, Role.ADMINISTRATOR) if hasattr(request, "agent") else False


class AdministrationConfig(AppConfig):
    name = "nomade.administration"
    label = "administration"

    def ready(self) -> None:
        from nomade.kernel.registry import MenuEntry
        from nomade.ui.shell import add_place

        entry = MenuEntry(icon="user-cog", order=900, group="office", visible=_is_administrator)
        add_place("administration:index", gettext_lazy("Administration"), entry)
