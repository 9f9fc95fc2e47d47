"""Enrolments: what was asked, decided, attended, credited and thought of it."""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseIdentity
from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent
from nomade.training.models.catalogue import CourseKind
from nomade.training.models.sessions import Slot, TrainingSession


class EnrolmentState(models.TextChoices):
    """What was decided of a request."""

    SUBMITTED = "submitted", _("en attente du responsable")
    ENDORSED = "endorsed", _("en attente du service formation")
    APPROVED = "approved", _("acceptée")
    REFUSED = "refused", _("refusée")
    CANCELLED = "cancelled", _("annulée")


class Seat(models.TextChoices):
    """Whether a seat is kept for the request; apart from what is decided, so that nobody overtakes anybody."""

    HELD = "held", _("place réservée")
    WAITING = "waiting", _("liste d’attente")
    OFFERED = "offered", _("place proposée")
    NONE = "none", _("sans place")


class Priority(models.TextChoices):
    """How much it matters, as the one who asks sees it."""

    REQUIRED = "required", _("obligatoire pour le poste")
    USEFUL = "useful", _("utile au poste")
    PERSONAL = "personal", _("projet personnel")


ALIVE = (EnrolmentState.SUBMITTED, EnrolmentState.ENDORSED, EnrolmentState.APPROVED)


# Counts again the seats and the waiting list of the sessions that moved, once a statement whatever its rows. Whoever
# gives or takes a seat holds the lock of its session: nobody counts the same one at the same time.
_COUNT_SEATS = """
UPDATE training_trainingsession session SET taken = counted.taken, in_line = counted.in_line
FROM (SELECT moved.session_id, count(*) FILTER (WHERE seat IN ('held', 'offered')) AS taken,
        count(*) FILTER (WHERE seat = 'waiting') AS in_line
    FROM (MOVED) moved LEFT JOIN training_enrolment enrolment ON enrolment.session_id = moved.session_id
        AND enrolment.state IN ('submitted', 'endorsed', 'approved')
    GROUP BY moved.session_id) counted
WHERE session.id = counted.session_id
    AND (session.taken, session.in_line) IS DISTINCT FROM (counted.taken, counted.in_line);
RETURN NULL;
"""
_CHANGED = """
SELECT session_id FROM (SELECT id, session_id, state, seat FROM was
    EXCEPT SELECT id, session_id, state, seat FROM became) gone
UNION SELECT session_id FROM (SELECT id, session_id, state, seat FROM became
    EXCEPT SELECT id, session_id, state, seat FROM was) come
"""


def _counting(name: str, operation: pgtrigger.Operation, moved: str, **rows: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]
        func=_COUNT_SEATS.replace("MOVED", moved),
    )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def alive(self) -> Self:
        """Neither refused nor cancelled."""
        return self.filter(state__in=ALIVE)

    def on_the_list(self) -> Self:
        """Those who come: accepted, with a seat."""
        return self.filter(state=EnrolmentState.APPROVED, seat=Seat.HELD)

    def in_line(self) -> Self:
        """The waiting list, in its order."""
        return self.alive().filter(seat=Seat.WAITING).order_by("rank")


class Enrolment(CaseIdentity):
    """An agent asks to follow a session."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=12, choices=EnrolmentState.choices, default=EnrolmentState.SUBMITTED)
    seat = models.CharField(max_length=8, choices=Seat.choices, default=Seat.NONE)
    # The order of arrival in this session, given under the lock of the session.
    rank = models.PositiveIntegerField()
    offered_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.USEFUL)
    # What the agent needs to follow it (a ramp, a sign interpreter): read by the training office and the trainer only.
    needs = models.CharField(max_length=400, blank=True)
    # Who typed it when it was not the agent: a supervisor for the team, the office for a list.
    entered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    asks_office = models.BooleanField(default=True)
    promised_on = models.DateField()
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Why not, and the rule it rests on; the date of the opinion of the CAP when the law asks for one.
    refusal = models.CharField(max_length=600, blank=True)
    refusal_rule = models.CharField(max_length=200, blank=True)
    opinion_on = models.DateField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="training_enrolled_once", fields=["session", "owner"], condition=Q(state__in=ALIVE)
            ),
            models.UniqueConstraint(name="training_rank_once", fields=["session", "rank"]),
            models.CheckConstraint(name="training_refused_with_reason", condition=~Q(state="refused") | ~Q(refusal="")),
            models.CheckConstraint(
                name="training_offer_has_an_end", condition=~Q(seat="offered") | Q(offered_until__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-submitted_at"], name="training_enrolment_of"),
            models.Index(fields=["state", "promised_on"], name="training_enrolment_waiting"),
            models.Index(fields=["offered_until"], name="training_offers", condition=Q(seat="offered")),
        ]
        triggers: ClassVar = [
            _counting("seats_added", pgtrigger.Insert, "SELECT DISTINCT session_id FROM added", new="added"),
            _counting("seats_changed", pgtrigger.Update, _CHANGED, old="was", new="became"),
            _counting("seats_removed", pgtrigger.Delete, "SELECT DISTINCT session_id FROM removed", old="removed"),
        ]


class Attendance(models.Model):
    """Whether a participant was there on a half-day."""

    class Presence(models.TextChoices):
        FULL = "full", _("présent")
        PARTIAL = "partial", _("présent en partie")
        ABSENT = "absent", _("absent")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendances")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="attendances")
    presence = models.CharField(max_length=8, choices=Presence.choices)
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    noted_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="training_attendance_once", fields=["enrolment", "slot"])]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.slot_id} {self.presence}"


class Credit(models.Model):
    """The hours that a participant followed, once the session is over, and the certificate made of it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="credit")
    minutes = models.PositiveIntegerField()
    # The id of a certificate: that service is not known here.
    certificate = models.UUIDField(null=True)
    credited_at = models.DateTimeField(default=now)
    # When the questions of some months later were sent, and when they were sent again.
    later_asked_on = models.DateField(null=True)
    later_recalled_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["credited_at"], name="training_later_to_ask", condition=Q(later_asked_on=None, minutes__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.minutes}"


class Evaluation(models.Model):
    """What a participant thought of it. Marks from 1 (no) to 4 (yes)."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="evaluation")
    goals = models.PositiveSmallIntegerField()
    content = models.PositiveSmallIntegerField()
    trainer = models.PositiveSmallIntegerField()
    usefulness = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="training_marks",
                condition=Q(
                    goals__range=(1, 4), content__range=(1, 4), trainer__range=(1, 4), usefulness__range=(1, 4)
                ),
            )
        ]

    def __str__(self) -> str:
        return f"evaluation of {self.enrolment_id}"


class LaterEvaluation(models.Model):
    """What is left of it some months later: by who followed it, and by who supervises them. Marks from 1 to 4."""

    class Side(models.TextChoices):
        AGENT = "agent", _("participant")
        SUPERVISOR = "supervisor", _("responsable")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="later")
    side = models.CharField(max_length=10, choices=Side.choices)
    used = models.PositiveSmallIntegerField()
    effect = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_later_once", fields=["enrolment", "side"]),
            models.CheckConstraint(name="training_later_marks", condition=Q(used__range=(1, 4), effect__range=(1, 4))),
        ]

    def __str__(self) -> str:
        return f"later evaluation of {self.enrolment_id}"


class OutsideKind(models.TextChoices):
    """What is asked outside the catalogue."""

    COURSE = "course", _("formation d’un autre organisme")
    CNFPT = "cnfpt", _("formation du CNFPT")
    CONCOURS = "concours", _("préparation d’un concours ou d’un examen")
    CPF = "cpf", _("formation au titre du compte personnel de formation")


class OutsideState(models.TextChoices):
    """Where it stands."""

    SUBMITTED = "submitted", _("en attente du responsable")
    ENDORSED = "endorsed", _("en attente du service formation")
    APPROVED = "approved", _("acceptée")
    REFUSED = "refused", _("refusée")
    CANCELLED = "cancelled", _("annulée")


class OutsideRequest(CaseIdentity):
    """A training that the catalogue does not have: organism, dates, cost, quote, and the project it serves."""

    kind = models.CharField(max_length=10, choices=OutsideKind.choices)
    course_kind = models.CharField(max_length=24, choices=CourseKind.choices, default=CourseKind.PERFECTIONNEMENT)
    state = models.CharField(max_length=12, choices=OutsideState.choices, default=OutsideState.SUBMITTED)
    title = models.CharField(max_length=200)
    organism = models.CharField(max_length=200)
    link = models.URLField(max_length=400, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    project = models.TextField(max_length=3000)
    # Who pays what, as the agent sees it: the law wants it said (CGFP L.422-11).
    financing = models.CharField(max_length=400, blank=True)
    quote = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    promised_on = models.DateField()
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Hours of the personal training account granted here; its balance is kept by the national service.
    cpf_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    refusal = models.CharField(max_length=600, blank=True)
    refusal_rule = models.CharField(max_length=200, blank=True)
    opinion_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="training_outside_days", condition=Q(last_day__gte=models.F("first_day"))),
            models.CheckConstraint(
                name="training_outside_refused_with_reason", condition=~Q(state="refused") | ~Q(refusal="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-submitted_at"], name="training_outside_of"),
            models.Index(fields=["state", "promised_on"], name="training_outside_waiting"),
        ]
