"""Planning sessions: creating, moving, copying, cancelling, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.timeline import note
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal, Unavailable
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent, OrgUnit
from nomade.training.actions.catalogue import keep_document
from nomade.training.actions.seats import CASE, locked, promote
from nomade.training.models import (
    Attendance,
    Course,
    EnrolmentState,
    Quota,
    Room,
    Seat,
    SessionState,
    Slot,
    Trainer,
    TrainingSession,
)
from nomade.training.models.sessions import HOURS, Half
from nomade.ui.filters import medium_date


@dataclass(frozen=True)
class Plan:
    """What an officer fills in. `halves` are the half-days, `trainers` the agents who teach."""

    halves: Sequence[tuple[date, Half]]
    room: Room | None
    max_seats: int
    min_seats: int
    enrol_until: date
    withdraw_days: int = 7
    accept_hours: int = 48
    place: str = ""
    notes: str = ""
    outside_trainers: str = ""
    trainers: Sequence[Agent] = ()
    quotas: Sequence[tuple[OrgUnit, int]] = field(default_factory=tuple)


@transaction.atomic
def plan(course: Course, wanted: Plan, *, by: Agent, request: HttpRequest | None = None) -> TrainingSession:
    """A new session. Raises `Refusal` when it has no half-day, or when its room is taken on one of them."""
    session = TrainingSession(course=course, reference=_reference())
    _fill(session, wanted)
    session.save(force_insert=True)
    _write_slots(session, wanted)
    _write_people(session, wanted)
    _record("session_planned", session, by, request)
    return session


def _reference() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('training_session_number')")
        return f"S-{today().year}-{cursor.fetchone()[0]:05d}"


def _fill(session: TrainingSession, wanted: Plan) -> None:
    if not wanted.halves:
        raise Refusal(_("Choisissez au moins une demi-journée."), field="days")
    first = min(day for day, _half in wanted.halves)
    if wanted.enrol_until > first:
        raise Refusal(_("Les inscriptions doivent se clore avant le premier jour."), field="enrol_until")
    if wanted.room is not None and wanted.max_seats > wanted.room.seats:
        message = _("La salle « %(room)s » n’a que %(seats)s places.")
        raise Refusal(message % {"room": wanted.room.label, "seats": wanted.room.seats}, field="max_seats")
    for name in ("max_seats", "min_seats", "enrol_until", "withdraw_days", "accept_hours", "place", "notes"):
        setattr(session, name, getattr(wanted, name))
    session.outside_trainers = wanted.outside_trainers


def _write_slots(session: TrainingSession, wanted: Plan) -> bool:
    """The half-days that are wanted and no other, those that stay being kept; returns whether there was a change."""
    halves = set(wanted.halves)
    known = {(slot.day, Half(slot.half)): slot for slot in session.slots.all()}
    gone = [slot.pk for half, slot in known.items() if half not in halves]
    if Attendance.objects.filter(slot__in=gone).exists():
        raise Refusal(_("Une liste de présence est déjà remplie pour une demi-journée que vous enlevez."), field="days")
    session.slots.filter(pk__in=gone).delete()
    for day, half in sorted(halves):
        _write_slot(session, known.get((day, half)), wanted.room, day, half)
    moved = set(known) != halves
    session.first_day, session.last_day = min(halves)[0], max(halves)[0]
    session.published = max(session.published, len(halves))
    session.turn += bool(known) and moved
    session.save(update_fields=["first_day", "last_day", "published", "turn"])
    return moved


def _write_slot(session: TrainingSession, known: Slot | None, room: Room | None, day: date, half: Half) -> None:
    starts, ends = HOURS[half]
    slot = known or Slot(session=session, day=day, half=half, starts=starts, ends=ends)
    slot.room = room
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError as error:
        if "training_room_once" not in str(error):
            raise
        message = _("La salle « %(room)s » est déjà prise le %(day)s (%(half)s).")
        label = room.label if room else ""
        said = message % {"room": label, "day": medium_date(day), "half": half.label}
        raise Refusal(said, field="room") from error


def _write_people(session: TrainingSession, wanted: Plan) -> None:
    Trainer.objects.filter(session=session).delete()
    Trainer.objects.bulk_create([Trainer(session=session, agent=agent) for agent in wanted.trainers])
    Quota.objects.filter(session=session).delete()
    Quota.objects.bulk_create([Quota(session=session, unit=unit, seats=seats) for unit, seats in wanted.quotas])


@transaction.atomic
def change(session: TrainingSession, wanted: Plan, *, by: Agent, request: HttpRequest | None = None) -> bool:
    """Other dates, room or seats; those who are concerned are told of new dates, with the calendar file on the page.

    More seats are offered at once to who waits. Returns whether the dates changed. Raises `Refusal` when the session is
    over, when the room is taken, or when there would be fewer seats than people who have one.
    """
    found = _open(session)
    if wanted.max_seats < found.taken:
        message = _("%(count)s personnes ont déjà une place : le nombre de places ne peut pas être plus petit.")
        raise Refusal(message % {"count": found.taken}, field="max_seats")
    _fill(found, wanted)
    found.save()
    moved = _write_slots(found, wanted)
    _write_people(found, wanted)
    if moved:
        _tell_all(found, "moved", _("Les dates de votre formation ont changé"), detail=_days_of(found))
    promote(found)
    _record("session_changed", found, by, request, moved=moved)
    return moved


def _open(session: TrainingSession) -> TrainingSession:
    found = locked(session)
    if found.state != SessionState.OPEN:
        raise Refusal(_("Cette session est annulée ou terminée : elle ne change plus."))
    return found


@transaction.atomic
def copy(
    session: TrainingSession, *, days_later: int, by: Agent, request: HttpRequest | None = None
) -> TrainingSession:
    """The same session some days later, with its documents and nobody yet.

    Raises `Refusal` when the room is taken then or a document cannot be read now.
    """
    later = timedelta(days=days_later)
    slots = list(session.slots.select_related("room"))
    wanted = Plan(
        halves=[(slot.day + later, Half(slot.half)) for slot in slots],
        room=slots[0].room if slots else None,
        max_seats=session.max_seats,
        min_seats=session.min_seats,
        enrol_until=session.enrol_until + later,
        withdraw_days=session.withdraw_days,
        accept_hours=session.accept_hours,
        place=session.place,
        notes=session.notes,
        outside_trainers=session.outside_trainers,
        trainers=[trainer.agent for trainer in session.trainers.select_related("agent")],
        quotas=[(quota.unit, quota.seats) for quota in session.quotas.select_related("unit")],
    )
    made = plan(session.course, wanted, by=by, request=request)
    made.documents.set(_copied(document) for document in session.documents.all())
    return made


def _copied(document: StoredFile) -> StoredFile:
    """A file of its own: taking a document off one session leaves it to the other."""
    try:
        content = store.read(document)
    except Unavailable as error:
        raise Refusal(
            _("Le document « %(name)s » ne peut pas être lu pour l’instant : réessayez plus tard.")
            % {"name": document.name}
        ) from error
    return store.put(content, owner=None, kind=document.kind, name=document.name, content_type=document.content_type)


@transaction.atomic
def cancel(session: TrainingSession, *, reason: str, by: Agent, request: HttpRequest | None = None) -> int:
    """Cancels a session: its room is free again, all who asked are told why. Returns how many. Raises `Refusal`."""
    if not reason.strip():
        raise Refusal(_("Dites pourquoi : ceux qui étaient inscrits le liront."), field="reason")
    found = _open(session)
    found.state, found.cancel_reason = SessionState.CANCELLED, reason.strip()
    found.save(update_fields=["state", "cancel_reason"])
    found.slots.update(is_held=False)
    told = _tell_all(found, "session_cancelled", _("Votre formation est annulée"), detail=reason.strip())
    found.enrolments.alive().update(state=EnrolmentState.CANCELLED, seat=Seat.NONE, offered_until=None)
    _record("session_cancelled", found, by, request)
    return told


def _days_of(session: TrainingSession) -> str:
    first, last = session.first_day, session.last_day
    if first is None or last is None:
        return ""
    if first == last:
        return _("Nouvelle date : le %(day)s.") % {"day": medium_date(first)}
    return _("Nouvelles dates : du %(first)s au %(last)s.") % {"first": medium_date(first), "last": medium_date(last)}


def _tell_all(session: TrainingSession, event: str, title: str, detail: str = "") -> int:
    """All who asked, each on the page of their request (where the calendar file is), and who teaches."""
    concerned = list(session.enrolments.alive().select_related("owner"))
    body = f"{session.course.title}. {detail}".strip()
    for enrolment in concerned:
        note(CASE, enrolment.pk, event, actor=None, detail=detail)
        page = reverse("training:enrolment", args=[enrolment.pk])
        notify(enrolment.owner, kind=f"training.{event}", title=title, body=body, url=page)
    teachers = [trainer.agent for trainer in session.trainers.select_related("agent")]
    page = reverse("training:taught-session", args=[session.pk])
    notify_many(teachers, kind=f"training.{event}", title=title, body=body, url=page)
    return len(concerned)


@transaction.atomic
def keep_documents(
    session: TrainingSession, files: Sequence[CheckedFile], *, by: Agent, request: HttpRequest | None = None
) -> None:
    """More documents for who follows the session."""
    for file in files:
        session.documents.add(keep_document(file))
    _record("session_documents", session, by, request, count=len(files))


@transaction.atomic
def drop_document(
    session: TrainingSession, document: StoredFile, *, by: Agent, request: HttpRequest | None = None
) -> None:
    """One document less; its content is erased."""
    session.documents.remove(document)
    store.delete(document)
    _record("session_document_dropped", session, by, request, name=document.name)


@transaction.atomic
def write_room(room: Room, *, by: Agent, request: HttpRequest | None = None) -> None:
    """A room, new or changed."""
    room.save()
    audit.record("training.room_written", actor=by.pk, subject=None, request=request, room=room.pk)


def _record(event: str, session: TrainingSession, by: Agent, request: HttpRequest | None, **facts: object) -> None:
    audit.record(f"training.{event}", actor=by.pk, subject=None, request=request, session=session.reference, **facts)
