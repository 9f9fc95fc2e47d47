"""The e-mail of an alarm: to one address, saying what happened and where to stop it; never a number of account."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import origin
from nomade.personnel_file.models import BankChange, EmergencyAccess


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
    _post(address, _("Votre compte bancaire sur le portail Nomade"), text)


def tell_protection_officer(access_id: str) -> None:
    """Who opened which file, by matricule; the reason is read in the portal. Raises Unavailable."""
    access = EmergencyAccess.objects.select_related("agent", "officer").get(pk=access_id)
    path = reverse("personnel_file:emergencies", urlconf="nomade.config.urls.portal")
    text = _(
        "Un dossier a été ouvert en urgence hors du périmètre de son gestionnaire.\n\n"
        "Gestionnaire : %(officer)s\nDossier : matricule %(matricule)s\n\nMotif et suite : %(url)s\n"
    ) % {
        "officer": access.officer.full_name,
        "matricule": access.agent.matricule,
        "url": origin("portal") + path,
    }
    _post(settings.NOMADE.data_protection_email, _("Ouverture d’un dossier en urgence"), text)


def _post(address: str, subject: str, text: str) -> None:
    message = EmailMessage(subject=subject, body=text, to=[address], headers={"Auto-Submitted": "auto-generated"})
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne répond pas.")) from error
