"""Keeping the catalogue: courses, favourites, circuits, and the import of a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.people.models import Agent
from nomade.training import search
from nomade.training.importing import CourseRow, ReadCatalogue
from nomade.training.models import Circuit, Course, Domain, Favourite


@transaction.atomic
def write_course(
    course: Course, *, by: Agent, files: Sequence[CheckedFile] = (), request: HttpRequest | None = None
) -> None:
    """A course, new or changed, with more documents."""
    course.save()
    search.index([course])
    for file in files:
        course.documents.add(keep_document(file))
    audit.record("training.course_written", actor=by.pk, subject=None, request=request, course=course.code)


def keep_document(file: CheckedFile) -> StoredFile:
    """A document of the catalogue, which is nobody's own."""
    return store.put(
        file.content,
        owner=None,
        kind="training-course",
        name=file.name,
        content_type=file.kind.content_type,
        awaiting_scan=file.awaiting_scan,
    )


@transaction.atomic
def drop_document(course: Course, document: StoredFile, *, by: Agent, request: HttpRequest | None = None) -> None:
    """One document less; its content is erased."""
    course.documents.remove(document)
    store.delete(document)
    audit.record(
        "training.course_document_dropped", actor=by.pk, subject=None, request=request, course=course.code,
        name=document.name,
    )  # fmt: skip


def keep_favourite(agent: Agent, course: Course, *, kept: bool) -> None:
    """Keeps a course among one's favourites, or no longer. Twice is once."""
    if kept:
        Favourite.objects.get_or_create(agent=agent, course=course)
    else:
        Favourite.objects.filter(agent=agent, course=course).delete()


@dataclass(frozen=True)
class Imported:
    """What a file did."""

    created: int
    changed: int
    same: int


@transaction.atomic
def import_catalogue(read: ReadCatalogue, *, by: Agent, request: HttpRequest | None = None) -> Imported:
    """Writes the courses of a file that has no fault: by code, new ones created, others changed. All or nothing."""
    if read.faults:
        raise ValueError("a file with faults is never written")
    domains = {domain.code: domain for domain in Domain.objects.all()}
    known = {course.code: course for course in Course.objects.filter(code__in=[row.code for row in read.rows])}
    touched, created, changed = [], 0, 0
    for row in read.rows:
        values = _values(row, domains)
        course = known.get(row.code)
        if course is None:
            course, created = Course(code=row.code, **values), created + 1
        elif any(getattr(course, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(course, name, value)
            changed += 1
        else:
            continue
        course.save()
        touched.append(course)
    linked = _link_required(read) if read.says_required else []
    changed += len({course.code for course in linked} - {course.code for course in touched})
    touched += linked
    search.index(touched)
    done = Imported(created, changed, len(read.rows) - created - changed)
    audit.record(
        "training.catalogue_imported", actor=by.pk, subject=None, request=request, created=created, changed=changed
    )
    return done


def _link_required(read: ReadCatalogue) -> list[Course]:
    """Written last: a course may require one that comes further in the file. Returns those that changed."""
    codes = {row.requires for row in read.rows} | {row.code for row in read.rows}
    known = {course.code: course for course in Course.objects.filter(code__in=codes)}
    changed = []
    for row in read.rows:
        course, required = known[row.code], known.get(row.requires)
        if course.requires_id != (required.pk if required else None):
            course.requires = required
            course.save(update_fields=["requires"])
            changed.append(course)
    return changed


def _values(row: CourseRow, domains: dict[str, Domain]) -> dict[str, Any]:
    return {
        "title": row.title,
        "domain": domains[row.domain],
        "kind": row.kind,
        "modality": row.modality,
        "hours": row.hours,
        "cost": row.cost,
        "audience": row.audience,
        "prerequisites": row.prerequisites,
        "objectives": row.objectives,
        "programme": row.programme,
        "provider": row.provider,
        "accessibility": row.accessibility,
        "posts": row.posts,
        "valid_months": row.valid_months,
        "is_offered": row.is_offered,
    }


@transaction.atomic
def write_circuit(
    *,
    kind: str,
    from_cost: Decimal,
    from_hours: Decimal,
    asks_supervisor: bool,
    asks_office: bool,
    promised_days: int,
    by: Agent,
    request: HttpRequest | None = None,
) -> None:
    """Who decides of what, from now on; requests already sent keep the circuit they were sent under."""
    Circuit.objects.update_or_create(
        kind=kind,
        from_cost=from_cost,
        from_hours=from_hours,
        defaults={"asks_supervisor": asks_supervisor, "asks_office": asks_office, "promised_days": promised_days},
    )
    audit.record("training.circuit_written", actor=by.pk, subject=None, request=request, kind=kind or "*")
