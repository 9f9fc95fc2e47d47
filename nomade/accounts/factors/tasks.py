"""Messages of a lost password."""

from __future__ import annotations

import smtplib
import uuid

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from nomade.accounts.models import Recovery
from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import absolute_url

SALT = "nomade.accounts.recovery-link"


def attempt_of(token: str) -> Recovery | None:
    """The attempt that a link is about, while it lasts; None when the link is forged, cut or late."""
    try:
        identifier = uuid.UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    living = Recovery.objects.filter(pk=identifier, used_at__isnull=True, expires_at__gt=now())
    return living.filter(account__isnull=False, mail_asked_at__isnull=False).select_related("account__agent").first()


@app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_recovery_link(attempt: str) -> None:
    """Sends the link to the personal address; it proves that address, and opens nothing alone."""
    found = Recovery.objects.select_related("account__agent").filter(pk=attempt, expires_at__gt=now()).first()
    if found is None or found.account is None or not found.account.agent.personal_email_confirmed:
        return
    link = absolute_url("portal", "accounts:recovery-link") + "?lien=" + signing.dumps(attempt, salt=SALT)
    body = _(
        "Bonjour,\n\nQuelqu’un, sans doute vous, a perdu son mot de passe du portail (%(organisation)s).\n"
        "Si c’est vous, ouvrez ce lien dans les %(minutes)d minutes\u00a0:\n\n%(link)s\n\n"
        "Sinon, ne faites rien\u00a0: ce lien seul n’ouvre rien. Le portail ne vous demande jamais votre mot de passe\n"
        "par courriel.\n"
    ) % {"organisation": settings.NOMADE.organisation, "minutes": settings.NOMADE.recovery_minutes, "link": link}
    _send(found.account.agent.personal_email, _("Mot de passe perdu"), body)


def _send(address: str, subject: str, body: str) -> None:
    message = EmailMessage(subject=subject, body=body, to=[address], headers={"Auto-Submitted": "auto-generated"})
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne prend pas ce message pour l’instant.")) from error
