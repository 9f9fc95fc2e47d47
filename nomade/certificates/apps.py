from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "nomade.certificates"
    label = "certificates"

    def ready(self) -> None:
        from nomade.cases.desk import declare
        from nomade.certificates.access import binding, pdfs_of
        from nomade.certificates.actions import certify
        from nomade.certificates.models import Certificate
        from nomade.certificates.service import SERVICE
        from nomade.certificates.to_desks import WAITING
        from nomade.kernel.registry import register
        from nomade.kernel.resealing import sealed_column
        from nomade.people.ports import fill_certifier, fill_papers

        register(SERVICE)
        declare(waiting=WAITING)
        fill_certifier(certify)
        fill_papers(pdfs_of)
        sealed_column(
            "Contenus des attestations", Certificate, "content_sealed", lambda row: binding(row.pk, row.agent_id)
        )
