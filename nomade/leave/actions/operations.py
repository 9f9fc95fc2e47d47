"""What moves many counters at once: planned first (a dry run writes nothing), then done, and undone as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.access import KIND
from nomade.leave.actions.corrections import WITHOUT_YEAR, open_counter
from nomade.leave.actions.ledger import give_back, take
from nomade.leave.facts import assess, current_law
from nomade.leave.models import (
    Counter,
    CounterKind,
    EntryKind,
    LeaveRequest,
    LeaveType,
    LedgerEntry,
    Mode,
    Operation,
    OperationKind,
)
from nomade.leave.rules.periods import Period
from nomade.leave.rules.requests import Judgement
from nomade.leave.rules.validity import NO_YEAR
from nomade.leave.time_system import ahead_of
from nomade.leave.wording import period_phrase, refusal_of
from nomade.notifications.actions import notify_many
from nomade.people.models import Agent, Assignment, OrgUnit


@dataclass
class Line:
    """What an operation does, or cannot do, to one agent."""

    agent: Agent | None
    matricule: str
    half_days: int = 0
    code: str = ""
    year: int = 0
    problem: str = ""


@dataclass
class Plan:
    """Every line of an operation before it is done."""

    kind: OperationKind
    label: str
    unit: OrgUnit | None = None
    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    asked: dict[str, object] = field(default_factory=dict)

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.problem]

    @property
    def left(self) -> list[Line]:
        return [line for line in self.lines if line.problem]

    @property
    def total(self) -> int:
        """Half-days moved in all: the control total."""
        return sum(line.half_days for line in self.good)

    @property
    def may_be_done(self) -> bool:
        return not self.faults and bool(self.good)


def plan_closing(agents: QuerySet[Agent], unit: OrgUnit, leave_type: LeaveType, period: Period) -> Plan:
    """A closing that takes days of leave from everybody of a unit, as a validated absence."""
    plan = Plan(
        OperationKind.CLOSING_DAY,
        _("Fermeture %(period)s : %(unit)s") % {"period": period_phrase(period), "unit": unit.label},
        unit,
        asked={
            "type": leave_type.code, "first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat()
        },
    )  # fmt: skip
    below = Q(unit__path=unit.path) | Q(unit__path__startswith=f"{unit.path}/")
    placed = Assignment.objects.on(period.first_day).filter(below, is_main=True).values("agent")
    law = current_law()
    for agent in agents.filter(pk__in=placed).order_by("sort_name"):
        judgement = assess(agent, leave_type, period, law=law, regularised=True).judgement
        line = Line(agent, agent.matricule, judgement.count.half_days, leave_type.counter, period.first_day.year)
        if not judgement.may_be_sent:
            line.problem = refusal_of(judgement.findings[0]).message
        elif judgement.effects:
            line.problem = _("Une autre absence est déjà posée ces jours-là.")
        plan.lines.append(line)
    return plan


def _ahead_of_feed(counters: QuerySet[Counter], as_of: date) -> dict[int, int]:
    """What requests have taken that the time system cannot know yet."""
    return ahead_of(as_of, LedgerEntry.objects.filter(counter__in=counters, kind=EntryKind.TAKEN))


def plan_rights(
    agents: QuerySet[Agent],
    rows: Sequence[tuple[str, int]],
    *,
    code: str,
    year: int,
    label: str,
    kind: OperationKind,
    as_of: date | None = None,
) -> Plan:
    """Half-days added to (or taken from) a counter of each agent of a list of (matricule, half-days).

    For balances of the time system (`as_of` is their day), the balance said replaces the one known, less what requests
    have taken since: never two truths.
    """
    year = NO_YEAR if code in WITHOUT_YEAR else year
    plan = Plan(kind, label, asked={"code": code, "year": year})
    counter_kind = CounterKind.objects.filter(code=code).first()
    if counter_kind is None:
        plan.faults.append(_("Le compteur « %(code)s » n’existe pas.") % {"code": code})
    elif counter_kind.mode == Mode.FED and kind is not OperationKind.FEED:
        plan.faults.append(_("Ce compteur est tenu par le système de temps : il ne se modifie pas ici."))
    known = {agent.matricule: agent for agent in agents.filter(matricule__in=[matricule for matricule, _n in rows])}
    counters = Counter.objects.filter(agent__in=[agent.pk for agent in known.values()], code=code, year=year)
    held = dict(counters.values_list("agent_id", "half_days"))
    ahead = _ahead_of_feed(counters, as_of) if as_of is not None else {}
    seen: set[str] = set()
    for matricule, half_days in rows:
        agent = known.get(matricule)
        line = Line(agent, matricule, half_days, code, year)
        if agent is None:
            line.problem = _("Matricule inconnu, ou hors de votre périmètre.")
        elif matricule in seen:
            line.problem = _("Matricule en double dans la liste.")
        elif kind is OperationKind.FEED:
            line.half_days = half_days + ahead.get(agent.pk, 0) - held.get(agent.pk, 0)
        elif held.get(agent.pk, 0) + half_days < 0:
            line.problem = _("Le solde deviendrait négatif.")
        seen.add(matricule)
        plan.lines.append(line)
    return plan


@transaction.atomic
def do_closing(
    plan: Plan, leave_type: LeaveType, period: Period, *, by: Agent, http: HttpRequest | None = None
) -> Operation:
    """Writes a validated absence for each good line; those that changed meanwhile are left, and told in the report."""
    operation = _start(plan, by)
    done, left = [], [(line.matricule, line.problem) for line in plan.left]
    law = current_law()
    for line in plan.good:
        assert line.agent is not None
        judgement = assess(line.agent, leave_type, period, law=law, regularised=True).judgement
        leave = None
        if judgement.may_be_sent and not judgement.effects:
            leave = _closing_leave(line.agent, leave_type, period, judgement, by)
        if leave is None:
            left.append((line.matricule, _("La situation a changé depuis l’essai.")))
        else:
            done.append(leave)
    operation.report = {
        "done": len(done),
        "half_days": sum(leave.half_days for leave in done),
        "left": left,
        "requests": [str(leave.pk) for leave in done],
    }
    return _finish(operation, [leave.owner for leave in done], by, http)


def _closing_leave(
    agent: Agent, leave_type: LeaveType, period: Period, judgement: Judgement, by: Agent
) -> LeaveRequest | None:
    """The absence of one agent; None when another request took the days or the balance at this very moment."""
    leave = LeaveRequest.of_period(
        period,
        owner=agent,
        leave_type=leave_type,
        reference=new_reference(),
        half_days=judgement.count.half_days,
        state=CaseState.APPROVED,
        decided_by=by,
        decided_at=now(),
        entered_by=by,
        comment=_("Fermeture du service"),
    )
    try:
        with transaction.atomic():
            leave.save(force_insert=True)
            take(leave, judgement.allocation, author=by)
    except IntegrityError:
        return None
    timeline.note(KIND, leave.pk, "approved", actor=by, detail=_("Fermeture du service"))
    return leave


UNDOABLE = (OperationKind.CLOSING_DAY, OperationKind.RIGHT_FOR_LIST, OperationKind.TAKE_OVER)
ENTRY_OF = {
    OperationKind.RIGHT_FOR_LIST: EntryKind.RIGHT,
    OperationKind.TAKE_OVER: EntryKind.TAKEN_OVER,
    OperationKind.FEED: EntryKind.FED,
}


@transaction.atomic
def do_rights(
    plan: Plan, *, by: Agent | None, reason: str, as_of: date | None = None, http: HttpRequest | None = None
) -> Operation:
    """Writes one movement for each good line. Raises Refusal when a balance that changed would go below zero."""
    operation = _start(plan, by)
    touched = []
    for line in plan.good:
        assert line.agent is not None
        counter = open_counter(line.agent, line.code, line.year)
        if as_of is not None:
            counter.as_of = as_of
            counter.save(update_fields=["as_of"])
        if not line.half_days:
            continue
        touched.append(line.agent)
        _write(counter, ENTRY_OF[plan.kind], line.half_days, operation, by, reason)
    operation.report = {
        "done": len(plan.good),
        "half_days": plan.total,
        "left": [(line.matricule, line.problem) for line in plan.left],
    }
    return _finish(operation, touched if plan.kind is OperationKind.RIGHT_FOR_LIST else [], by, http)


def _write(
    counter: Counter, kind: EntryKind, half_days: int, operation: Operation, by: Agent | None, reason: str
) -> None:
    try:
        with transaction.atomic():
            LedgerEntry.objects.create(
                counter=counter,
                kind=kind,
                half_days=half_days,
                date=today(),
                author=by,
                reason=reason,
                source=operation.label[:200],
                operation=operation,
            )
    except IntegrityError as error:
        if "leave_counter_not_overdrawn" not in str(error):
            raise
        raise Refusal(
            _("Le solde de %(name)s ne le permet plus : rien n’a été enregistré.") % {"name": counter.agent.full_name}
        ) from error


@transaction.atomic
def undo_operation(operation: Operation, *, by: Agent, reason: str, http: HttpRequest | None = None) -> Operation:
    """Undoes an operation as a whole, or not at all: each movement by its opposite, each absence by its cancellation.

    Raises Refusal when it is undone already, when it is a year's end, or when somebody has spent what it gave.
    """
    operation = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
    if operation.undone_at is not None:
        raise Refusal(_("Cette opération est déjà annulée."))
    if operation.kind not in UNDOABLE:
        raise Refusal(_("Cette opération ne s’annule pas : corrigez les compteurs concernés."))
    if not reason.strip():
        raise Refusal(_("Dites pourquoi l’opération est annulée."), field="reason")
    keys = operation.report.get("requests", [])
    for leave in LeaveRequest.objects.living().filter(pk__in=keys).select_for_update(of=("self",)):
        give_back(leave, author=by)
        leave.state = CaseState.CANCELLED
        leave.version += 1
        leave.save(update_fields=["state", "version"])
        timeline.note(KIND, leave.pk, "cancelled", actor=by, detail=reason.strip())
    for entry in operation.entries.select_related("counter__agent"):
        _write(entry.counter, EntryKind.CORRECTION, -entry.half_days, operation, by, _("Opération annulée"))
    operation.undone_by, operation.undone_at, operation.undone_reason = by, now(), reason.strip()
    operation.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    audit.record("leave.operation_undone", actor=by.pk, subject=None, request=http, operation=operation.pk)
    return operation


def _start(plan: Plan, by: Agent | None) -> Operation:
    if not plan.may_be_done:
        raise Refusal(plan.faults[0] if plan.faults else _("Aucun agent n’est concerné : il n’y a rien à faire."))
    return Operation.objects.create(kind=plan.kind, label=plan.label[:200], unit=plan.unit, asked=plan.asked, author=by)


def _finish(operation: Operation, told: Iterable[Agent], by: Agent | None, http: HttpRequest | None) -> Operation:
    operation.save(update_fields=["report"])
    audit.record(
        "leave.operation_done",
        actor=by.pk if by else None,
        subject=None,
        request=http,
        operation=operation.pk,
        kind=operation.kind,
        done=operation.report["done"],
    )
    notify_many(
        told,
        kind="leave.operation",
        title=_("Vos compteurs de congés ont changé"),
        body=operation.label,
        url="/conges/",
        email=False,
    )
    return operation
