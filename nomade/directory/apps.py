from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "nomade.directory"
    label = "directory"

    def ready(self) -> None:
        from nomade.directory.recipients import find_recipients, pages_at, people_at, recipient
        from nomade.directory.service import SERVICE
        from nomade.directory.tasks import refresh_soon
        from nomade.kernel.registry import register
        from nomade.people import ports

        register(SERVICE)
        ports.when_people_change(refresh_soon)
        ports.fill_recipients(people_at, find_recipients, recipient)
        ports.fill_pages(pages_at)
