from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "nomade.certificates"
    label = "certificates"

    def ready(self) -> None:
        from nomade.certificates.resealing import reseal_contents
        from nomade.certificates.service import SERVICE
        from nomade.files.rotation import reseal_with
        from nomade.kernel.registry import register

        register(SERVICE)
        reseal_with("Contenus des attestations", reseal_contents)
