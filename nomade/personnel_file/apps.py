from django.apps import AppConfig


class PersonnelFileConfig(AppConfig):
    name = "nomade.personnel_file"
    label = "personnel_file"

    def ready(self) -> None:
        from nomade.cases.desk import declare
        from nomade.kernel.registry import register
        from nomade.personnel_file.resealing import declare_sealed_columns
        from nomade.personnel_file.service import SERVICE
        from nomade.personnel_file.to_desks import EXPIRY, MISSING, WAITING

        register(SERVICE)
        declare(waiting=WAITING, missing=MISSING, expiry=EXPIRY)
        declare_sealed_columns()
