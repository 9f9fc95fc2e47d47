"""The message that confirms a personal address: one link, no name, nothing of one's work."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from nomade.accounts.channel.links import token_for
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import absolute_url


def send_link(account_id: int, email: str) -> None:
    """Raises Unavailable when the mail server does not take it now; sent twice, it does no harm."""
    address = absolute_url("portal", "accounts:confirm-address") + "?lien=" + token_for(account_id, email)
    message = EmailMessage(
        subject=_("Confirmez votre adresse"),
        body=_(
            "Bonjour,\n\n"
            "Cette adresse vient d’être donnée sur le portail des agents (%(organisation)s) pour être prévenu de ce\n"
            "qui touche un compte. Si c’est vous, confirmez-la dans les %(hours)d heures\u00a0:\n\n"
            "%(address)s\n\n"
            "Sinon, ne faites rien\u00a0: l’adresse ne servira pas. Le portail ne vous demande jamais votre mot de\n"
            "passe par courriel.\n"
        )
        % {
            "organisation": settings.NOMADE.organisation,
            "hours": settings.NOMADE.email_link_hours,
            "address": address,
        },
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne prend pas ce message pour l’instant.")) from error
