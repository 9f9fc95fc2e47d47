"""How an agent signs, and how they like to write."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.people.models import Agent

LONGEST_SIGNATURE = 2000


class IdentityQuerySet(models.QuerySet["MailIdentity"]):
    def of(self, agent: Agent) -> Self:
        """An agent's own, the usual one first."""
        return self.filter(agent=agent).order_by("-is_default", "name", "id")


class MailIdentity(models.Model):
    """A name, an address for answers and a signature. The address that writes stays the agent's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(_("Intitulé"), max_length=60)
    name = models.CharField(_("Nom affiché"), max_length=120)
    reply_to = models.CharField(_("Adresse de réponse"), max_length=254, blank=True, default="")
    # The lines of the signature, and the same with its formatting when it has any.
    signature = models.TextField(_("Signature"), max_length=LONGEST_SIGNATURE, blank=True, default="")
    signature_html = models.TextField(_("Signature mise en forme"), max_length=10_000, blank=True, default="")
    is_default = models.BooleanField(default=False)

    objects = IdentityQuerySet.as_manager()

    #: The address of a shared mailbox, for an identity that the mail server grants and no row keeps.
    shared_address: str = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(is_default=True), name="mail_one_usual_identity"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """Its name among the identities of a letter."""
        return f"={self.shared_address}" if self.shared_address else str(self.pk)


class SignaturePlace(models.TextChoices):
    """Where the signature of an answer goes."""

    ABOVE = "above", _("Au-dessus du message cité")
    BELOW = "below", _("Tout en bas")


class WritingFormat(models.TextChoices):
    """How a new letter begins."""

    PLAIN = "plain", _("Texte simple")
    RICH = "rich", _("Texte mis en forme")
    SAME = "same", _("Texte simple, et les réponses comme le message reçu")


class WritingSettings(models.Model):
    """An agent's choices; who has made none has the defaults, and no row."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="+")
    signature_place = models.CharField(max_length=8, choices=SignaturePlace.choices, default=SignaturePlace.ABOVE)
    writing_format = models.CharField(max_length=8, choices=WritingFormat.choices, default=WritingFormat.PLAIN)
    # Seconds; None follows the organisation's.
    undo_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    confirm_attachment = models.BooleanField(default=True)
    confirm_subject = models.BooleanField(default=True)
    confirm_many = models.BooleanField(default=True)
    confirm_outside = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.agent_id}"
