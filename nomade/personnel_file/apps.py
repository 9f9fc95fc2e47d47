from django.apps import AppConfig


class PersonnelFileConfig(AppConfig):
    name = "nomade.personnel_file"
    label = "personnel_file"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.kernel.resealing import sealed_column
        from nomade.personnel_file.history import change_context
        from nomade.personnel_file.models import DataChange
        from nomade.personnel_file.service import SERVICE

        register(SERVICE)
        sealed_column("Changements du dossier", DataChange, "sealed", lambda row: change_context(row.pk, row.agent_id))
