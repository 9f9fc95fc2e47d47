from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "nomade.support"
    label = "support"

    def ready(self) -> None:
        from nomade.accounts import policy
        from nomade.cases.desk import declare
        from nomade.kernel.registry import register
        from nomade.support.policy import policy_entries
        from nomade.support.service import SERVICE
        from nomade.support.shipped import fill_tables
        from nomade.support.to_desks import WAITING

        register(SERVICE)
        declare(waiting=WAITING)
        policy.add_section(_("Assistance"), 70, policy_entries)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="support.fill_tables")
