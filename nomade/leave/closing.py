"""The end of a year, without a human hand: RTT reduced for health, leave carried over, the rest lost, the CET settled.

Run again, it does only what is missing: each step compares what is due with what the ledger already holds.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.leave.facts import current_law, timetables
from nomade.leave.hours_closing import settle_hours
from nomade.leave.models import (
    AccountChoice,
    Counter,
    EntryKind,
    ExpiryNotice,
    Group,
    LeaveRequest,
    LedgerEntry,
    Operation,
    OperationKind,
)
from nomade.leave.rules.carry_over import authorised_until, carried_until, ordinary_carry_over, protected_carry_over
from nomade.leave.rules.cet import PAY, PENSION, options
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.rules.rights import rtt_reduction
from nomade.leave.rules.validity import (
    ANNUAL,
    CARRIED,
    CARRIED_FAMILY,
    CARRIED_HEALTH,
    CET,
    NO_YEAR,
    RTT,
    SICK_CHILD,
    month_day,
)
from nomade.leave.splitting import grant_split_days
from nomade.people.models import Situation

PROTECTED = {Group.HEALTH: "sante", Group.FAMILY: "maternite"}
CARRIED_CODE = {Group.HEALTH: CARRIED_HEALTH, Group.FAMILY: CARRIED_FAMILY}
CHUNK = 2000


@dataclass
class Closing:
    """What the closing of a year did, as its report shows it (half-days by line)."""

    year: int
    done: Tally[str] = field(default_factory=Tally)
    agents: Tally[str] = field(default_factory=Tally)
    minutes: Tally[str] = field(default_factory=Tally)

    def note(self, line: str, half_days: int) -> None:
        self.done[line] += half_days
        self.agents[line] += 1


def close_due_years() -> list[Closing]:
    """Closes last year once its window for the CET is over, then what expired since; the nightly job.

    The whole closing is looked at again every week, for absences regularised since; other nights, only what expired.
    """
    year = today().year - 1
    if today() <= closes_after(year, current_law()):
        return []
    recent = Operation.objects.filter(
        kind=OperationKind.YEAR_END, asked__year=year, asked__whole=True, created_at__gt=now() - timedelta(days=7)
    )
    return [close_year(year, whole=not recent.exists())]


def closes_after(year: int, law: Law) -> date:
    """The last day on which days of a year may still go to the CET; its closing comes after."""
    return month_day(law.row("cet.save_until", date(year, 12, 31)).value, year + 1)


@transaction.atomic
def close_year(year: int, *, whole: bool = True) -> Closing:
    """Closes a year for everybody, or only (not `whole`) loses what has expired.

    Raises ValueError while the days of that year may still be used or saved.
    """
    law = current_law()
    if today() <= closes_after(year, law):
        raise ValueError(f"{year} is not over: it closes after {closes_after(year, law).isoformat()}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.close_year'))")
    closing = Closing(year)
    operation = Operation.objects.create(
        kind=OperationKind.YEAR_END,
        label=_("Clôture %(year)s") % {"year": year},
        asked={"year": year, "whole": whole},
        author=None,
    )
    if whole:
        split = grant_split_days(year)
        if split:
            closing.agents["fractionnement"] += split
        absences = _absences(year)
        _reduce_rtt(closing, absences, operation, law)
        _carry_over(closing, absences, operation, law)
        _settle_accounts(closing, operation, law)
        _settle_hours(closing, operation, law)
    _expire(closing, operation)
    if not closing.agents and not whole:
        operation.delete()
        return closing
    operation.report = {
        "half_days": dict(closing.done), "agents": dict(closing.agents), "minutes": dict(closing.minutes)
    }  # fmt: skip
    operation.save(update_fields=["report"])
    audit.record("leave.year_closed", actor=None, subject=None, year=year, agents=dict(closing.agents))
    return closing


def _absences(year: int) -> Mapping[int, list[LeaveRequest]]:
    """The health and family absences of the year, by agent: the only ones that protect or reduce rights."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: dict[int, list[LeaveRequest]] = defaultdict(list)
    kept = LeaveRequest.objects.approved().filter(leave_type__group__in=PROTECTED).touching(first, last).with_type()
    for leave in kept.order_by("first_day"):
        found[leave.owner_id].append(leave)
    return found


def _reduce_rtt(closing: Closing, absences: Mapping[int, list[LeaveRequest]], operation: Operation, law: Law) -> None:
    """Loi 2010-1657 art. 115: settled at year end; what the year's counter lacks is taken on the next year's."""
    year = closing.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    ill = {
        agent: [leave for leave in leaves if leave.leave_type.group == Group.HEALTH]
        for agent, leaves in absences.items()
    }
    ill = {agent: leaves for agent, leaves in ill.items() if leaves}
    holidays = holidays_between(first, last, law)
    tables = timetables(ill, first, last)
    counters = {
        (c.agent_id, c.year): c for c in Counter.objects.filter(agent__in=ill, code=RTT, year__in=(year, year + 1))
    }
    rights = _sums(ill, RTT, year, EntryKind.RIGHT)
    already = _sums(ill, RTT, year, EntryKind.REDUCTION)
    carried_on = _reductions_of_next_year(ill, year)
    for agent, leaves in ill.items():
        worked = sum(_worked(leave, year, tables.get(agent, Timetable(())), holidays) for leave in leaves)
        due = rtt_reduction(max(0, rights.get(agent, 0)), worked // 2, year, law).withdrawn
        due += already.get(agent, 0) + carried_on.get(agent, 0)
        for wanted in (year, year + 1):
            counter = counters.get((agent, wanted))
            taken = min(due, counter.half_days) if counter and due > 0 else 0
            if counter and taken:
                _entry(counter, EntryKind.REDUCTION, -taken, operation, _reduction_reason(year), RTT_SOURCE)
                closing.note("rtt_reduits", taken)
                due -= taken


RTT_SOURCE = "loi 2010-1657 art. 115, circulaire du 18-01-2012"


def _reduction_reason(year: int) -> str:
    return _("RTT retirés pour les absences de santé de %(year)s") % {"year": year}


def _reductions_of_next_year(agents: Iterable[int], year: int) -> dict[int, int]:
    """What an earlier run took on the counter of the next year, for this one."""
    rows = LedgerEntry.objects.filter(
        counter__agent__in=list(agents),
        counter__code=RTT,
        counter__year=year + 1,
        kind=EntryKind.REDUCTION,
        operation__asked__year=year,
    )
    return dict(rows.values_list("counter__agent").annotate(Sum("half_days")))


def _sums(agents: Iterable[int], code: str, year: int, kind: str) -> dict[int, int]:
    rows = LedgerEntry.objects.filter(
        counter__agent__in=list(agents), counter__code=code, counter__year=year, kind=kind
    )
    return dict(rows.values_list("counter__agent").annotate(Sum("half_days")))


def _worked(leave: LeaveRequest, year: int, table: Timetable, holidays: Mapping[date, str]) -> int:
    return sum(
        halves for day, halves in count(leave.period, table, holidays).days_counted().items() if day.year == year
    )


def _carry_over(closing: Closing, absences: Mapping[int, list[LeaveRequest]], operation: Operation, law: Law) -> None:
    """Décret 85-1250 art. 5-1 for those whom an absence kept from their leave; art. 5 for an authorised carry-over."""
    year = closing.year
    last = date(year, 12, 31)
    left = {
        counter.agent_id: counter
        for counter in Counter.objects.filter(agent__in=absences, code=ANNUAL, year=year, half_days__gt=0)
    }
    tables = timetables(left, last - timedelta(days=365), last)
    holidays = holidays_between(last - timedelta(days=365), last, law)
    for agent, counter in left.items():
        table = tables.get(agent, Timetable(()))
        leave = absences[agent][-1]
        if leave.last_day < last and not _prevented(leave, counter.half_days, last, table, holidays):
            continue
        _carry(closing, counter, leave, table, operation, law)
    if ordinary_carry_over(1, authorised=False, year=year, law=law).carried:
        _carry_all(closing, operation, law)


def _prevented(leave: LeaveRequest, left: int, last: date, table: Timetable, holidays: Mapping[date, str]) -> bool:
    """Whether fewer days were worked after the return than were left to take: the leave could not be taken."""
    after = count(Period(leave.last_day + timedelta(days=1), last), table, holidays)
    return after.half_days < left


def _carry(
    closing: Closing, counter: Counter, leave: LeaveRequest, table: Timetable, operation: Operation, law: Law
) -> None:
    year, group = closing.year, Group(leave.leave_type.group)
    reason = PROTECTED[group]
    engagement = next((e for e in table.engagements if e.covers(date(year, 12, 31))), None)
    weekly = engagement.cycle.weekly_half_days if engagement else Fraction(10)
    right = sum(counter.entries.filter(kind=EntryKind.RIGHT).values_list("half_days", flat=True))
    carried = protected_carry_over(
        reason, right=right, taken=right - counter.half_days, weekly_half_days=weekly, on=date(year, 12, 31), law=law
    )
    if not carried:
        return
    returned = leave.last_day + timedelta(days=1)
    until = carried_until(
        reason, returned_on=returned, acquired_during=leave.first_day <= date(year, 1, 1), year=year, law=law
    )
    words = _("Congés %(year)s que votre absence a empêché de prendre, reportés de 15 mois") % {"year": year}
    source = "décret 85-1250 art. 5-1"
    _entry(counter, EntryKind.CARRIED_OVER, -carried, operation, words, source)
    target = _counter(counter.agent_id, CARRIED_CODE[group], year, until)
    _entry(target, EntryKind.CARRIED_OVER, carried, operation, words, source)
    closing.note("reportes", carried)


def _carry_all(closing: Closing, operation: Operation, law: Law) -> None:
    """Where the local rule authorises it, what is left of annual leave goes on until the local limit."""
    until = authorised_until(closing.year, law)
    if today() > until:
        return
    words = _("Congés %(year)s reportés par autorisation") % {"year": closing.year}
    waiting = Counter.objects.filter(code=ANNUAL, year=closing.year, half_days__gt=0)
    for counter in waiting.iterator(chunk_size=CHUNK):
        carried = counter.half_days
        _entry(counter, EntryKind.CARRIED_OVER, -carried, operation, words, "décret 85-1250 art. 5")
        target = _counter(counter.agent_id, CARRIED, closing.year, until)
        _entry(target, EntryKind.CARRIED_OVER, carried, operation, words, "décret 85-1250 art. 5")
        closing.note("reportes", carried)


def _settle_accounts(closing: Closing, operation: Operation, law: Law) -> None:
    """Décret 2004-878 art. 5: days of the CET above the threshold, by the choice of the agent or by default."""
    year = closing.year
    if law.text("cet.options", date(year, 12, 31)) != "yes":
        return
    threshold = law.number("cet.threshold", date(year, 12, 31)) * 2
    above = list(Counter.objects.filter(code=CET, year=NO_YEAR, half_days__gt=threshold))
    agents = [counter.agent_id for counter in above]
    chosen = {choice.agent_id: choice for choice in AccountChoice.objects.filter(agent__in=agents, year=year)}
    situations = {s.agent_id: s for s in Situation.objects.on(date(year, 12, 31)).filter(agent__in=agents)}
    settled = set(
        LedgerEntry.objects.filter(counter__in=above, kind=EntryKind.PAID, operation__asked__year=year).values_list(
            "counter", flat=True
        )
    )
    for counter in above:
        situation = situations.get(counter.agent_id)
        if situation is None or counter.pk in settled:
            continue
        choice = chosen.get(counter.agent_id)
        found = options(
            counter.half_days,
            option=choice.option if choice else "",
            shares=(choice.paid, choice.pension) if choice else (0, 0),
            status=situation.status,
            category=situation.category,
            deliberated=True,
            chosen_on=today(),
            year=year,
            law=law,
        )
        for option, half_days in ((PAY, found.paid), (PENSION, found.pension)):
            if half_days:
                words = (
                    _("Jours au-delà du seuil : indemnisés") if option == PAY else _("Jours au-delà du seuil : RAFP")
                )
                _entry(counter, EntryKind.PAID, -half_days, operation, words, "décret 2004-878 art. 5")
                closing.note(f"cet_{option}", half_days)


def _settle_hours(closing: Closing, operation: Operation, law: Law) -> None:
    """Annualised hours, in minutes: told in the report, since they are no half-days."""
    given, owed = settle_hours(closing.year, operation, law)
    for line, minutes in (("heures_en_plus", given), ("heures_dues", owed)):
        if minutes:
            closing.agents[line] += len(minutes)
            closing.minutes[line] += sum(minutes.values())


def _expire(closing: Closing, operation: Operation) -> None:
    """What expired and was neither taken, saved nor carried over is lost.

    Carried-over rights lapse only when the agent was told beforehand (CE 17-10-2025 n° 495899); else they are kept and
    counted apart in the report.
    """
    told = ExpiryNotice.objects.filter(counter=OuterRef("pk"), expires_on=OuterRef("expires_on"))
    gone = Counter.objects.filter(half_days__gt=0, expires_on__lt=today(), year__lte=closing.year).exclude(
        code=SICK_CHILD
    )
    gone = gone.annotate(told=Exists(told))
    silent = gone.filter(code__in=(CARRIED_HEALTH, CARRIED_FAMILY), told=False)
    for kept in silent.values_list("half_days", flat=True):
        closing.note("gardes_faute_d_information", kept)
    lost = list(gone.exclude(pk__in=silent.values("pk")).values_list("pk", "half_days", "code"))
    if not lost:
        return
    # Plain arrays: there is one row an agent and a right, 100,000 of them in a large city.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leave_ledgerentry "
            "(counter_id, kind, half_days, date, reason, source, operation_id, created_at) "
            "SELECT given.counter, %s, -given.half_days, %s, %s, %s, %s, %s "
            "FROM unnest(%s::bigint[], %s::int[]) AS given (counter, half_days)",
            [
                EntryKind.EXPIRED.value,
                today(),
                _("Jours non pris à leur date limite"),
                "décret 85-1250 art. 5",
                operation.pk,
                now(),
                [pk for pk, _half_days, _code in lost],
                [half_days for _pk, half_days, _code in lost],
            ],
        )
    for _pk, half_days, code in lost:
        closing.note(f"perdus_{code}", half_days)


def _counter(agent: int, code: str, year: int, until: date) -> Counter:
    counter, _created = Counter.objects.get_or_create(
        agent_id=agent, code=code, year=year, defaults={"usable_from": date(year, 1, 1), "expires_on": until}
    )
    if counter.expires_on is None or counter.expires_on < until:
        counter.expires_on = until
        counter.save(update_fields=["expires_on"])
    return counter


def _entry(counter: Counter, kind: str, half_days: int, operation: Operation, reason: str, source: str) -> None:
    LedgerEntry.objects.create(
        counter=counter,
        kind=kind,
        half_days=half_days,
        date=today(),
        author=None,
        reason=reason,
        source=source,
        operation=operation,
    )
    counter.half_days += half_days
