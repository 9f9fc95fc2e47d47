from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "nomade.notifications"
    label = "notifications"

    def ready(self) -> None:
        from nomade.notifications.access import unread_count
        from nomade.ui import shell

        shell.fill(unread=unread_count)
