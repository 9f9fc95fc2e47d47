from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "nomade.certificates"
    label = "certificates"

    def ready(self) -> None:
        from nomade.certificates.service import SERVICE
        from nomade.kernel.registry import register

        register(SERVICE)
