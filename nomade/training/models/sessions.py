"""Sessions: their half-days, rooms, trainers and seats."""

from __future__ import annotations

from datetime import date, time
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.ids import new_id
from nomade.people.models import Agent, OrgUnit
from nomade.training.models.catalogue import Course


class Room(models.Model):
    """A place where sessions are held."""

    label = models.CharField(max_length=160, unique=True)
    address = models.CharField(max_length=300, blank=True)
    access = models.CharField(max_length=400, blank=True)
    seats = models.PositiveSmallIntegerField(default=12)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class SessionState(models.TextChoices):
    """Where a session stands."""

    OPEN = "open", _("ouverte")
    CANCELLED = "cancelled", _("annulée")
    CLOSED = "closed", _("terminée")


#: A session is nearly full from three quarters of its seats.
NEARLY_FULL = Q(GreaterThanOrEqual(F("taken") * 4, F("max_seats") * 3))


class TrainingSessionQuerySet(models.QuerySet["TrainingSession"]):
    def coming(self, day: date) -> Self:
        """The open ones that have not begun on a day, the nearest first."""
        return self.filter(state=SessionState.OPEN, first_day__gte=day).order_by("first_day", "reference")

    def nearly_full(self, day: date) -> Self:
        """Those that one may still ask for on a day and that have few seats left; the index of that name has them."""
        return self.filter(NEARLY_FULL, state=SessionState.OPEN, enrol_until__gte=day, taken__lt=F("max_seats"))

    def held_by(self, trainer: Agent) -> Self:
        """Those that somebody teaches."""
        return self.filter(Exists(Trainer.objects.filter(session=OuterRef("pk"), agent=trainer)))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["taken", "in_line"])
class TrainingSession(models.Model):
    """A course on its dates, with its seats."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.OPEN)
    min_seats = models.PositiveSmallIntegerField(default=1)
    max_seats = models.PositiveSmallIntegerField(default=12)
    # Those of its half-days, written with them: sessions are sorted and counted by them.
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    # How often its dates changed and the most half-days it ever had: what a calendar needs to replace its events.
    turn = models.PositiveSmallIntegerField(default=0)
    published = models.PositiveSmallIntegerField(default=0)
    # The last day to ask, and the number of days before the first one until which a participant withdraws freely.
    enrol_until = models.DateField()
    withdraw_days = models.PositiveSmallIntegerField(default=7)
    # Hours left to who is offered a seat from the waiting list.
    accept_hours = models.PositiveSmallIntegerField(default=48)
    place = models.CharField(max_length=300, blank=True)
    notes = models.CharField(max_length=600, blank=True)
    outside_trainers = models.CharField(max_length=200, blank=True)
    cancel_reason = models.CharField(max_length=400, blank=True)
    # Seats held or offered, and people who wait: counted by the base when a request changes (see `Enrolment`).
    taken = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    in_line = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    documents = models.ManyToManyField(StoredFile, related_name="+", blank=True)

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="training_session_seats", condition=Q(max_seats__gte=F("min_seats")))
        ]
        indexes: ClassVar = [
            models.Index(fields=["course", "state"], name="training_session_of_course"),
            models.Index(fields=["state", "first_day"], name="training_session_days"),
            models.Index(fields=["last_day"], name="training_session_end"),
            models.Index(
                fields=["enrol_until"],
                include=["course"],
                name="training_nearly_full",
                condition=NEARLY_FULL & Q(state="open", taken__lt=F("max_seats")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Half(models.TextChoices):
    """A half-day."""

    MORNING = "am", _("matin")
    AFTERNOON = "pm", _("après-midi")


#: The hours of a half-day when nothing else is said.
HOURS = {Half.MORNING: (time(9), time(12, 30)), Half.AFTERNOON: (time(13, 30), time(17))}


class Slot(models.Model):
    """A half-day of a session. A room holds one session on a half-day: the base says so."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="slots")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="slots")
    # False once its session is cancelled: the room is free again.
    is_held = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["day", "half"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="training_room_once", fields=["room", "day", "half"], condition=Q(room__isnull=False, is_held=True)
            ),
            models.UniqueConstraint(name="training_slot_once", fields=["session", "day", "half"]),
            models.CheckConstraint(name="training_slot_hours", condition=Q(ends__gt=F("starts"))),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="training_slot_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.half}"

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute


class Trainer(models.Model):
    """An agent who teaches a session: they see this session and no other."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="trainers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="training_trainer_once", fields=["session", "agent"])]

    def __str__(self) -> str:
        return f"{self.session_id} {self.agent_id}"


class Quota(models.Model):
    """The most seats that a unit, with all below it, may have in a session."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="training_quota_once", fields=["session", "unit"])]

    def __str__(self) -> str:
        return f"{self.session_id} {self.unit_id} {self.seats}"
