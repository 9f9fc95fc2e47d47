"""Seats of a session, under its lock: who gets one, who waits, who is next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.timeline import note
from nomade.kernel.clock import PARIS, now, today
from nomade.notifications.actions import notify
from nomade.people.models import Agent
from nomade.training.access import unit_paths
from nomade.training.models import Enrolment, EnrolmentState, Seat, SessionState, TrainingSession
from nomade.training.rules.seats import Claim, Limit, has_room, next_in_line

CASE = "training"
STEPS = {
    "asked": "Demande envoyée",
    "waiting": "Inscription sur la liste d’attente",
    "offered": "Place proposée",
    "accepted": "Place acceptée",
    "declined": "Place laissée à un autre",
    "expired": "Place non confirmée à temps",
    "endorsed": "Avis favorable du responsable",
    "approved": "Inscription acceptée",
    "refused": "Demande refusée",
    "cancelled": "Inscription annulée",
    "lapsed": "Session commencée, demande sans suite",
    "moved": "Dates changées",
    "session_cancelled": "Session annulée",
}


def locked(session: TrainingSession) -> TrainingSession:
    """The session, held until the end of the transaction: seats of one session are given one at a time."""
    return TrainingSession.objects.select_for_update().get(pk=session.pk)


def next_rank(session: TrainingSession) -> int:
    """The next place in the order of arrival; the session must be locked."""
    last: int | None = session.enrolments.aggregate(last=Max("rank"))["last"]
    return (last or 0) + 1


def seat_for(session: TrainingSession, owner_id: int, rank: int) -> Seat:
    """A seat, when there is one and nobody waits for it; else the waiting list. The session must be locked."""
    seated, waiting = _claims(session, extra=owner_id)
    claim = Claim(rank, seated.units.get(owner_id, ""))
    limits = _limits(session)
    if not has_room(claim, seated.claims, seats=session.max_seats, limits=limits):
        return Seat.WAITING
    # Somebody before who could have this seat goes first.
    overtaken = next_in_line([*waiting, claim], seated.claims, seats=session.max_seats, limits=limits)
    return Seat.HELD if claim in overtaken else Seat.WAITING


class _Seated:
    """Who has a seat, with the units of all who were looked up."""

    def __init__(self, claims: list[Claim], units: dict[int, str]) -> None:
        self.claims, self.units = claims, units


def _claims(session: TrainingSession, extra: int | None = None) -> tuple[_Seated, list[Claim]]:
    alive = list(session.enrolments.alive().only("owner_id", "rank", "seat"))
    owners = {one.owner_id for one in alive} | ({extra} if extra else set())
    units = unit_paths(owners, today())
    seated = [Claim(one.rank, units.get(one.owner_id, "")) for one in alive if one.seat in {Seat.HELD, Seat.OFFERED}]
    waiting = [Claim(one.rank, units.get(one.owner_id, "")) for one in alive if one.seat == Seat.WAITING]
    return _Seated(seated, units), waiting


def _limits(session: TrainingSession) -> list[Limit]:
    return [Limit(path, seats) for path, seats in session.quotas.values_list("unit__path", "seats")]


def quota_for(agent: Agent, session: TrainingSession) -> tuple[int, int] | None:
    """The seats that the agent's unit may have in a session and those it has, by the quota that leaves the fewest; None
    when no quota covers it.
    """
    limits = _limits(session)
    if not limits:
        return None
    seated, _waiting = _claims(session, extra=agent.pk)
    unit = seated.units.get(agent.pk, "")
    found = [
        (limit.seats, sum(limit.covers(one.unit) for one in seated.claims)) for limit in limits if limit.covers(unit)
    ]
    return min(found, key=lambda one: one[0] - one[1], default=None)


def promote(session: TrainingSession) -> list[Enrolment]:
    """Offers the free seats to the next in line, and tells them; the session must be locked. Returns who was offered.

    Nothing is offered once the session has begun or is cancelled.
    """
    if session.state != SessionState.OPEN:
        return []
    first = session.slots.order_by("day").values_list("day", flat=True).first()
    if first is None or first <= today():
        return []
    seated, waiting = _claims(session)
    chosen = next_in_line(waiting, seated.claims, seats=session.max_seats, limits=_limits(session))
    ranks = [claim.rank for claim in chosen]
    found = list(session.enrolments.in_line().filter(rank__in=ranks).select_related("owner"))
    for enrolment in found:
        _offer(session, enrolment)
    return found


def _offer(session: TrainingSession, enrolment: Enrolment) -> None:
    enrolment.seat = Seat.OFFERED
    enrolment.offered_until = now() + timedelta(hours=session.accept_hours)
    enrolment.version += 1
    enrolment.save(update_fields=["seat", "offered_until", "version"])
    until = in_words(enrolment.offered_until)
    note(CASE, enrolment.pk, "offered", actor=None, detail=_("à accepter avant le %(until)s") % {"until": until})
    notify(
        enrolment.owner,
        kind="training.offered",
        title=_("Une place se libère pour votre formation : répondez avant le %(until)s") % {"until": until},
        url=reverse("training:enrolment", args=[enrolment.pk]),
    )


def in_words(moment: datetime) -> str:
    """« 27/11 à 14 h 05 », in the time of Paris."""
    local = moment.astimezone(PARIS)
    return f"{local:%d/%m} à {local.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{local:%M}"


@transaction.atomic
def lapse(day: date) -> int:
    """Ends the requests that a session left behind when it began: nobody answered, or no seat came free. Returns how
    many; who asked is told.
    """
    behind = Enrolment.objects.alive().exclude(state=EnrolmentState.APPROVED, seat=Seat.HELD)
    behind = behind.filter(session__state=SessionState.OPEN, session__first_day__lt=day)
    count = 0
    for session_id in sorted(set(behind.values_list("session_id", flat=True))):
        session = TrainingSession.objects.select_for_update().get(pk=session_id)
        for enrolment in behind.filter(session=session).select_related("owner"):
            _end(enrolment, "lapsed")
            notify(
                enrolment.owner,
                kind="training.lapsed",
                title=_("Votre demande de formation n’a pas eu de suite avant le début de la session"),
                url=reverse("training:enrolment", args=[enrolment.pk]),
            )
            count += 1
    return count


def _end(enrolment: Enrolment, event: str) -> None:
    enrolment.state, enrolment.seat, enrolment.offered_until = EnrolmentState.CANCELLED, Seat.NONE, None
    enrolment.version += 1
    enrolment.save(update_fields=["state", "seat", "offered_until", "version"])
    note(CASE, enrolment.pk, event, actor=None)


@transaction.atomic
def expire_offers() -> int:
    """Gives to the next one the seats that nobody accepted in time; returns how many had expired."""
    late = Enrolment.objects.alive().filter(seat=Seat.OFFERED, offered_until__lte=now())
    count = 0
    for session_id in sorted(set(late.values_list("session_id", flat=True))):
        session = TrainingSession.objects.select_for_update().get(pk=session_id)
        for enrolment in late.filter(session=session).select_related("owner", "session__course"):
            _end(enrolment, "expired")
            notify(
                enrolment.owner,
                kind="training.expired",
                title=_("La place qui vous était proposée a été donnée à la personne suivante"),
                url=reverse("training:course", args=[enrolment.session.course_id]),
            )
            count += 1
        promote(session)
    return count
