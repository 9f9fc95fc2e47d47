from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeaveConfig(AppConfig):
    name = "nomade.leave"
    label = "leave"

    def ready(self) -> None:
        from nomade.cases.desk import declare
        from nomade.kernel.registry import register
        from nomade.kernel.resealing import reseal_with
        from nomade.leave.balances import balances_of
        from nomade.leave.calendars import presence_of
        from nomade.leave.engagements import absences_of
        from nomade.leave.facts import holidays_of
        from nomade.leave.resealing import reseal_health
        from nomade.leave.service import SERVICE
        from nomade.leave.shipped import fill_tables
        from nomade.leave.to_desks import WAITING
        from nomade.people import ports

        register(SERVICE)
        for source in WAITING:
            declare(waiting=source)
        reseal_with("Natures des congés de santé", reseal_health, "leave_healthleave.sealed")
        ports.fill_presence(presence_of)
        ports.fill_leave_balances(balances_of)
        ports.fill_holidays(holidays_of)
        ports.fill_absences(absences_of)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="leave.fill_tables")
