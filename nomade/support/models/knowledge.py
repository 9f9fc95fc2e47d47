"""What helps without a ticket: articles, incidents, the state of each part; and reports of people not signed in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from nomade.kernel.clock import now
from nomade.people.models import Agent
from nomade.support.models.tickets import Category


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        return self.filter(published=True)


class Article(models.Model):
    """An answer written once for all, in plain French."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    body = models.TextField()
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    published = models.BooleanField(default=True)
    author = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    search = SearchVectorField(null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["search"], name="article_search")]

    def __str__(self) -> str:
        return self.title


class Incident(models.Model):
    """Something that does not work for many, told before they ask; shown to everybody until it ends."""

    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-started_at"], condition=Q(ended_at__isnull=True), name="incident_going_on")
        ]

    def __str__(self) -> str:
        return self.title


class PartState(models.Model):
    """What the last check found of one part of the portal."""

    key = models.CharField(max_length=40, primary_key=True)
    well = models.BooleanField()
    since = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.key


class PublicReport(models.Model):
    """A malfunction told by somebody who is not signed in: no ticket, because nobody knows whose it would be."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The key of the form: sent twice, it is kept once.
    token = models.UUIDField(unique=True)
    reference = models.CharField(max_length=20, unique=True)
    text = models.TextField()
    contact = models.CharField(max_length=200)
    page = models.CharField(max_length=300, blank=True)
    error_reference = models.CharField(max_length=16, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=now)
    handled_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(handled_at__isnull=True), name="report_waiting"),
            models.Index(fields=["address", "created_at"], name="report_of_address"),
        ]

    def __str__(self) -> str:
        return self.reference
