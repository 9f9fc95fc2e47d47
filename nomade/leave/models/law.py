"""What HR keeps, dated: figures of the law, kinds of counters, types of absence."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nomade.leave.models.choices import Document, Group, Mode, Secrecy, Unit
from nomade.leave.rules.parameters import Parameter


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


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CounterKind(models.Model):
    """A kind of counter: its words, what it counts, and where its truth lies."""

    code = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=80)
    short_label = models.CharField(max_length=30)
    unit = models.CharField(max_length=12, choices=Unit.choices, default=Unit.HALF_DAY)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.KEPT)
    # Since when the time system feeds it; requests decided before are known there.
    fed_since = models.DateTimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    help = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.label


class LeaveTypeQuerySet(models.QuerySet["LeaveType"]):
    def on(self, day: date) -> Self:
        """The types one may ask for on a day, in their order."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day).order_by("order")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeaveType(models.Model):
    """A kind of absence one may ask for, with all that its form, its circuit and its pay depend on.

    `counter` is what it takes days from (none for some kinds); `more_counters` are those it may take from too, the
    first to expire first. A change made by HR closes the row and opens another, so that past requests keep theirs.
    """

    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    short_label = models.CharField(max_length=30)
    counter = models.CharField(max_length=20, blank=True)
    # What the supervisor sees; « Absence » for what concerns health (domain § 7.1).
    team_label = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, blank=True)
    help = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    group = models.CharField(max_length=16, choices=Group.choices, default=Group.SPECIAL)
    more_counters = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    unit = models.CharField(max_length=12, choices=Unit.choices, default=Unit.HALF_DAY)
    # Names of the fields its form asks beyond the dates (`child`, `birth`, `due_date`, `event`…).
    fields = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    document = models.CharField(max_length=12, choices=Document.choices, default=Document.NONE)
    document_label = models.CharField(max_length=120, blank=True)
    # Hours after the first day within which the document is due (48 for a sick note).
    document_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    # Who says yes, in order: `supervisor`, `second` (N+2), `hr`; empty: nobody, the agent declares.
    levels = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # From this many half-days on, the N+2 decides too.
    second_level_from = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(default=0)
    # At most this many half-days by request, and by year (of the agent).
    cap_request = models.PositiveSmallIntegerField(null=True, blank=True)
    cap_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # Days in the past within which the agent may still declare it.
    past_days = models.PositiveSmallIntegerField(default=0)
    of_right = models.BooleanField(default=False)
    # Whether every day of the calendar counts (health, family), or only days worked.
    calendar_days = models.BooleanField(default=False)
    pay_code = models.CharField(max_length=20, blank=True)
    pay_effect = models.CharField(max_length=120, blank=True)
    secrecy = models.CharField(max_length=12, choices=Secrecy.choices, default=Secrecy.PLAIN)
    # Of two absences on one half-day, the greater stays (health and maternity over all, telework below all).
    priority = models.PositiveSmallIntegerField(default=50)
    # Who can derogate from a refusal, in words.
    derogation = models.CharField(max_length=160, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    objects = LeaveTypeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="leave_type_once_a_day")]

    def __str__(self) -> str:
        return self.label

    @property
    def counters(self) -> list[str]:
        """The codes of all the counters it may take from; none for a type that takes from no counter."""
        return [self.counter, *self.more_counters] if self.counter else []
