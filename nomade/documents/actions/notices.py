"""Documents that many must read: publishing, reading, reading with one's team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.documents.access import audience_of, team_unread
from nomade.documents.models import MustRead, Reading
from nomade.files import store
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify_many
from nomade.people.models import Agent, OrgUnit


@transaction.atomic
def publish(
    file: CheckedFile,
    *,
    title: str,
    unit: OrgUnit | None,
    status: str,
    place: str,
    due_on: date | None,
    by: Agent,
    request: HttpRequest | None = None,
) -> MustRead:
    """Aims a document at many, and tells each. Raises `Refusal` when nobody is aimed at."""
    must_read = MustRead(
        title=title, unit=unit, status=status, place=place, due_on=due_on, published_by=by, published_at=now()
    )
    readers = list(audience_of(must_read))
    if not readers:
        raise Refusal(_("Personne ne correspond à ce choix : vérifiez l’unité, le statut et le lieu."))
    must_read.file = store.put(
        file.content,
        owner=None,
        kind="must-read",
        name=file.name,
        content_type=file.kind.content_type,
        awaiting_scan=file.awaiting_scan,
    )
    must_read.save(force_insert=True)
    audit.record(
        "documents.published",
        actor=by.pk,
        subject=None,
        request=request,
        document=str(must_read.pk),
        readers=len(readers),
    )
    notify_many(
        readers,
        kind="document.must_read",
        title=_("À lire : %(title)s") % {"title": title},
        url=reverse("documents:must-read", args=[must_read.pk]),
    )
    return must_read


@transaction.atomic
def mark_read(must_read: MustRead, *, by: Agent, request: HttpRequest | None = None) -> None:
    """The reader says so. Twice is once."""
    _reading, new = Reading.objects.get_or_create(must_read=must_read, agent=by, defaults={"at": now()})
    if new:
        audit.record("document.read", actor=by.pk, subject=by.pk, request=request, document=str(must_read.pk))


@transaction.atomic
def mark_read_by_team(
    must_read: MustRead, agents: Iterable[int], *, by: Agent, request: HttpRequest | None = None
) -> int:
    """A supervisor read it aloud to some of the team; returns how many are noted. Others are left out."""
    team = list(team_unread(by, must_read).filter(pk__in=list(agents)))
    at = now()
    Reading.objects.bulk_create(
        [Reading(must_read=must_read, agent=agent, at=at, noted_by=by) for agent in team], ignore_conflicts=True
    )
    for agent in team:
        audit.record("document.read", actor=by.pk, subject=agent.pk, request=request, document=str(must_read.pk))
    return len(team)
