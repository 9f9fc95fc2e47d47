"""The state of the parts, for an administrator: what answers, what waits."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from mailkit.endpoints import Endpoint
from mailkit.errors import MailError
from nomade.kernel.clock import now
from nomade.kernel.models import AuditSeal

CONNECT_SECONDS = 2.0
# A job that is due is taken within seconds; after this, no worker is taking any.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Part:
    """One part: its state in words and whether it is as it should be."""

    name: str
    state: str
    well: bool


def parts() -> list[Part]:
    """Every part that this portal uses; the database answers, or this page would not."""
    found = [Part(_("Base de données"), _("répond"), well=True), _jobs(), _journal()]
    if "mail" in settings.NOMADE.services:
        found.append(_server(_("Boîtes aux lettres"), settings.NOMADE.imap_url))
        found.append(_server(_("Envoi des courriels"), settings.NOMADE.smtp_url))
    return found


def _jobs() -> Part:
    waiting = ProcrastinateJob.objects.filter(status="todo")
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    late = waiting.filter(scheduled_at__lt=now() - LATE).count()
    if late:
        state = _("%(count)s tâches auraient déjà dû être faites : le processus des tâches est-il démarré ?")
        return Part(_("Tâches"), state % {"count": late}, well=False)
    state = _("%(waiting)s en attente, %(failed)s en échec") % {"waiting": waiting.count(), "failed": failed}
    return Part(_("Tâches"), state, well=not failed)


def _journal() -> Part:
    last = AuditSeal.objects.order_by("-id").values_list("at", flat=True).first()
    if last is None:
        return Part(_("Journal"), _("pas encore scellé"), well=True)
    return Part(_("Journal"), _("scellé le %(day)s") % {"day": f"{last:%d/%m/%Y}"}, well=True)


def _server(name: str, url: str) -> Part:
    if not url:
        return Part(name, _("aucun serveur n’est indiqué"), well=False)
    try:
        endpoint = Endpoint.parse(url)
        socket.create_connection((endpoint.host, endpoint.port), timeout=CONNECT_SECONDS).close()
    except (MailError, OSError):
        return Part(name, _("ne répond pas"), well=False)
    return Part(name, _("répond"), well=True)
