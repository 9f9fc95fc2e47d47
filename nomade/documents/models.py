"""Documents of an agent's folder, documents that many must read, documents asked from many."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.ids import new_id
from nomade.people.models import Agent, OrgUnit, Status


class Start(models.TextChoices):
    """From when a retention is counted."""

    DEPOSIT = "deposit", _("le dépôt")
    EXIT = "exit", _("le départ de l’agent")
    BIRTH = "birth", _("la naissance de l’agent")


class Final(models.TextChoices):
    """What happens at the end of a retention."""

    DESTROY = "destroy", _("destruction")
    ARCHIVE = "archive", _("versement aux archives")


class DocumentType(models.Model):
    """A kind of document and how long it is kept, with the text that says so."""

    code = models.CharField(primary_key=True, max_length=20)
    label = models.CharField(max_length=80)
    start = models.CharField(max_length=8, choices=Start.choices)
    years = models.PositiveSmallIntegerField()
    final = models.CharField(max_length=8, choices=Final.choices)
    source = models.CharField(max_length=200)
    # The archivist's visa on this rule; None for one that was shipped and that nobody has signed yet.
    signed_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label

    @property
    def rule(self) -> str:
        """« 5 ans après le dépôt, destruction »."""
        return said_rule(self.years, self.start, self.final)


class RuleChange(models.Model):
    """A rule of retention as somebody wants it: for a known type, or a new one; it holds once an archivist signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    start = models.CharField(max_length=8, choices=Start.choices)
    years = models.PositiveSmallIntegerField()
    final = models.CharField(max_length=8, choices=Final.choices)
    source = models.CharField(max_length=200)
    # What it replaces, as it was said; empty for a new type.
    before = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="rule_change_one_waiting", fields=["code"], condition=Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.years}"

    @property
    def rule(self) -> str:
        """« 5 ans après le dépôt, destruction »."""
        return said_rule(self.years, self.start, self.final)


def said_rule(years: int, start: str, final: str) -> str:
    """A rule of retention in words."""
    return _now("%(years)s ans après %(start)s, puis %(final)s") % {
        "years": years,
        "start": Start(start).label,
        "final": Final(final).label,
    }


class FolderDocument(models.Model):
    """One document of an agent's folder."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="folder_documents")
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    search_text = models.CharField(max_length=400, editable=False)
    dated_on = models.DateField()
    origin = models.CharField(max_length=120)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    deposited_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    deposited_at = models.DateTimeField()
    needs_acknowledgement = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agent", "-dated_on"], name="folder_document_of_agent")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.pk}"

    @property
    def waits_for_acknowledgement(self) -> bool:
        """Whether its owner still has to say that they received it."""
        return self.needs_acknowledgement and self.acknowledged_at is None


class DepositState(models.TextChoices):
    """Where a deposit of many documents stands."""

    READING = "reading", _("lecture en cours")
    FAILED = "failed", _("illisible")
    TO_CONFIRM = "to_confirm", _("à confirmer")
    CONFIRMED = "confirmed", _("déposé")
    DROPPED = "dropped", _("abandonné")


class Deposit(models.Model):
    """Many documents sent at once: a dry run first, nothing in any folder before it is confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    dated_on = models.DateField()
    needs_acknowledgement = models.BooleanField(default=False)
    sent_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=DepositState.choices, default=DepositState.TO_CONFIRM)
    confirmed_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # One large file to split: kept until its parts are in folders or given up.
    source = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.title} {self.state}"


class DepositLine(models.Model):
    """One file of a deposit: whose it is, or why it is nobody's."""

    deposit = models.ForeignKey(Deposit, on_delete=models.CASCADE, related_name="lines")
    name = models.CharField(max_length=200)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    # None for a file that goes to nobody: it is not kept.
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class MustRead(models.Model):
    """A document that many must read: by unit, status or place; all of them when nothing narrows it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=160)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=24, choices=Status.choices, blank=True)
    place = models.CharField(max_length=160, blank=True)
    due_on = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """Somebody has read a document, alone or with their team (`noted_by` is then the supervisor)."""

    must_read = models.ForeignKey(MustRead, on_delete=models.CASCADE, related_name="readings")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    noted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="reading_once", fields=["must_read", "agent"])]

    def __str__(self) -> str:
        return f"{self.must_read_id} {self.agent_id}"


class Collection(models.Model):
    """A document asked from several agents."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=160)
    instructions = models.CharField(max_length=1000, blank=True)
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    wants_expiry = models.BooleanField(default=False)
    due_on = models.DateField()
    asked_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class ItemState(models.TextChoices):
    """Where one agent's part of a collection stands."""

    ASKED = "asked", _("à fournir")
    PROVIDED = "provided", _("à vérifier")
    APPROVED = "approved", _("accepté")
    REFUSED = "refused", _("refusé")


class CollectionItem(models.Model):
    """What one agent was asked, and what they gave."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.ASKED)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True)
    provided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="collection_item_once", fields=["collection", "agent"]),
            models.CheckConstraint(
                name="collection_item_given_has_file",
                condition=~Q(state__in=["provided", "approved"]) | Q(file__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agent", "state"], name="collection_item_of_agent")]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.agent_id}"

    @property
    def open(self) -> bool:
        """Whether the agent still has to give something."""
        return self.state in {ItemState.ASKED, ItemState.REFUSED}


class Purge(models.Model):
    """A list of documents at the end of their retention: proposed, signed by an archivist, then carried out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposed_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # [[document id, type, agent id, date, sha256, final]]: the proof, without any content.
    lines = models.JSONField()
    signed_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.proposed_at:%Y-%m-%d} {len(self.lines)}"
