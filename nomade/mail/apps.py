"""The mail service."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers the service at start."""

    name = "nomade.mail"
    label = "mail"

    def ready(self) -> None:
        """Makes the service known."""
        from nomade.kernel.registry import register
        from nomade.mail.service import SERVICE

        register(SERVICE)
