"""How an agent reads: settings, labels, senders whose pictures are shown, and what can still be undone."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled
from nomade.kernel.encryption import seal, unseal
from nomade.people.models import Agent


class Pane(models.TextChoices):
    """Where an opened message is shown on a wide screen."""

    RIGHT = "right", _("À droite de la liste")
    BELOW = "below", _("Sous la liste")
    ALONE = "alone", _("À la place de la liste")


class Density(models.TextChoices):
    """How much room a line takes."""

    ROOMY = "roomy", _("Aérée")
    COMPACT = "compact", _("Serrée")


class Receipts(models.TextChoices):
    """What happens when a sender asks to know that the message was read."""

    ASK = "ask", _("Me demander à chaque fois")
    NEVER = "never", _("Ne jamais répondre")


class ReadingSettings(models.Model):
    """One row an agent who changed something; the defaults otherwise."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="+", primary_key=True)
    pane = models.CharField(max_length=10, choices=Pane.choices, default=Pane.RIGHT)
    density = models.CharField(max_length=10, choices=Density.choices, default=Density.ROOMY)
    threaded = models.BooleanField(default=False)
    receipts = models.CharField(max_length=10, choices=Receipts.choices, default=Receipts.ASK)
    shortcuts = models.BooleanField(default=True)
    notify = models.BooleanField(default=False)
    subscribed_only = models.BooleanField(default=False)
    confirm_delete = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.pane} {self.density}"

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """The settings of an agent."""
        return _settings_of.first(agent=agent.pk) or cls(agent=agent)  # type: ignore[return-value]  # there is no other class


_settings_of = Compiled(lambda agent: ReadingSettings.objects.filter(agent_id=agent)[:1])


class Colour(models.TextChoices):
    """The colours of labels; each has its tokens in the style sheet, and the name is always shown beside."""

    RED = "red", _("rouge")
    ORANGE = "orange", _("orange")
    GREEN = "green", _("vert")
    BLUE = "blue", _("bleu")
    VIOLET = "violet", _("violet")
    GREY = "grey", _("gris")


class Label(models.Model):
    """A name and a colour for an IMAP keyword, which the mail server keeps on the messages."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    keyword = models.CharField(max_length=60)
    name = models.CharField(_("nom"), max_length=40)
    colour = models.CharField(_("couleur"), max_length=10, choices=Colour.choices, default=Colour.BLUE)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "keyword"], name="label_once_an_agent")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def all_of(cls, agent: Agent) -> list[Label]:
        """The labels of an agent, by name."""
        return _labels_of.rows(agent=agent.pk)


_labels_of = Compiled(lambda agent: Label.objects.filter(agent_id=agent))


class TrustedSender(models.Model):
    """Somebody whose pictures the agent's browser may load. The address is sealed, and found by its digest."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "digest"], name="sender_once_an_agent")]

    def __str__(self) -> str:
        return self.digest[:8]

    @staticmethod
    def digest_of(agent: Agent, email: str) -> str:
        """What an address is looked for by."""
        return salted_hmac(f"nomade.mail.sender:{agent.pk}", email.strip().lower(), algorithm="sha256").hexdigest()

    @classmethod
    def made(cls, agent: Agent, email: str) -> Self:
        """A row, not yet saved."""
        digest = cls.digest_of(agent, email)
        found = cls(agent=agent, digest=digest)
        found.sealed = seal(email.encode(), context=found.seal_context)
        return found

    @property
    def seal_context(self) -> bytes:
        """Binds what is sealed to this row and its owner."""
        return f"mail.sender:{self.agent_id}:{self.digest}".encode()

    @property
    def email(self) -> str:
        """The address. Raises DecryptionFailed."""
        return unseal(bytes(self.sealed), context=self.seal_context).decode()


class Answered(models.Model):
    """What one click answered to a message, to its invitation or to its wish of a receipt: not every server keeps
    keywords, and what was answered is not answered again.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    word = models.CharField(max_length=12)
    answered_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "digest"], name="answered_once_an_agent")]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.word}"

    @staticmethod
    def digest_of(agent: Agent, kind: str, message: str) -> str:
        """What a message is looked for by: its name leaves the mail server for nobody."""
        return salted_hmac(f"nomade.mail.answered:{kind}:{agent.pk}", message, algorithm="sha256").hexdigest()


class Done(models.Model):
    """What was just done to messages, to say it and to undo it; sealed, for it names folders."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=now, db_index=True)
    undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def seal_context(self) -> bytes:
        """Binds what is sealed to this row and its owner."""
        return f"mail.done:{self.id}:{self.agent_id}".encode()

    @classmethod
    def of(cls, agent: Agent, told: dict[str, Any]) -> Self:
        """A row, not yet saved."""
        found = cls(agent=agent)
        found.sealed = seal(json.dumps(told).encode(), context=found.seal_context)
        return found

    def told(self) -> dict[str, Any]:
        """What was done. Raises DecryptionFailed."""
        found: dict[str, Any] = json.loads(unseal(bytes(self.sealed), context=self.seal_context))
        return found
