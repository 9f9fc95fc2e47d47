"""« Bris de glace »: a file outside one's perimeter, for a reason, and others are told at once."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import has_role, holders_of
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.models import EmergencyAccess

SHORTEST_REASON = 20


@transaction.atomic
def break_glass(officer: Agent, matricule: str, *, reason: str, http: HttpRequest | None = None) -> EmergencyAccess:
    """Opens a file for some hours. Raises Refusal without a real reason, or for who is no HR officer."""
    if not has_role(officer, Role.HR_OFFICER):
        raise Refusal(_("Seul un gestionnaire RH peut ouvrir un dossier en urgence."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(_("Expliquez l’urgence en quelques mots : ce motif sera lu par d’autres."), field="reason")
    agent = Agent.objects.filter(matricule=matricule.strip()).exclude(pk=officer.pk).first()
    if agent is None:
        raise Refusal(_("Aucun agent n’a ce matricule."), field="matricule")
    access = EmergencyAccess.objects.create(
        agent=agent,
        officer=officer,
        reason=reason.strip(),
        ends_at=now() + timedelta(hours=settings.NOMADE.file_emergency_hours),
    )
    audit.record("file.glass_broken", actor=officer.pk, subject=agent.pk, request=http, access=str(access.pk))
    journal = reverse("personnel_file:consultations", urlconf="nomade.config.urls.portal")
    title = _("%(officer)s a ouvert en urgence un dossier hors de son périmètre") % {"officer": officer.full_name}
    guardians = holders_of(Role.DATA_PROTECTION_OFFICER, Role.AUDITOR)
    emergencies = reverse("personnel_file:emergencies", urlconf="nomade.config.urls.portal")
    notify_many(guardians, kind="security.glass_broken", title=title, url=emergencies, body=access.reason)
    notify(agent, kind="security.file_opened", title=_("Votre dossier a été ouvert en urgence"), url=journal)
    if settings.NOMADE.data_protection_email:
        from nomade.personnel_file.tasks import write_to_protection_officer

        write_to_protection_officer.defer(access=str(access.pk))
    return access
