"""Parts that every request of an agent is made of; a service composes them, nothing here runs a workflow."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent


class CaseState(models.TextChoices):
    """Where a request stands."""

    SUBMITTED = "submitted", _("en attente")
    APPROVED = "approved", _("validée")
    REFUSED = "refused", _("refusée")
    CANCELLED = "cancelled", _("annulée")


class CaseIdentity(models.Model):
    """What any request of an agent has: a reference one can say on the telephone, an owner, a version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="%(app_label)s_%(class)s_set")
    submitted_at = models.DateTimeField(default=now)
    # Grows by one at each change: a page that shows an older one decides nothing.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference


class CaseFields(CaseIdentity):
    """A request that somebody decides: a state, and a promise."""

    state = models.CharField(max_length=16, choices=CaseState.choices, default=CaseState.SUBMITTED)
    # The day by which an answer is promised.
    promised_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class CaseEvent(models.Model):
    """A step of the life of a request, as its timeline shows it. Rows are only ever added."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    case_id = models.UUIDField()
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=40)
    detail = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case_id", "id"], name="case_event_of_case")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind}.{self.event}"


class CaseMessage(models.Model):
    """What somebody wrote about a request. An `internal` one stays among those who handle it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    case_id = models.UUIDField()
    at = models.DateTimeField(default=now)
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    internal = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case_id", "id"], name="case_message_of_case")]
        triggers: ClassVar = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.kind} message {self.pk}"


class CaseFile(models.Model):
    """A file that goes with a message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(CaseMessage, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"file of message {self.message_id}"


class Draft(models.Model):
    """What somebody was typing in a form, sealed; one a form."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=80)
    sealed = models.BinaryField()
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "form"], name="draft_one_a_form")]
        indexes: ClassVar = [models.Index(fields=["updated_at"], name="draft_age")]

    def __str__(self) -> str:
        return f"{self.form} of {self.agent_id}"


class Submission(models.Model):
    """A form that was sent, and what came of it: the same one sent again gets the same answer."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    form = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agent", "token"], name="submission_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="submission_age")]

    def __str__(self) -> str:
        return f"{self.form} {self.token}"
