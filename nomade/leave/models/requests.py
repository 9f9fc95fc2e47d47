"""Requests, and what concerns health, apart."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseFields, CaseState
from nomade.kernel.addresses import path_to
from nomade.kernel.clock import now
from nomade.leave.models.law import LeaveType
from nomade.leave.rules.periods import Half, Period
from nomade.leave.wording import period_phrase
from nomade.people.models import Agent

LIVING_STATES = (CaseState.SUBMITTED, CaseState.APPROVED)


class ChangeAsked(models.TextChoices):
    """What the owner of a validated absence asks for."""

    CANCEL = "cancel", _("annulation")
    MOVE = "move", _("autres dates")


class Slot(Func):
    """Number of a half-day on one line of time, as `rules.periods.slot_of` computes it."""

    template = "((%(expressions)s)"
    arg_joiner = " - DATE '0001-01-01' + 1) * 2 + "
    output_field = models.IntegerField()


class LeaveRequestQuerySet(models.QuerySet["LeaveRequest"]):
    def living(self) -> Self:
        """Those that hold days: asked or validated."""
        return self.filter(state__in=LIVING_STATES)

    def pending(self) -> Self:
        return self.filter(state=CaseState.SUBMITTED)

    def approved(self) -> Self:
        return self.filter(state=CaseState.APPROVED)

    def touching(self, first: date, last: date) -> Self:
        """Those that share a day with a stretch of days."""
        return self.filter(first_day__lte=last, last_day__gte=first)

    def with_type(self) -> Self:
        return self.select_related("leave_type")


class LeaveRequest(CaseFields):
    """An absence asked for, from a half-day to a half-day."""

    leave_type = models.ForeignKey(LeaveType, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    first_half = models.PositiveSmallIntegerField(default=Half.MORNING)
    last_day = models.DateField()
    last_half = models.PositiveSmallIntegerField(default=Half.AFTERNOON)
    half_days = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    # Hours of one day, for a type counted in minutes.
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # What the form of the type asked beyond the dates; nothing about health, which has its own table.
    details = models.JSONField(default=dict, blank=True)
    # The request that this one is what remains of, or replaces.
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    # Place in the circuit of its type: how many levels have said yes.
    level = models.PositiveSmallIntegerField(default=0)
    # The level it waits for (`rules.circuits`); empty once all have said yes.
    waits_for = models.CharField(max_length=12, default="supervisor", blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # Since when the N+2 may answer too: nobody answered in time, or the supervisor is away.
    escalated_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    # Days that a refusal proposes instead.
    other_first_day = models.DateField(null=True, blank=True)
    other_last_day = models.DateField(null=True, blank=True)
    # Who typed it for the owner, from paper or by telephone.
    entered_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The colleague whom the owner names to stand in, told once the absence is validated and again the day before.
    replacement = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    replacement_reminded_at = models.DateTimeField(null=True, blank=True)
    # What the owner asks to change in a validated absence: give it up, or other days.
    change_asked = models.CharField(max_length=8, blank=True, choices=ChangeAsked.choices)
    change_asked_at = models.DateTimeField(null=True, blank=True)
    change_reason = models.TextField(blank=True)
    wanted_first_day = models.DateField(null=True, blank=True)
    wanted_first_half = models.PositiveSmallIntegerField(default=Half.MORNING)
    wanted_last_day = models.DateField(null=True, blank=True)
    wanted_last_half = models.PositiveSmallIntegerField(default=Half.AFTERNOON)
    # Those sent together, when one absence takes days from several counters.
    together = models.UUIDField(null=True, blank=True, db_index=True)
    first_slot = models.GeneratedField(
        expression=Slot("first_day", "first_half"), output_field=models.IntegerField(), db_persist=True
    )
    last_slot = models.GeneratedField(
        expression=Slot("last_day", "last_half"), output_field=models.IntegerField(), db_persist=True
    )

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "first_day"], name="leave_request_of_owner"),
            models.Index(fields=["owner"], condition=Q(state=CaseState.SUBMITTED), name="leave_request_pending"),
            # With the one above, it finds what waits for a decision among millions of absences.
            models.Index(fields=["owner"], condition=~Q(change_asked=""), name="leave_request_changing"),
            models.Index(
                fields=["replacement", "first_day"],
                condition=Q(replacement__isnull=False),
                name="leave_request_replaced",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_request_in_order", condition=Q(last_slot__gte=F("first_slot"), last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(
                name="leave_request_halves", condition=Q(first_half__in=list(Half), last_half__in=list(Half))
            ),
            # Nobody decides for oneself, whatever the code above forgets.
            models.CheckConstraint(
                name="leave_request_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("owner")),
            ),
            models.CheckConstraint(
                name="leave_request_replaced_by_another",
                condition=Q(replacement__isnull=True) | ~Q(replacement=F("owner")),
            ),
            # `int8range(id, id)` stands for the `=` that would need btree_gist.
            ExclusionConstraint(
                name="leave_request_one_a_half_day",
                expressions=[
                    (Func(F("owner_id"), F("owner_id"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            Slot("first_day", "first_half"),
                            Slot("last_day", "last_half"),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=[str(state) for state in LIVING_STATES]),
            ),
        ]

    @property
    def when(self) -> str:
        """Its period, in words."""
        return period_phrase(self.period)

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day, Half(self.first_half), Half(self.last_half))

    def get_absolute_url(self) -> str:
        """Its page on the portal host, whichever host asks."""
        return path_to("leave:request", self.pk, urlconf="nomade.config.urls.portal")

    @classmethod
    def of_period(cls, period: Period, **fields: Any) -> LeaveRequest:
        """A request not yet saved, on a period."""
        return cls(
            first_day=period.first_day,
            first_half=period.first_half,
            last_day=period.last_day,
            last_half=period.last_half,
            **fields,
        )


class HealthLeave(models.Model):
    """The exact kind of a health absence, sealed, read by restricted HR only (domain § 7.1). Never a diagnosis."""

    request = models.OneToOneField(LeaveRequest, primary_key=True, on_delete=models.PROTECT, related_name="health")
    # JSON of the kind (CMO, CLM, CITIS…), of the days it was issued, sent and received, of what spares the first day.
    sealed = models.BinaryField()
    written_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.request_id)
