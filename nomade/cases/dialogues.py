"""A request that is a conversation: somebody asks, a desk answers, both write until it is over.

Tickets of the support and questions to human resources have the same life and the same columns; what each promises, and
to whom it goes, stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseIdentity
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent


class DialogueStatus(models.TextChoices):
    """Where a conversation stands, in the words of the agent."""

    NEW = "new", _("reçue")
    OPEN = "open", _("en cours")
    PENDING = "pending", _("attend votre réponse")
    SOLVED = "solved", _("résolue")
    CLOSED = "closed", _("close")


# Somebody of the desk has something to do.
WAITING = (DialogueStatus.NEW, DialogueStatus.OPEN)
LIVING = (*WAITING, DialogueStatus.PENDING)


class Changed(Refusal):
    """Somebody wrote or decided meanwhile; answered with 409."""


class Dialogue(CaseIdentity):
    """What a ticket and a question have in common."""

    status = models.CharField(max_length=8, choices=DialogueStatus.choices, default=DialogueStatus.NEW)
    assignee = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    # Since when it waits for the agent; the clock is stopped meanwhile.
    paused_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # From 1 (not at all) to 4 (very well).
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfaction_comment = models.CharField(max_length=500, blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_pause_is_pending",
                condition=Q(status="pending", paused_at__isnull=False)
                | (~Q(status="pending") & Q(paused_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(class)s_satisfaction_scale",
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 4)),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page, for its agent and for its desk alike."""
        raise NotImplementedError

    @property
    def is_waiting(self) -> bool:
        """Whether somebody of the desk has something to do."""
        return self.status in WAITING

    @property
    def is_over(self) -> bool:
        """Whether it was answered for good, or closed."""
        return self.status in (DialogueStatus.SOLVED, DialogueStatus.CLOSED)


@dataclass(frozen=True)
class Moved:
    """What a change of status did: since when the clock stood still, and whether an answered case is open again."""

    paused_since: datetime | None = None
    reopened: bool = False


def move(dialogue: Any, status: DialogueStatus, moment: datetime) -> Moved:
    """Changes the status of a locked case, without saving it; what was promised is for its service to move."""
    if dialogue.status == status:
        return Moved()
    over = dialogue.status in (DialogueStatus.SOLVED, DialogueStatus.CLOSED)
    done = Moved(paused_since=dialogue.paused_at, reopened=over and status == DialogueStatus.OPEN)
    if done.reopened:
        dialogue.escalated_at = None
    dialogue.paused_at = moment if status == DialogueStatus.PENDING else None
    if status == DialogueStatus.SOLVED:
        dialogue.solved_at = moment
    elif done.reopened:
        dialogue.solved_at = None
    dialogue.closed_at = moment if status == DialogueStatus.CLOSED else None
    dialogue.status, dialogue.reminded_at = status, None
    return done
