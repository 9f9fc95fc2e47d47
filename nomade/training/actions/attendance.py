"""What happens on the days: who was there, hours credited, certificates, what they thought of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.notifications.actions import notify
from nomade.people.access import supervisor_of
from nomade.people.models import Agent
from nomade.people.ports import certify
from nomade.training.actions.seats import locked
from nomade.training.models import (
    Attendance,
    Credit,
    Enrolment,
    Evaluation,
    Habilitation,
    SessionState,
    Slot,
    TrainingSession,
)
from nomade.training.papers import attendance_words
from nomade.training.rules.attendance import HalfDay, credited, has_followed


@dataclass(frozen=True)
class Noted:
    """What a trainer ticked for one participant on one half-day."""

    presence: str
    minutes: int = 0
    reason: str = ""


@transaction.atomic
def note_slot(
    session: TrainingSession,
    slot: Slot,
    noted: Mapping[str, Noted],
    *,
    by: Agent,
    request: HttpRequest | None = None,
) -> int:
    """Keeps the list of a half-day, by enrolment id; returns how many lines. May be corrected until the session closes.

    Raises `Refusal` before its day, once the session is over, and for more minutes than the half-day has.
    """
    held = locked(session)
    if held.state != SessionState.OPEN:
        raise Refusal(_("Cette session est annulée ou terminée : la liste ne change plus."))
    if slot.day > today():
        raise Refusal(_("Cette demi-journée n’a pas encore eu lieu."))
    comers = {str(one.pk): one for one in session.enrolments.on_the_list()}
    for key, line in noted.items():
        if key not in comers:
            continue
        minutes = {"full": slot.minutes, "absent": 0}.get(line.presence, line.minutes)
        if minutes > slot.minutes:
            raise Refusal(_("Cette demi-journée dure %(most)s minutes au plus.") % {"most": slot.minutes})
        Attendance.objects.update_or_create(
            enrolment=comers[key],
            slot=slot,
            defaults={
                "presence": line.presence,
                "minutes": minutes,
                "reason": line.reason,
                "noted_by": by,
                "noted_at": now(),
            },
        )
    audit.record(
        "training.attendance_noted",
        actor=by.pk,
        subject=None,
        request=request,
        session=session.reference,
        slot=str(slot),
        lines=len(noted),
    )
    return len(noted)


@transaction.atomic
def close(session: TrainingSession, *, by: Agent, request: HttpRequest | None = None) -> int:
    """The session is over: hours are credited, certificates are made for the whole class, supervisors of who did not
    come are told. Returns how many certificates. Raises `Refusal` while a half-day is to come or a list is not filled.
    """
    held = locked(session)
    if held.state != SessionState.OPEN:
        raise Refusal(_("Cette session est déjà terminée ou annulée."))
    slots = list(session.slots.all())
    if not slots or slots[-1].day > today():
        raise Refusal(_("La session n’est pas finie."))
    comers = list(session.enrolments.on_the_list().select_related("owner", "session__course"))
    lists = {(one.enrolment_id, one.slot_id): one for one in Attendance.objects.filter(slot__session=session)}
    for slot in slots:
        if any((comer.pk, slot.pk) not in lists for comer in comers):
            message = _("La liste du %(day)s (%(half)s) n’est pas complète.")
            raise Refusal(message % {"day": slot.day.strftime("%d/%m/%Y"), "half": slot.get_half_display()})
    made = sum(_credit(comer, [lists[comer.pk, slot.pk] for slot in slots], slots) for comer in comers)
    held.state = SessionState.CLOSED
    held.save(update_fields=["state"])
    audit.record(
        "training.session_closed", actor=by.pk, subject=None, request=request, session=held.reference, made=made
    )
    return made


def _credit(comer: Enrolment, lines: list[Attendance], slots: list[Slot]) -> bool:
    halves = [HalfDay(slot.minutes, line.minutes) for slot, line in zip(slots, lines, strict=True)]
    minutes, whole = credited(halves), has_followed(halves)
    credit = Credit(enrolment=comer, minutes=minutes)
    if minutes:
        credit.certificate = certify(comer.owner_id, attendance_words(comer, slots, minutes, whole=whole))
    credit.save(force_insert=True)
    if not minutes:
        _tell_absence(comer)
        return False
    if whole:
        _hold(comer, slots[-1])
    notify(
        comer.owner,
        kind="training.done",
        title=_("Votre formation est terminée : donnez votre avis"),
        url=reverse("training:evaluate", args=[comer.pk]),
    )
    return credit.certificate is not None


def _hold(comer: Enrolment, last: Slot) -> None:
    course = comer.session.course
    expires = add_months(last.day, course.valid_months) if course.valid_months else None
    Habilitation.objects.get_or_create(
        agent=comer.owner, course=course, obtained_on=last.day, defaults={"expires_on": expires}
    )


def _tell_absence(comer: Enrolment) -> None:
    """Who did not come: told to the supervisor, without any judgement."""
    supervisor = supervisor_of(comer.owner)
    if supervisor is not None:
        notify(
            supervisor,
            kind="training.missed",
            title=_("%(name)s n’a pas suivi une formation prévue") % {"name": comer.owner.full_name},
            url=reverse("training:team"),
        )


@transaction.atomic
def evaluate(enrolment: Enrolment, marks: Mapping[str, int], comment: str, *, by: Agent) -> None:
    """What a participant thought of it; may be written again. Raises `Refusal` before the end of the session."""
    if enrolment.owner_id != by.pk or not Credit.objects.filter(enrolment=enrolment, minutes__gt=0).exists():
        raise Refusal(_("Vous pourrez donner votre avis quand la formation sera terminée."))
    Evaluation.objects.update_or_create(
        enrolment=enrolment, defaults={**marks, "comment": comment.strip(), "at": now()}
    )
