"""What the directory shows and searches: one line an agent, made from people's rows, and what agents choose."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower

from nomade.people.models import Agent, OrgUnit


class EntryQuerySet(models.QuerySet["Entry"]):
    def shown(self, day: date, leavers_days: int) -> Self:
        """Those who are here, and those who left a short while ago."""
        from datetime import timedelta

        return self.here_since(day - timedelta(days=leavers_days))

    def here_since(self, day: date) -> Self:
        """Those who had not left on a day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=day))

    def by_name(self) -> Self:
        """By name."""
        return self.order_by("sort_name", "agent_id")

    def with_people(self) -> Self:
        """With what a line shows; `photo_key` is another one for each photograph that its owner shows, else None."""
        shown = Q(left_on__isnull=True, agent__photo__visible=True)
        photo = Case(When(shown, then=F("agent__photo__file")), default=None)
        return self.select_related("agent", "unit").annotate(photo_key=photo)


class Entry(models.Model):
    """A line of the directory: derived from the agent's file, made again when it changes; never edited by hand."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="directory_entry")
    unit = models.ForeignKey(OrgUnit, null=True, on_delete=models.SET_NULL, related_name="directory_entries")
    post = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=160, blank=True)
    sort_name = models.CharField(max_length=170)
    left_on = models.DateField(null=True)
    # Names and how they sound; then names, post, unit, place and telephone together.
    names = SearchVectorField()
    words = SearchVectorField()
    # A digest of what the two vectors were made from: an unchanged line is not written again.
    made_from = models.CharField(max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["names"], name="directory_names", fastupdate=False),
            GinIndex(fields=["words"], name="directory_words", fastupdate=False),
            models.Index(fields=["unit", "sort_name"], name="directory_unit_name"),
            models.Index(fields=["sort_name"], name="directory_sort_name"),
        ]

    def __str__(self) -> str:
        return self.sort_name


class Favourite(models.Model):
    """A colleague that an agent keeps at hand."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="favourite_colleagues")
    colleague = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "colleague"], name="favourite_once"),
            models.CheckConstraint(name="favourite_of_another", condition=~Q(owner=models.F("colleague"))),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} keeps {self.colleague_id}"


class Visibility(models.Model):
    """What an agent agrees to show beyond name, unit, post and professional telephone; nothing until they choose."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="directory_visibility")
    shows_mobile = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.agent_id}"


class UnitCard(models.Model):
    """How to reach a unit; kept by the HR office and the editors whose perimeter holds it."""

    unit = models.OneToOneField(OrgUnit, on_delete=models.CASCADE, primary_key=True, related_name="card")
    deputy = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    mailbox = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    missions = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.unit_id}"


class UnitEntry(models.Model):
    """What a unit is found by, made with the lines of agents; `reachable` people of its branch may be written to."""

    unit = models.OneToOneField(OrgUnit, on_delete=models.CASCADE, primary_key=True, related_name="directory_entry")
    words = SearchVectorField()
    reachable = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="directory_unit_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class ContactGroup(models.Model):
    """Colleagues to whom an agent writes together; nobody else sees the group."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="contact_groups")
    name = models.CharField(max_length=60)
    members = models.ManyToManyField(Agent, related_name="+", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), "owner", name="group_name_once")]

    def __str__(self) -> str:
        return self.name
