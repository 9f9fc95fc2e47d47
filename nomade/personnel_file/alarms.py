"""The e-mail of an alarm: to one address, saying what happened and where to stop it; never a number of account."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import origin
from nomade.personnel_file.models import BankChange


def send(change_id: str, address: str, title: str, body: str) -> None:
    """Raises Unavailable when the mail server does not take it now; the job tries again."""
    change = BankChange.objects.select_related("owner").get(pk=change_id)
    path = reverse("personnel_file:bank-change", args=[change.pk], urlconf="nomade.config.urls.portal")
    text = _(
        "Bonjour %(name)s,\n\n%(title)s.\n%(body)s\n\nVoir et annuler : %(url)s\n\n"
        "Ce message part à toutes vos adresses connues, y compris celles que vous venez de remplacer. Le portail ne "
        "vous demande jamais votre mot de passe par courriel. Support : %(phone)s\n"
    ) % {
        "name": change.owner.first_name,
        "title": title,
        "body": body,
        "url": origin("portal") + path,
        "phone": settings.NOMADE.support_phone or _("voir le portail"),
    }
    message = EmailMessage(
        subject=_("Votre compte bancaire sur le portail Nomade"),
        body=text,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne répond pas.")) from error
