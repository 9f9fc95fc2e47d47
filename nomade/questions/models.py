"""What agents ask of human resources, who answers, and what human resources keep: topics, offices, ways, closings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogues import LIVING, WAITING, Dialogue
from nomade.kernel.clock import now
from nomade.people.models import Agent, DatedQuerySet, OrgUnit
from nomade.people.roles import Role

# Who may answer questions; each only those of an office of their role, inside their perimeter.
OFFICE_ROLES = (Role.HR_OFFICER, Role.PAY_OFFICER, Role.TRAINING_OFFICER, Role.DISABILITY_REFERENT)
ROLE_CHOICES = [(role.value, role.label) for role in OFFICE_ROLES]


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Office(models.Model):
    """Who answers: the holders of a role, each inside their perimeter; its members are told first."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    # Seven signs, Monday first, `1` for a day on which somebody answers.
    week = models.CharField(max_length=7, default="1111100")
    # Told of what is late, beside those who handle it.
    lead = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    members = models.ManyToManyField(Agent, related_name="question_offices", blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "label"]

    def __str__(self) -> str:
        return self.label


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Topic(models.Model):
    """What one may ask about, from a day on: the office that answers and the delay that it promises."""

    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    # What often answers at once; shown as soon as the topic is chosen.
    hint = models.CharField(max_length=400, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="topics")
    promised_days = models.PositiveSmallIntegerField(default=5)
    # The service whose pages propose this topic.
    service = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    valid_from = models.DateField(default=date(1900, 1, 1))
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "label", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="topic_one_open_a_code", fields=["code"], condition=Q(valid_to__isnull=True)),
            models.UniqueConstraint(name="topic_one_a_day", fields=["code", "valid_from"]),
            models.CheckConstraint(
                name="topic_days_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Way(models.Model):
    """For the agents of a unit and of all below it, another office than the one of the topic, between two days."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    # The code of one topic; empty is every topic whose office has the same role.
    topic = models.CharField(max_length=40, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="ways")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="way_days_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} to {self.office_id}"


class Closing(models.Model):
    """Days on which offices answer nobody, beside public holidays: all of them, or one."""

    label = models.CharField(max_length=120)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.CASCADE, related_name="closings")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering: ClassVar = ["first_day"]
        constraints: ClassVar = [
            models.CheckConstraint(name="closing_days_in_order", condition=Q(last_day__gte=F("first_day")))
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ReadyAnswer(models.Model):
    """An answer written once, put into a reply and corrected there before it is sent."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    # None is for every office.
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.CASCADE, related_name="ready_answers")
    active = models.BooleanField(default=True)
    updated_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> QuestionQuerySet:
        """Those for which somebody of an office has something to do."""
        return self.filter(status__in=WAITING)

    def living(self) -> QuestionQuerySet:
        return self.filter(status__in=LIVING)

    def late(self, day: date) -> QuestionQuerySet:
        """Those whose promised day has gone by."""
        return self.waiting().filter(promised_on__lt=day)

    def with_people(self) -> QuestionQuerySet:
        return self.select_related("owner", "assignee", "topic", "office")

    def newest_first(self) -> QuestionQuerySet:
        return self.order_by("-submitted_at", "-id")


class Question(Dialogue):
    """One question of an agent."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="questions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="questions")
    promised_on = models.DateField()
    # Where the agent was, and what of that page it is about: a line of a pay slip.
    page = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=200, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = Dialogue.Meta.constraints
        indexes: ClassVar = [
            models.Index(fields=["promised_on", "id"], condition=Q(status__in=["new", "open"]), name="question_queue"),
            models.Index(
                fields=["assignee", "promised_on", "id"],
                condition=Q(status__in=["new", "open", "pending"]),
                name="question_of_officer",
            ),
            models.Index(
                fields=["office", "promised_on", "id"],
                condition=Q(status__in=["new", "open"]),
                name="question_of_office",
            ),
            models.Index(fields=["status", "promised_on", "id"], name="question_by_status"),
            models.Index(fields=["owner", "-submitted_at", "-id"], name="question_of_owner"),
            models.Index(fields=["-submitted_at", "-id"], name="question_newest"),
            GinIndex(fields=["search"], name="question_search"),
        ]
        verbose_name = _("question")

    def get_absolute_url(self) -> str:
        """Its page on the portal, for the agent and for the office alike."""
        return reverse("questions:page", urlconf="nomade.config.urls.portal", args=[self.pk])
