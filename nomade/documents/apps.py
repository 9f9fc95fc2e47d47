from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    name = "nomade.documents"
    label = "documents"

    def ready(self) -> None:
        from nomade.documents.service import SERVICE
        from nomade.documents.shipped import fill_tables
        from nomade.kernel.registry import register

        register(SERVICE)
        post_migrate.connect(fill_tables, sender=self)
