"""Types and figures (dated), counters and their ledger, requests."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from nomade.cases.models import CaseFields, CaseState
from nomade.kernel.clock import now
from nomade.leave.rules.parameters import Parameter
from nomade.leave.rules.periods import Half, Period
from nomade.leave.wording import period_phrase
from nomade.people.models import Agent

LIVING_STATES = (CaseState.SUBMITTED, CaseState.APPROVED)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LegalFigure(models.Model):
    """A rate, cap, date or duration, dated, with its source; shipped by a data file, then kept by HR with history."""

    key = models.CharField(max_length=60)
    argument = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=60)
    population = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    # Whether the value was read in a public text, or is a local habit that HR must confirm.
    verified = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "argument", "population", "valid_from"], name="legal_figure_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.argument}".strip()

    def as_parameter(self) -> Parameter:
        """The row as the rules read it."""
        return Parameter(
            self.key,
            self.argument,
            self.value,
            self.population,
            self.valid_from,
            self.valid_until,
            self.source,
            self.verified,
        )


class LeaveTypeQuerySet(models.QuerySet["LeaveType"]):
    def on(self, day: date) -> Self:
        """The types one may ask for on a day, in their order."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day).order_by("order")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeaveType(models.Model):
    """A kind of absence one may ask for. `counter` is what it takes days from (none for some kinds)."""

    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    short_label = models.CharField(max_length=30)
    counter = models.CharField(max_length=20, blank=True)
    # What the supervisor sees; « Absence » for what concerns health (domain § 7.1).
    team_label = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, blank=True)
    help = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    objects = LeaveTypeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="leave_type_once_a_day")]

    def __str__(self) -> str:
        return self.label


class Counter(models.Model):
    """One right of one agent for one year. `half_days` is the sum of its ledger, kept by a trigger, never written.

    The sum never goes below `-overdraft`: the database refuses the movement that would.
    """

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="leave_counters")
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    half_days = models.IntegerField(default=0, editable=False)
    overdraft = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "year", "code"], name="leave_counter_once"),
            models.CheckConstraint(name="leave_counter_not_overdrawn", condition=Q(half_days__gte=-F("overdraft"))),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class EntryKind(models.TextChoices):
    """Why a counter moved."""

    RIGHT = "droit", _("droit ouvert")
    TAKEN = "prise", _("demande")
    GIVEN_BACK = "annulation", _("jours rendus")
    CORRECTION = "correction", _("correction")
    CARRIED_OVER = "report", _("report")
    EXPIRED = "peremption", _("jours périmés")


class LedgerEntry(models.Model):
    """A signed movement of a counter, in half-days. Rows are only ever added; an error is corrected by another row."""

    id = models.BigAutoField(primary_key=True)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    half_days = models.SmallIntegerField()
    date = models.DateField()
    author = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    request = models.ForeignKey("LeaveRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    created_at = models.DateTimeField(default=now)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # By statement, so that opening the rights of 55,000 agents moves their counters in a few updates.
            pgtrigger.Trigger(
                name="keep_sum",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE leave_counter AS counter SET half_days = counter.half_days + moved.half_days
                    FROM (SELECT counter_id, sum(half_days) AS half_days FROM added GROUP BY counter_id) AS moved
                    WHERE counter.id = moved.counter_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.half_days:+d}"


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
    decided_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    # Days that a refusal proposes instead.
    other_first_day = models.DateField(null=True, blank=True)
    other_last_day = models.DateField(null=True, blank=True)
    # Who typed it for the owner, from paper or by telephone.
    entered_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
        from django.urls import reverse

        return reverse("leave:request", args=[self.pk], urlconf="nomade.config.urls.portal")

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


from nomade.leave.team_models import CalendarFeed, ForbiddenPeriod, MinimumPresence  # noqa: E402  # Django looks here

__all__ = [
    "LIVING_STATES",
    "CalendarFeed",
    "ChangeAsked",
    "Counter",
    "EntryKind",
    "ForbiddenPeriod",
    "LeaveRequest",
    "LeaveRequestQuerySet",
    "LeaveType",
    "LedgerEntry",
    "LegalFigure",
    "MinimumPresence",
]
