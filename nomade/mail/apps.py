"""The mail service."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Registers the service at start."""

    name = "nomade.mail"
    label = "mail"

    def ready(self) -> None:
        """Makes the service known."""
        from nomade.kernel.health import HealthCheck, add_check
        from nomade.kernel.registry import register
        from nomade.mail import reachable
        from nomade.mail.service import SERVICE

        register(SERVICE)
        add_check(HealthCheck("mail.read", _("Lire la messagerie"), reachable.mailboxes))
        add_check(HealthCheck("mail.send", _("Envoyer un courriel"), reachable.outgoing))
