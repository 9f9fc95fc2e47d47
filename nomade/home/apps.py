from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nomade.home"
    label = "home"

    def ready(self) -> None:
        from nomade.home.service import SERVICE
        from nomade.kernel.registry import register

        register(SERVICE)
