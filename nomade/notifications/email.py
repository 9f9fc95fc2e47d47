"""The e-mail that goes with a notification: says that something waits, and where; never what is private."""

from __future__ import annotations

import logging
import smtplib
import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import origin
from nomade.notifications.models import EmailState, Notification
from nomade.people.models import Agent

log = logging.getLogger(__name__)


def address_of(agent: Agent) -> str:
    """Where an agent is written to: the professional address, else the personal one once confirmed, else nowhere."""
    if agent.mail_address:
        return agent.mail_address
    return agent.personal_email if agent.personal_email_confirmed else ""


@transaction.atomic
def send(notification_id: uuid.UUID) -> None:
    """Sends the e-mail of a notification, once. Raises Unavailable when the mail server does not take it now.

    The row is locked meanwhile, so that two workers never send the same one; its Message-ID is its own, so that a
    message taken by the server just before a crash is recognised when it is sent again.
    """
    notification = (
        Notification.objects.select_for_update(of=("self",))
        .select_related("agent")
        .filter(pk=notification_id, email_state=EmailState.WAITING)
        .first()
    )
    if notification is None:
        return
    address = address_of(notification.agent)
    notification.email_state = _deliver(notification, address) if address else EmailState.NO_ADDRESS
    notification.emailed_at = now() if notification.email_state == EmailState.SENT else None
    notification.save(update_fields=["email_state", "emailed_at"])


def _deliver(notification: Notification, address: str) -> EmailState:
    message = EmailMessage(
        subject=_("Du nouveau sur votre portail Nomade"),
        body=_text(notification),
        to=[address],
        headers={
            "Message-ID": f"<{notification.pk}@{settings.NOMADE.mail_domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if all(code >= 500 for code in codes):
            log.warning("e-mail of notification %s refused for good: %s", notification.pk, codes)
            return EmailState.REFUSED
        raise Unavailable("smtp", _("Le serveur de courrier ne prend pas ce message pour l’instant.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne répond pas.")) from error
    return EmailState.SENT


def _text(notification: Notification) -> str:
    return _(
        "Bonjour %(first_name)s,\n\n"
        "%(title)s.\n\n"
        "Pour en savoir plus, ouvrez votre portail : %(address)s/\n\n"
        "Ce message est envoyé automatiquement. Le portail ne vous demande jamais votre mot de passe par courriel.\n"
    ) % {
        "first_name": notification.agent.first_name,
        "title": notification.title.rstrip("."),
        "address": origin("portal"),
    }
