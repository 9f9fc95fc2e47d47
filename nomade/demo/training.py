"""A catalogue of training, sessions before and after today, and what the known people have followed or asked."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from nomade.cases.references import new_reference
from nomade.demo.attachments import pdf
from nomade.demo.personas import CAMILLE, GABRIEL, JEANNE, LEILA, MEHDI
from nomade.files.uploads import PDF, CheckedFile
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.people.access import supervised_by
from nomade.people.models import Agent, Assignment, Status
from nomade.training.actions import attendance, catalogue, enrolments, later, obligations, sessions, skills
from nomade.training.importing import read_catalogue
from nomade.training.models import (
    Course,
    Enrolment,
    EnrolmentState,
    Half,
    Obligation,
    Risk,
    Room,
    Seat,
    Slot,
    TrainingSession,
)
from nomade.training.rules.obligations import fits_post

_DATA = Path(__file__).parent / "data" / "courses.csv"
#: What the known people ask for, below.
ASKED = ("EV01", "EV02", "BU01", "EV05", "EC01", "PE02")
#: Who holds what an obligation asks, at most, for each of them.
MOST_HELD = 60
ROOMS = (
    ("Salle des Tilleuls", "2 rue de Lobau, 75004 Paris", "Métro Hôtel de Ville ; ascenseur", 16),
    ("Salle des Érables", "2 rue de Lobau, 75004 Paris", "Métro Hôtel de Ville ; ascenseur", 12),
    (
        "Atelier du parc Floral",
        "Route de la Pyramide, 75012 Paris",
        "Métro Château de Vincennes, puis 15 min à pied",
        20,
    ),
    ("Salle informatique", "227 rue de Bercy, 75012 Paris", "Métro Gare de Lyon ; de plain-pied", 10),
)


def fill_training(personas: dict[str, Agent], dice: random.Random) -> int:
    """Writes them by the actions of the training office; how many courses."""
    office = personas["awa.diallo"]
    catalogue.import_catalogue(read_catalogue("courses.csv", _DATA.read_bytes()), by=office)
    courses = {course.code: course for course in Course.objects.all()}
    # Most of the catalogue is not of this month.
    Course.objects.exclude(code__in=("EV05", "RE02", "EC03")).update(created_at=now() - timedelta(days=400))
    courses["SE02"].requires = courses["SE01"]
    courses["SE02"].save(update_fields=["requires"])
    rooms = [
        Room.objects.create(label=label, address=address, access=access, seats=seats)
        for label, address, access, seats in ROOMS
    ]
    # Those that somebody known asks for have their dates first.
    by_code = sorted(courses.values(), key=lambda one: (one.code not in ASKED, one.code))
    for number, course in enumerate(by_code):
        for ahead in (14 + number, 70 + number):
            dice.shuffle(rooms)
            _plan(course, rooms, _monday(today() + timedelta(days=ahead)), office, personas)
    _obligations(courses, personas)
    _followed(courses, rooms, personas)
    _skills(personas)
    _asked(courses, personas)
    return len(courses)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _plan(
    course: Course, rooms: list[Room], first: date, office: Agent, personas: dict[str, Agent]
) -> TrainingSession | None:
    """A session of the hours of the course from a Monday on, in the first free room; None when all are taken."""
    halves: list[tuple[date, Half]] = []
    left = float(course.hours)
    day = first
    while left > 0:
        for half in Half:
            if left > 0:
                halves.append((day, half))
                left -= 3.5
        day += timedelta(days=1 if day.weekday() < 4 else 3)
    days = {on for on, _half in halves[:20]}
    # Asked first: a refusal by the base is an alarming line in the log of a first start.
    taken = set(Slot.objects.filter(day__in=days, is_held=True, room__isnull=False).values_list("room_id", flat=True))
    free: list[Room | None] = [room for room in rooms if room.pk not in taken]
    for room in [None] if course.modality == "distance" else free:
        made = _in_room(course, halves[:20], room, first - timedelta(days=5), office, personas)
        if made is not None:
            return made
    return None


def _in_room(
    course: Course,
    halves: list[tuple[date, Half]],
    room: Room | None,
    enrol_until: date,
    office: Agent,
    personas: dict[str, Agent],
) -> TrainingSession | None:
    ours = course.provider in {"Service formation", "Formateur interne"}
    wanted = sessions.Plan(
        halves=halves,
        room=room,
        place="Adresse de connexion envoyée la veille" if course.modality == "distance" else "",
        min_seats=4,
        max_seats=min(room.seats, 12) if room else 12,
        enrol_until=enrol_until,
        notes="Tenue de travail et chaussures de sécurité." if course.kind == "securite" else "",
        trainers=[personas[GABRIEL]] if ours else [],
        outside_trainers="" if ours else course.provider,
    )
    try:
        with transaction.atomic():
            return sessions.plan(course, wanted, by=office)
    except Refusal:  # the room is taken on one of the days
        return None


def _obligations(courses: dict[str, Course], personas: dict[str, Agent]) -> None:
    office = personas["awa.diallo"]
    heights = Risk(label="Travail en hauteur")
    obligations.write_risk(heights, by=office)
    team = [personas[CAMILLE], *supervised_by(personas[MEHDI]).exclude(pk=personas[CAMILLE].pk)[:3]]
    obligations.expose(heights, team, by=office)
    obligations.write_obligation(
        Obligation(
            label="Travail en hauteur", course=courses["EV04"], source="Code du travail, art. R.4323-106", risk=heights
        ),
        by=office,
    )
    rows = (
        ("Premiers secours au jeune enfant", "PE01", "Code de la santé publique, art. R.2324-38", "creche enfance", ""),
        ("Hygiène en restauration", "RE01", "Règlement (CE) n° 852/2004", "cuisin restauration", ""),
        ("Évacuation et incendie", "SE03", "Code du travail, art. R.4227-39", "chef", ""),
        ("Intégration de catégorie C", "IN01", "Décret n° 2008-512", "", "C"),
        ("Intégration de catégorie B", "IN02", "Décret n° 2008-512", "", "B"),
        ("Intégration de catégorie A", "IN02", "Décret n° 2008-512", "", "A"),
    )
    for label, code, source, posts, category in rows:
        status = Status.STAGIAIRE if category else ""
        made = Obligation(
            label=label, course=courses[code], source=source, posts=posts, status=status, category=category
        )
        obligations.write_obligation(made, by=office)
        if posts:
            _hold(courses[code], posts, office)


def _hold(course: Course, posts: str, office: Agent) -> None:
    """Of three people whom an obligation concerns, one is up to date, one is to renew, one holds nothing."""
    placed = Assignment.objects.on(today()).filter(is_main=True)
    named = [post for post in placed.values_list("post", flat=True).distinct() if fits_post(posts, post)]
    people = placed.filter(post__in=named).select_related("agent").order_by("agent")[:MOST_HELD]
    for number, agent in enumerate(one.agent for one in people):
        if number % 3 < 2:
            day = today() - timedelta(days=200 + 490 * (number % 3))
            obligations.note_habilitation(
                agent, course, obtained_on=day, expires_on=day + timedelta(days=740), files=[], by=office
            )


def _followed(courses: dict[str, Course], rooms: list[Room], personas: dict[str, Agent]) -> None:
    """Camille and two of her team followed a course two months ago, another before; both were closed by their trainer.

    About the older one, they are asked what is left of it.
    """
    for code, ago in (("EV05", 118), ("EV03", 63)):
        first = _monday(today() - timedelta(days=ago))
        session = _plan(courses[code], rooms, first, personas["awa.diallo"], personas)
        if session is not None:
            _followed_by_the_team(session, personas)
    later.ask_later(today())


def _followed_by_the_team(session: TrainingSession, personas: dict[str, Agent]) -> None:
    trainer = personas[GABRIEL]
    team = [personas[CAMILLE], *supervised_by(personas[MEHDI]).exclude(pk__in=[personas[CAMILLE].pk])[:2]]
    comers = [_enrolled(session, agent, rank) for rank, agent in enumerate(team, start=1)]
    for slot in session.slots.all():
        noted = {str(one.pk): attendance.Noted("full") for one in comers}
        attendance.note_slot(session, slot, noted, by=trainer)
    attendance.close(session, by=trainer)
    marks = {"goals": 4, "content": 4, "trainer": 4, "usefulness": 3}
    for one in comers[1:]:
        attendance.evaluate(one, marks, "Une journée de plus au jardin serait bienvenue.", by=one.owner)


def _enrolled(session: TrainingSession, agent: Agent, rank: int) -> Enrolment:
    return Enrolment.objects.create(
        reference=new_reference(),
        owner=agent,
        session=session,
        rank=rank,
        state=EnrolmentState.APPROVED,
        seat=Seat.HELD,
        promised_on=session.enrol_until,
    )


def _skills(personas: dict[str, Agent]) -> None:
    """Camille declares what she can do; the office has read one of them."""
    camille, office = personas[CAMILLE], personas["awa.diallo"]
    day = today() - timedelta(days=900)
    paper = CheckedFile("permis.pdf", PDF, pdf("Permis de conduire", "Catégorie B."), awaiting_scan=False)
    read = skills.declare(camille, skills.Claim("Permis B", "practice", day, None), [paper])
    skills.verify(read, course=None, by=office)
    skills.declare(camille, skills.Claim("Langue des signes, premiers échanges", "notions", None, None), [])


def _asked(courses: dict[str, Course], personas: dict[str, Agent]) -> None:
    """Camille comes to one, accepted; what others ask waits for Mehdi, then for Awa."""
    mehdi, office = personas[MEHDI], personas["awa.diallo"]
    coming = _next(courses["EV01"])
    if coming:
        plan = CheckedFile("plan-acces.pdf", PDF, pdf("Venir à la formation", "Par le quai."), awaiting_scan=False)
        sessions.keep_documents(coming, [plan], by=office)
        found = _ask(personas[CAMILLE], coming, "Je taille seule le verger depuis septembre.")
        found = enrolments.approve(found, by=mehdi, version=found.version)
        enrolments.approve(found, by=office, version=found.version)
    others = list(supervised_by(mehdi).exclude(pk__in=[personas[CAMILLE].pk, personas[JEANNE].pk])[:4])
    for agent, code in zip(others, ("EV02", "BU01", "EV05", "EC01"), strict=False):
        session = _next(courses[code])
        if session:
            _ask(agent, session, "")
    nursery = _next(courses["PE02"])
    if nursery:
        found = _ask(personas[LEILA], nursery, "Nous réaménageons la section des grands.")
        Enrolment.objects.filter(pk=found.pk).update(state=EnrolmentState.ENDORSED)


def _next(course: Course) -> TrainingSession | None:
    return TrainingSession.objects.coming(today()).filter(course=course, enrol_until__gte=today()).first()


def _ask(agent: Agent, session: TrainingSession, reason: str) -> Enrolment:
    asked = enrolments.ask(agent, session, enrolments.Wish(reason), token=str(uuid.uuid4()))
    return Enrolment.objects.get(pk=asked)
