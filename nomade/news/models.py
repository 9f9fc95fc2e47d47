"""Articles, to whom they are shown, and the receipts of what must be read."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.people.models import Agent, OrgUnit, Status


class Kind(models.TextChoices):
    """What an article is; an alert stays on the home page until it is read."""

    ARTICLE = "article", _("Article")
    NOTE = "note", _("Note courte")
    ALERT = "alert", _("Alerte")
    EVENT = "event", _("Événement")


class State(models.TextChoices):
    """Where an article stands. A published one is shown between its two moments only."""

    DRAFT = "draft", _("Brouillon")
    REVIEW = "review", _("En relecture")
    PUBLISHED = "published", _("Publié")
    WITHDRAWN = "withdrawn", _("Retiré")


class ArticleQuerySet(models.QuerySet["Article"]):
    def shown(self, moment: datetime) -> Self:
        """Published, already begun and not over."""
        not_over = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
        return self.filter(not_over, state=State.PUBLISHED, publish_at__lte=moment)

    def newest(self) -> Self:
        """Pinned first, then the newest."""
        return self.order_by("-pinned", "-publish_at", "-created_at")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Article(models.Model):
    """Something told; `body` is Markdown, shown cleaned."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ARTICLE)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    pinned = models.BooleanField(default=False)
    must_read = models.BooleanField(default=False)
    picture = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    picture_alt = models.CharField(max_length=250, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=160, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # When those it concerns were told; told once.
    announced_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=0)
    words = SearchVectorField(null=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # As they are shown: the first fifty are read without sorting two years of them.
            models.Index(
                fields=["-pinned", "-publish_at", "-created_at"],
                name="article_shown",
                condition=Q(state=State.PUBLISHED),
            ),
            GinIndex(fields=["words"], name="article_words"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="article_picture_has_words", condition=Q(picture__isnull=True) | ~Q(picture_alt="")
            ),
            models.CheckConstraint(
                name="article_moments_in_order",
                condition=Q(ends_at__isnull=True) | Q(publish_at__isnull=True) | Q(ends_at__gt=F("publish_at")),
            ),
            models.CheckConstraint(
                name="article_published_has_a_moment",
                condition=~Q(state=State.PUBLISHED) | Q(publish_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """Those an article is for: a unit and all below, a status, a category, a place; an empty part means anybody.

    Several targets add up; an article without any is for everybody.
    """

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=24, choices=Status.choices, blank=True)
    category = models.CharField(max_length=1, blank=True)
    place = models.CharField(max_length=160, blank=True)

    def __str__(self) -> str:
        return f"{self.article_id}"


class Attachment(models.Model):
    """A document that goes with an article."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Receipt(models.Model):
    """Somebody has read what must be read; `ticked_by` is the supervisor who read it to the team, if it was so."""

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="receipts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=now)
    ticked_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "agent"], name="receipt_once")]
        indexes: ClassVar = [models.Index(fields=["agent", "article"], name="receipt_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.article_id}"


class Opening(models.Model):
    """How many times an article was opened on a day: a number, and nobody's name."""

    id = models.BigAutoField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="openings")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "day"], name="opening_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}"


class PageQuerySet(models.QuerySet["Page"]):
    def in_order(self) -> Self:
        """As their keeper put them, then by title."""
        return self.order_by("order", "title", "pk")

    def to_review(self, day: date) -> Self:
        """Those whose owner should have read them again by that day."""
        return self.filter(review_by__lte=day)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Page(models.Model):
    """A useful page: a guide, a form, whom to ask; in a small tree, with an owner and a day to be read again."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    review_by = models.DateField()
    order = models.PositiveSmallIntegerField(default=100)
    is_shown = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=0)
    words = SearchVectorField(null=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="page_words")]
        constraints: ClassVar = [models.CheckConstraint(name="page_not_below_itself", condition=~Q(parent=F("id")))]

    def __str__(self) -> str:
        return self.title
