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
        from nomade.kernel.resealing import sealed_column
        from nomade.mail import reachable
        from nomade.mail.models import Done, OutgoingAttachment, OutgoingMessage, TrustedSender
        from nomade.mail.service import SERVICE

        register(SERVICE)
        for name, model, column in (
            ("Courriels en attente", OutgoingMessage, "sealed"),
            ("Refus de courriels", OutgoingMessage, "sealed_problem"),
            ("Pièces jointes en attente", OutgoingAttachment, "sealed"),
            ("Noms des pièces jointes en attente", OutgoingAttachment, "sealed_name"),
            ("Gestes de la messagerie à annuler", Done, "sealed"),
            ("Expéditeurs dont les images s’affichent", TrustedSender, "sealed"),
        ):
            sealed_column(name, model, column, lambda row: row.seal_context)
        add_check(HealthCheck("mail.read", _("Lire la messagerie"), reachable.mailboxes))
        add_check(HealthCheck("mail.send", _("Envoyer un courriel"), reachable.outgoing))
