from django.apps import AppConfig


class ToolsConfig(AppConfig):
    name = "nomade.tools"
    label = "tools"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.tools.service import SERVICE

        register(SERVICE)
