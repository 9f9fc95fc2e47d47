from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


def _has_an_office(request: Any) -> bool:
    """Asked by the menu of every page: one query, on an index."""
    from nomade.administration.access import OFFICE_ROLES
    from nomade.people.http import roles_of_request

    return hasattr(request, "agent") and not roles_of_request(request).isdisjoint(OFFICE_ROLES)


def _reads_the_journal(request: Any) -> bool:
    """A technician: who has an office finds the journal there."""
    from nomade.people.http import roles_of_request
    from nomade.people.roles import Role

    if not hasattr(request, "agent") or _has_an_office(request):
        return False
    return Role.SUPPORT_TECHNICIAN in roles_of_request(request)


def _follows_agents(request: Any) -> bool:
    """An HR officer."""
    from nomade.people.http import roles_of_request
    from nomade.people.roles import Role

    return hasattr(request, "agent") and Role.HR_OFFICER in roles_of_request(request)


class AdministrationConfig(AppConfig):
    name = "nomade.administration"
    label = "administration"

    def ready(self) -> None:
        from functools import partial

        from django.db.models.signals import post_migrate

        from nomade.administration.models import PendingImport
        from nomade.administration.shipped import fill_tables
        from nomade.kernel.registry import MenuEntry
        from nomade.kernel.resealing import sealed_column
        from nomade.ui.shell import add_place

        for part in ("agents", "units"):
            name = f"Imports en attente, {part}"
            sealed_column(name, PendingImport, f"{part}_sealed", partial(PendingImport.context, part=part))
        entry = MenuEntry(icon="user-cog", order=900, group="office", visible=_has_an_office)
        add_place("administration:index", gettext_lazy("Administration"), entry)
        reading = MenuEntry(icon="history", order=905, group="office", visible=_reads_the_journal)
        add_place("administration:journal", gettext_lazy("Journal de sécurité"), reading)
        following = MenuEntry(icon="briefcase", order=890, group="office", visible=_follows_agents)
        add_place("portfolio:index", gettext_lazy("Mon portefeuille"), following)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="administration.fill_tables")
