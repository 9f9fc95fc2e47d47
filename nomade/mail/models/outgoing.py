"""What SQL holds of the mail: only the letters on their way out. Mailboxes stay on the mail server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.kernel.encryption import seal, unseal
from nomade.people.models import Agent


class OutgoingState(models.TextChoices):
    """Where a letter stands, in the words the agent reads."""

    DRAFT = "draft", _("Brouillon")
    WAITING = "waiting", _("En attente d’envoi")
    # In the hands of a job; found so by a later job, that one died before it could say what happened.
    SENDING = "sending", _("Envoi en cours")
    # The server has it; the copy in « Envoyés » is still to be made.
    ACCEPTED = "accepted", _("Envoyé")
    SENT = "sent", _("Envoyé")
    REFUSED = "refused", _("Refusé")
    UNCERTAIN = "uncertain", _("À vérifier")


ON_THE_WAY = (OutgoingState.WAITING, OutgoingState.SENDING, OutgoingState.ACCEPTED)
FOR_THE_AGENT = (OutgoingState.REFUSED, OutgoingState.UNCERTAIN, OutgoingState.DRAFT)


@dataclass(frozen=True)
class Written:
    """What the agent wrote, as it was typed; kept sealed. `answers` is the message it replies to or forwards.

    `html` is empty for plain text; `identity` is a key of `MailIdentity`; `replaces` is the draft of another program
    that it continues, removed once it is sent.
    """

    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    importance: str = ""
    receipt: bool = False
    identity: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    answers: dict[str, str] = field(default_factory=dict)
    replaces: dict[str, str] = field(default_factory=dict)

    @property
    def is_redirection(self) -> bool:
        """Whether a message is passed on as it is, under its author's name."""
        return self.answers.get("kind") == "redirect"

    def as_bytes(self) -> bytes:
        """For sealing."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """The reverse of `as_bytes`."""
        return cls(**json.loads(raw))


class OutgoingQuerySet(models.QuerySet["OutgoingMessage"]):
    def of(self, agent: Agent) -> Self:
        """An agent's own letters."""
        return self.filter(agent=agent)

    def on_the_way(self) -> Self:
        """Those that a job is to take further."""
        return self.filter(state__in=ON_THE_WAY)

    def unfinished(self) -> Self:
        """Those that the agent may still have to think of."""
        return self.filter(state__in=[*ON_THE_WAY, *FOR_THE_AGENT])


class OutgoingMessage(models.Model):
    """A letter from « Envoyer » to its copy in « Envoyés ». `token` is the form's: a double tap is one letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    state = models.CharField(max_length=10, choices=OutgoingState.choices, default=OutgoingState.DRAFT)
    message_id = models.CharField(max_length=300)
    # Sealed `Written`; only its recipients and subject once the copy is in « Envoyés ».
    sealed = models.BinaryField(default=b"")
    # Sealed words of the server: they quote addresses.
    sealed_problem = models.BinaryField(default=b"")
    attempts = models.PositiveIntegerField(default=0)
    # Each keeping of a draft counts one, so that a second tab cannot write over what it has not seen.
    revision = models.PositiveIntegerField(default=0)
    # The revision that lies in the mail server's Drafts; 0 when none does.
    mirrored = models.PositiveIntegerField(default=0)
    # A letter that was sent may be taken back until then.
    leaves_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "token"], name="outgoing_once_a_form")]
        indexes: ClassVar = [models.Index(fields=["agent", "state"], name="outgoing_of_agent")]

    def __str__(self) -> str:
        return f"{self.state} {self.message_id}"

    @property
    def seal_context(self) -> bytes:
        """Binds what is sealed to this row and its owner."""
        return f"mail.outgoing:{self.id}:{self.agent_id}".encode()

    def write(self, written: Written) -> None:
        """Seals what was written; the caller saves."""
        self.sealed = seal(written.as_bytes(), context=self.seal_context)

    def written(self) -> Written:
        """What was written; an empty letter once it is sent. Raises DecryptionFailed."""
        if not self.sealed:
            return Written()
        return Written.from_bytes(unseal(bytes(self.sealed), context=self.seal_context))

    def set_problem(self, words: str) -> None:
        """Seals what the server said; the caller saves."""
        self.sealed_problem = seal(words.encode(), context=self.seal_context) if words else b""

    @property
    def problem(self) -> str:
        """What the server said, for the agent and the support."""
        if not self.sealed_problem:
            return ""
        return unseal(bytes(self.sealed_problem), context=self.seal_context).decode()


class OutgoingAttachment(models.Model):
    """A file of a letter on its way, sealed; deleted once the copy is in « Envoyés »."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(OutgoingMessage, on_delete=models.CASCADE, related_name="attachments")
    sealed_name = models.BinaryField()
    content_type = models.CharField(max_length=200)
    # A picture that the text shows, by this name.
    content_id = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.content_type} {self.size}"

    @property
    def seal_context(self) -> bytes:
        """Binds what is sealed to this file and its letter."""
        return f"mail.attachment:{self.id}:{self.message_id}".encode()

    @classmethod
    def of(
        cls,
        message: OutgoingMessage,
        name: str,
        content_type: str,
        content: bytes,
        position: int,
        *,
        content_id: str = "",
    ) -> Self:
        """A sealed file, not yet saved."""
        found = cls(
            message=message, content_type=content_type, size=len(content), position=position, content_id=content_id
        )
        found.sealed_name = seal(name.encode(), context=found.seal_context)
        found.sealed = seal(content, context=found.seal_context)
        return found

    @property
    def name(self) -> str:
        """Its file name."""
        return unseal(bytes(self.sealed_name), context=self.seal_context).decode()

    def content(self) -> bytes:
        """Its bytes. Raises DecryptionFailed."""
        return unseal(bytes(self.sealed), context=self.seal_context)
