"""What the search of the catalogue reads of a course."""

from __future__ import annotations

from collections.abc import Iterable

from nomade.cases.searching import vector
from nomade.training.models import Course


def index(courses: Iterable[Course]) -> None:
    """Fills the search column of some courses; to be called after each write of their texts."""
    for course in courses:
        Course.objects.filter(pk=course.pk).update(
            words=vector(
                (f"{course.title} {course.code}", "A"),
                (f"{course.domain.label} {course.get_kind_display()} {course.posts}", "B"),
                (f"{course.objectives} {course.audience} {course.provider}", "C"),
                (course.programme, "D"),
            )
        )
