"""Asking for a session, deciding, withdrawing, accepting a seat that came free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.cases.idempotency import once
from nomade.cases.references import new_reference
from nomade.cases.timeline import note
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import deciders_for
from nomade.people.models import Agent
from nomade.training.actions.seats import CASE, locked, next_rank, promote, seat_for
from nomade.training.circuits import circuit_for
from nomade.training.history import opinion_is_missing
from nomade.training.models import CourseKind, Enrolment, EnrolmentState, Priority, Seat, SessionState, TrainingSession
from nomade.training.rules.circuits import answer_before

OPINION = "CGFP, art. L.422-22"


@dataclass(frozen=True)
class Wish:
    """What the one who asks says of it."""

    reason: str = ""
    priority: str = Priority.USEFUL
    needs: str = ""


def ask(agent: Agent, session: TrainingSession, wish: Wish, *, token: str, request: HttpRequest | None = None) -> str:
    """Asks for a session, once whatever the number of taps; returns the id of the enrolment. Raises `Refusal`.

    A seat is kept at once when there is one; else the request waits in the order of arrival.
    """

    def act() -> str:
        return str(_enrol(locked(session), agent, wish, by=agent, request=request).pk)

    content = {"session": str(session.pk), "reason": wish.reason, "priority": wish.priority, "needs": wish.needs}
    return once(agent, token=token, form="training.ask", content=content, action=act).result


@transaction.atomic
def enrol_many(
    session: TrainingSession, agents: Sequence[Agent], wish: Wish, *, by: Agent, as_office: bool, request: HttpRequest
) -> list[Enrolment]:
    """A supervisor enrols some of the team, or the office a list: their own step of the circuit is done with it.

    Raises `Refusal` for nobody, and, naming the agent, when one of them cannot be enrolled: then nobody is.
    """
    held = locked(session)
    made: list[Enrolment] = []
    if not agents:
        raise Refusal(_("Choisissez au moins une personne."))
    for agent in agents:
        enrolment = _enrol(held, agent, wish, by=by, request=request)
        _decided(enrolment, "endorsed", by=by, request=request)
        if as_office and enrolment.state == EnrolmentState.ENDORSED:
            _decided(enrolment, "approved", by=by, request=request)
        made.append(enrolment)
    return made


def enrolled_words(made: Sequence[Enrolment]) -> str:
    """« 12 personnes inscrites, dont 2 sur la liste d’attente. »"""
    waiting = sum(one.seat == Seat.WAITING for one in made)
    said = ngettext("%(count)s personne inscrite", "%(count)s personnes inscrites", len(made)) % {"count": len(made)}
    return said + (_(", dont %(count)s sur la liste d’attente.") % {"count": waiting} if waiting else ".")


def _enrol(session: TrainingSession, agent: Agent, wish: Wish, *, by: Agent, request: HttpRequest | None) -> Enrolment:
    name = "" if by.pk == agent.pk else f"{agent.full_name} : "
    if session.state != SessionState.OPEN:
        raise Refusal(_("%(name)scette session n’est plus ouverte.") % {"name": name})
    if session.enrol_until < today():
        raise Refusal(_("%(name)sles inscriptions à cette session sont closes.") % {"name": name})
    if session.enrolments.alive().filter(owner=agent).exists():
        raise Refusal(_("%(name)sune demande est déjà en cours pour cette session.") % {"name": name})
    circuit = circuit_for(session.course)
    rank = next_rank(session)
    seat = seat_for(session, agent.pk, rank)
    enrolment = Enrolment.objects.create(
        reference=new_reference(),
        owner=agent,
        session=session,
        rank=rank,
        seat=seat,
        reason=wish.reason,
        priority=wish.priority,
        needs=wish.needs,
        entered_by=None if by.pk == agent.pk else by,
        asks_office=circuit.asks_office,
        promised_on=answer_before(today(), circuit, is_account=session.course.kind == CourseKind.CPF),
        state=EnrolmentState.SUBMITTED if circuit.asks_supervisor else EnrolmentState.ENDORSED,
    )
    note(CASE, enrolment.pk, "asked", actor=by, detail=wish.reason)
    if seat == Seat.WAITING:
        note(CASE, enrolment.pk, "waiting", actor=None)
    _record("asked", enrolment, by, request)
    if enrolment.state == EnrolmentState.ENDORSED and not circuit.asks_office:
        _close(enrolment, EnrolmentState.APPROVED, "approved", by=None, request=request)
    elif enrolment.state == EnrolmentState.SUBMITTED and by.pk == agent.pk:
        _tell_deciders(enrolment)
    if by.pk != agent.pk:
        _tell(enrolment, "entered", _("Vous êtes inscrit à une formation par %(name)s") % {"name": by.full_name})
    return enrolment


def _tell_deciders(enrolment: Enrolment) -> None:
    notify_many(
        deciders_for(enrolment.owner),
        kind="training.to_decide",
        title=_("Une demande de formation attend votre avis"),
        url=reverse("training:decide", args=[enrolment.pk]),
    )


@transaction.atomic
def approve(enrolment: Enrolment, *, by: Agent, version: int, request: HttpRequest | None = None) -> Enrolment:
    """The supervisor's favourable opinion, or the office's acceptance. Raises `Refusal` when it moved meanwhile."""
    found = _waiting(enrolment, by, version)
    event = "endorsed" if found.state == EnrolmentState.SUBMITTED else "approved"
    _decided(found, event, by=by, request=request)
    return found


def _decided(enrolment: Enrolment, event: str, *, by: Agent, request: HttpRequest | None) -> None:
    if event == "endorsed" and enrolment.state == EnrolmentState.SUBMITTED:
        if not enrolment.asks_office:
            _close(enrolment, EnrolmentState.APPROVED, "approved", by=by, request=request)
            return
        enrolment.state = EnrolmentState.ENDORSED
        enrolment.version += 1
        enrolment.save(update_fields=["state", "version"])
        note(CASE, enrolment.pk, "endorsed", actor=by)
        _record("endorsed", enrolment, by, request)
        return
    if enrolment.state == EnrolmentState.ENDORSED:
        _close(enrolment, EnrolmentState.APPROVED, "approved", by=by, request=request)


@transaction.atomic
def refuse(
    enrolment: Enrolment,
    *,
    reason: str,
    rule: str,
    opinion_on: date | None,
    by: Agent,
    version: int,
    request: HttpRequest | None = None,
) -> None:
    """Says no, with the reason and the rule it rests on; the seat goes to the next in line.

    Raises `Refusal` without a reason, when it moved meanwhile, and when the law wants the opinion of the CAP first.
    """
    if not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    # The session first, as everywhere: two who lock in another order would wait for each other.
    session = locked(enrolment.session)
    found = _waiting(enrolment, by, version)
    if opinion_is_missing(found.owner, found.session.course.kind, opinion_on):
        message = _(
            "Une demande de même nature a déjà été refusée à cet agent : un deuxième refus de suite demande d’abord"
            " l’avis de la commission administrative paritaire. Indiquez la date de cet avis."
        )
        raise Refusal(message, rule=OPINION, field="opinion_on")
    found.refusal, found.refusal_rule, found.opinion_on = reason.strip(), rule.strip(), opinion_on
    found.session = session
    _close(found, EnrolmentState.REFUSED, "refused", by=by, request=request)
    promote(session)


@transaction.atomic
def cancel(enrolment: Enrolment, *, by: Agent, reason: str = "", request: HttpRequest | None = None) -> None:
    """The agent withdraws, or the office takes them off; the next in line is offered the seat in the same breath.

    Raises `Refusal` when it is over, and when an agent withdraws later than the session allows without a reason.
    """
    session = locked(enrolment.session)
    found = Enrolment.objects.select_for_update(of=("self",)).select_related("owner").get(pk=enrolment.pk)
    if found.state in {EnrolmentState.REFUSED, EnrolmentState.CANCELLED}:
        raise Refusal(_("Cette demande est déjà terminée."))
    first = session.slots.order_by("day").values_list("day", flat=True).first()
    if first is not None and first <= today():
        raise Refusal(_("La formation a commencé : prévenez le formateur et le service formation."))
    late = first is not None and (first - today()).days < session.withdraw_days
    if late and found.state == EnrolmentState.APPROVED and not reason.strip():
        message = _("À moins de %(days)s jours de la formation, dites pourquoi : la place est perdue pour un collègue.")
        raise Refusal(message % {"days": session.withdraw_days}, field="reason")
    found.session = session
    _close(found, EnrolmentState.CANCELLED, "cancelled", by=by, detail=reason.strip(), request=request)
    promote(session)


@transaction.atomic
def answer_offer(enrolment: Enrolment, *, accepts: bool, by: Agent, request: HttpRequest | None = None) -> None:
    """Takes the seat that came free, or leaves it to the next one. Raises `Refusal` when the time is over."""
    session = locked(enrolment.session)
    found = Enrolment.objects.select_for_update(of=("self",)).select_related("owner").get(pk=enrolment.pk)
    if found.seat != Seat.OFFERED or found.offered_until is None or found.offered_until <= now():
        raise Refusal(_("Cette place n’est plus proposée."))
    found.session, found.offered_until = session, None
    if not accepts:
        _close(found, EnrolmentState.CANCELLED, "declined", by=by, request=request)
        promote(session)
        return
    found.seat = Seat.HELD
    found.version += 1
    found.save(update_fields=["seat", "offered_until", "version"])
    note(CASE, found.pk, "accepted", actor=by)
    _record("seat_accepted", found, by, request)


def _waiting(enrolment: Enrolment, by: Agent, version: int) -> Enrolment:
    found = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("owner", "session", "session__course", "decided_by")
        .get(pk=enrolment.pk)
    )
    if found.owner_id == by.pk:
        raise Refusal(_("Personne ne décide pour soi-même."))
    if found.state not in {EnrolmentState.SUBMITTED, EnrolmentState.ENDORSED} or found.version != version:
        who = found.decided_by.full_name if found.decided_by else ""
        if who:
            raise Refusal(_("Cette demande a déjà été traitée par %(name)s.") % {"name": who})
        raise Refusal(_("Cette demande a changé : rechargez la page pour la relire."))
    return found


def _close(
    enrolment: Enrolment,
    state: EnrolmentState,
    event: str,
    *,
    by: Agent | None,
    detail: str = "",
    request: HttpRequest | None,
) -> None:
    enrolment.state, enrolment.decided_by, enrolment.decided_at = state, by, now()
    if state != EnrolmentState.APPROVED:
        enrolment.seat, enrolment.offered_until = Seat.NONE, None
    enrolment.version += 1
    enrolment.save()
    note(CASE, enrolment.pk, event, actor=by, detail=detail or enrolment.refusal)
    _record(event, enrolment, by, request)
    titles = {
        "approved": _("Votre inscription à une formation est acceptée"),
        "refused": _("Votre demande de formation est refusée"),
        "cancelled": _("Votre inscription à une formation est annulée"),
    }
    if event == "cancelled" and by is not None and by.pk == enrolment.owner_id:
        titles[event] = _("Votre désistement d’une formation est enregistré")
    if event in titles:
        _tell(enrolment, event, titles[event])


def _tell(enrolment: Enrolment, event: str, title: str) -> None:
    notify(
        enrolment.owner,
        kind=f"training.{event}",
        title=title,
        url=reverse("training:enrolment", args=[enrolment.pk]),
    )


def _record(event: str, enrolment: Enrolment, by: Agent | None, request: HttpRequest | None) -> None:
    audit.record(
        f"training.{event}",
        actor=by.pk if by else None,
        subject=enrolment.owner_id,
        request=request,
        reference=enrolment.reference,
    )
