"""Courses and sessions for tests, made by the same actions as real ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from nomade.kernel.clock import today
from nomade.people.models import Agent
from nomade.training import search
from nomade.training.actions.sessions import Plan, plan
from nomade.training.models import Course, CourseKind, Domain, Half, Room, TrainingSession

_numbers = itertools.count(1)


def make_course(title: str = "Taille des arbustes", **fields: Any) -> Course:
    """A course of the catalogue, found by its words."""
    values: dict[str, Any] = {
        "code": f"T{next(_numbers):04d}",
        "domain": Domain.objects.get(code="espaces-verts"),
        "kind": CourseKind.PROFESSIONNALISATION,
        "hours": Decimal(14),
        "posts": "jardin paysag",
    } | fields
    made = Course.objects.create(title=title, **values)
    search.index([made])
    return made


def make_session(
    course: Course,
    *,
    by: Agent,
    room: Room | None = None,
    first: date | None = None,
    days: int = 1,
    seats: int = 12,
    trainers: Sequence[Agent] = (),
    **fields: Any,
) -> TrainingSession:
    """A session of whole days, in a month unless said."""
    start = first or today() + timedelta(days=30)
    halves = [(start + timedelta(days=number), half) for number in range(days) for half in Half]
    values: dict[str, Any] = {"min_seats": 1, "enrol_until": start - timedelta(days=1)} | fields
    wanted = Plan(halves=halves, room=room, max_seats=seats, trainers=trainers, **values)
    return plan(course, wanted, by=by)
