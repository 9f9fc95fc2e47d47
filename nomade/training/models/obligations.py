"""What agents must follow, and what they may do because they did."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.people.models import Agent, OrgUnit, Status
from nomade.training.models.catalogue import Course


class Risk(models.Model):
    """A risk of some work: at height, near electricity, with chemicals."""

    label = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class Exposure(models.Model):
    """An agent works under a risk, from a day to another or until it is said to be over."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="exposures")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    noted_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_exposed_once", fields=["agent", "risk"], condition=Q(until=None)),
            models.CheckConstraint(
                name="training_exposure_days", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.risk_id}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Obligation(models.Model):
    """A course that some agents must have followed: those whom every filled field designates."""

    label = models.CharField(max_length=160)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="obligations")
    # The text that asks for it.
    source = models.CharField(max_length=200)
    posts = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=24, choices=Status.choices, blank=True)
    category = models.CharField(max_length=1, choices=[(one, one) for one in "ABC"], blank=True)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    risk = models.ForeignKey(Risk, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Days left to a newcomer, from the day of entry.
    within_days = models.PositiveSmallIntegerField(default=365)
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class Habilitation(models.Model):
    """What an agent holds: the proof of a course, here or elsewhere, with its end."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="habilitations")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="habilitations")
    obtained_on = models.DateField()
    expires_on = models.DateField(null=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=now)
    # The last recall that was sent, in days before the end: 90, 30, 7.
    recalled = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_habilitation_once", fields=["agent", "course", "obtained_on"]),
            models.CheckConstraint(
                name="training_habilitation_days",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("obtained_on")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_on"], name="training_habilitation_end"),
            models.Index(
                fields=["course", "agent", "obtained_on"], include=["expires_on"], name="training_habilitation_of"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.course_id}"


class FirstRecall(models.Model):
    """The last recall of an obligation that an agent never fulfilled, in days before the end of the time left."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_first_recall_once", fields=["agent", "obligation"])
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.obligation_id} {self.step}"


class SkillLevel(models.TextChoices):
    """How well."""

    NOTIONS = "notions", _("notions")
    PRACTICE = "practice", _("pratique courante")
    MASTERY = "mastery", _("maîtrise")
    TEACHES = "teaches", _("peut former")


class SkillState(models.TextChoices):
    """Whether somebody read the proof."""

    DECLARED = "declared", _("à vérifier")
    VERIFIED = "verified", _("vérifiée")
    REFUSED = "refused", _("non retenue")


class Skill(models.Model):
    """What an agent says they can do, with its proof, until the training office has read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="skills")
    label = models.CharField(max_length=160)
    level = models.CharField(max_length=10, choices=SkillLevel.choices, default=SkillLevel.PRACTICE)
    obtained_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SkillState.choices, default=SkillState.DECLARED)
    # What the office recognised it as: the agent then holds the habilitation too.
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=400, blank=True)
    checked_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="training_skill_days",
                condition=Q(expires_on__isnull=True)
                | Q(obtained_on__isnull=True)
                | Q(expires_on__gte=F("obtained_on")),
            ),
            models.CheckConstraint(
                name="training_skill_refused_with_reason", condition=~Q(state="refused") | ~Q(remark="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["declared_at"], name="training_skill_to_check", condition=Q(state="declared"))
        ]

    def __str__(self) -> str:
        return self.label
