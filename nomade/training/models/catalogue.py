"""The catalogue: domains, courses, who keeps which as a favourite, and who decides about what."""

from __future__ import annotations

from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.ids import new_id
from nomade.people.models import Agent


class CourseKind(models.TextChoices):
    """The types of training of the law (CGFP L.422-21, decree 2007-1845)."""

    INTEGRATION = "integration", _("intégration")
    PROFESSIONNALISATION = "professionnalisation", _("professionnalisation")
    PERFECTIONNEMENT = "perfectionnement", _("perfectionnement")
    CONCOURS = "concours", _("préparation aux concours")
    CPF = "cpf", _("compte personnel de formation")
    SECURITE = "securite", _("santé et sécurité")
    ILLETTRISME = "illettrisme", _("savoirs de base")


class Modality(models.TextChoices):
    """Where one learns."""

    PRESENTIEL = "presentiel", _("en salle")
    DISTANCE = "distance", _("à distance")
    MIXTE = "mixte", _("en salle et à distance")


class Domain(models.Model):
    """A field of the catalogue."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class CourseQuerySet(models.QuerySet["Course"]):
    def offered(self) -> Self:
        """What the catalogue shows to every agent."""
        return self.filter(is_offered=True)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["words"])
class Course(models.Model):
    """A training of the catalogue; its dates are in its sessions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="courses")
    kind = models.CharField(max_length=24, choices=CourseKind.choices)
    modality = models.CharField(max_length=16, choices=Modality.choices, default=Modality.PRESENTIEL)
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    audience = models.CharField(max_length=400, blank=True)
    prerequisites = models.CharField(max_length=400, blank=True)
    objectives = models.TextField(max_length=4000, blank=True)
    programme = models.TextField(max_length=8000, blank=True)
    provider = models.CharField(max_length=200, blank=True)
    accessibility = models.CharField(max_length=400, blank=True)
    # Euros for one participant.
    cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    # Words of posts for which it is meant, without accents and parted by spaces: « jardin paysage ».
    posts = models.CharField(max_length=400, blank=True)
    # A course whose certificate must be held first.
    requires = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # How long what is learnt is recognised; none for ever.
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_offered = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    documents = models.ManyToManyField(StoredFile, related_name="+", blank=True)
    words = SearchVectorField(null=True, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="course_words")]
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class Favourite(models.Model):
    """A course that an agent wants to find again."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="favourites")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="training_favourite_once", fields=["agent", "course"])]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.course_id}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Circuit(models.Model):
    """Who decides: the row that asks most of a course (its kind, then its cost and length) is the one that holds."""

    # Blank: whatever the kind.
    kind = models.CharField(max_length=24, choices=CourseKind.choices, blank=True)
    from_cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    from_hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    asks_supervisor = models.BooleanField(default=True)
    asks_office = models.BooleanField(default=True)
    # Days within which an answer is promised.
    promised_days = models.PositiveSmallIntegerField(default=15)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_circuit_once", fields=["kind", "from_cost", "from_hours"])
        ]

    def __str__(self) -> str:
        return f"{self.kind or '*'} {self.from_cost} {self.from_hours}"
