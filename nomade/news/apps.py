from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "nomade.news"
    label = "news"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.news.service import SERVICE

        register(SERVICE)
