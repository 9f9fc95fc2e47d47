from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig


def _tell(kind: str, agents: Iterable[Any], title: str, body: str, url: str) -> None:
    """What the accounts have to say, told as any other news."""
    from nomade.notifications.actions import notify_many

    notify_many(agents, kind=kind, title=title, body=body, url=url)


class NotificationsConfig(AppConfig):
    name = "nomade.notifications"
    label = "notifications"

    def ready(self) -> None:
        from nomade.accounts import notices
        from nomade.notifications.access import unread_count
        from nomade.ui import shell

        shell.fill(unread=unread_count)
        notices.fill(tell=_tell)
