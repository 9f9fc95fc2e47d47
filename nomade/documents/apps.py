from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    name = "nomade.documents"
    label = "documents"

    def ready(self) -> None:
        from django.conf import settings

        from nomade.cases.desk import declare
        from nomade.documents.access import latest_documents
        from nomade.documents.service import SERVICE
        from nomade.documents.shipped import fill_tables
        from nomade.documents.to_desks import MISSING
        from nomade.files.handlers import MEGABYTE, takes_larger
        from nomade.kernel.registry import register
        from nomade.people.ports import fill_folder

        register(SERVICE)
        declare(missing=MISSING)
        fill_folder(latest_documents)
        takes_larger("documents:large", lambda: (settings.NOMADE.document_upload_megabytes + 1) * MEGABYTE)
        post_migrate.connect(fill_tables, sender=self)
