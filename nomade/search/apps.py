from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "nomade.search"
    label = "search"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.search.service import SERVICE

        register(SERVICE)
