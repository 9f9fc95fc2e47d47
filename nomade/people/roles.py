"""Roles that an administrator grants, each inside a perimeter."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do beyond being an agent; a supervisor needs no role, the assignments say it."""

    HR_OFFICER = "hr_officer", _("gestionnaire RH")
    PAY_OFFICER = "pay_officer", _("gestionnaire de paie")
    TRAINING_OFFICER = "training_officer", _("responsable de formation")
    SUPPORT_TECHNICIAN = "support_technician", _("technicien du support")
    EDITOR = "editor", _("rédacteur")
    ADMINISTRATOR = "administrator", _("administrateur")
    AUDITOR = "auditor", _("auditeur")
    DISABILITY_REFERENT = "disability_referent", _("référent handicap")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("délégué à la protection des données")


# Those who reach other people's data or open doors: shorter sessions, a second factor everywhere, longer passwords.
PRIVILEGED = frozenset(
    {
        Role.HR_OFFICER,
        Role.PAY_OFFICER,
        Role.SUPPORT_TECHNICIAN,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
        Role.DISABILITY_REFERENT,
        Role.DATA_PROTECTION_OFFICER,
    }
)
