"""How a technician made sure of who is asking, and what was then done to an account."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.people.models import Agent
from nomade.support.rules.proofs import ProofKind

PROOF_CHOICES = [
    (ProofKind.CALLBACK.value, _("rappel au numéro connu des RH")),
    (ProofKind.SUPERVISOR.value, _("confirmation du responsable")),
    (ProofKind.SESSION_CODE.value, _("code lu sur une session ouverte")),
    (ProofKind.BADGE.value, _("badge présenté en face à face")),
]


class ActKind(models.TextChoices):
    """What a technician does to an account."""

    UNLOCK = "unlock", _("déblocage")
    RESET = "reset", _("mot de passe provisoire")
    VOID_FACTORS = "void_factors", _("annulation du second facteur")
    END_SESSIONS = "end_sessions", _("fermeture des sessions")


class IdentityCheck(models.Model):
    """One check of one agent's identity by one technician; it opens the acts for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="identity_checks")
    technician = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    # The supervisor was asked, by whom the answer is given while it is not too late.
    asked_supervisor_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.CharField(max_length=40, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    # For a privileged account.
    privileged = models.BooleanField(default=False)
    seconded_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True, blank=True)
    # Where no second technician exists.
    waits_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agent", "-opened_at"], name="check_of_agent"),
            models.Index(fields=["expires_at"], name="check_going_on"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="check_of_somebody_else", condition=~Q(agent=F("technician"))),
            models.CheckConstraint(
                name="check_seconded_by_another",
                condition=Q(seconded_by__isnull=True) | (~Q(seconded_by=F("technician")) & ~Q(seconded_by=F("agent"))),
            ),
        ]

    def __str__(self) -> str:
        return f"check of {self.agent_id} by {self.technician_id}"

    def confirmation_url(self) -> str:
        """Where the supervisor answers, on the portal."""
        return reverse("support:confirmation", urlconf="nomade.config.urls.portal", args=[self.pk])

    def authority_url(self) -> str:
        """Where the agent or the authority may stop what waits, on the portal."""
        return reverse("support:delayed", urlconf="nomade.config.urls.portal", args=[self.pk])


class IdentityProof(models.Model):
    """One proof: which, who attests it. Rows are only ever added."""

    identity_check = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=16, choices=PROOF_CHOICES)
    at = models.DateTimeField(default=now)
    attested_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["identity_check", "kind"], name="proof_once_a_kind")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} for {self.identity_check_id}"


class SessionCode(models.Model):
    """A code shown in an agent's open session, read to a technician, used once; only its hash is kept."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code of {self.agent_id}"


class SupportAct(models.Model):
    """What was done to an account, under which check. Rows are only ever added."""

    identity_check = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=16, choices=ActKind.choices)
    at = models.DateTimeField(default=now)
    technician = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="support_act_when")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["identity_check", "kind"], name="act_once_a_check")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} under {self.identity_check_id}"
