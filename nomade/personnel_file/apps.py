from django.apps import AppConfig


class PersonnelFileConfig(AppConfig):
    name = "nomade.personnel_file"
    label = "personnel_file"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.personnel_file.resealing import declare_sealed_columns
        from nomade.personnel_file.service import SERVICE

        register(SERVICE)
        declare_sealed_columns()
