"""What the pay office is told of absences: each half-day once, whatever is exported again or changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.kernel.months import add_months
from nomade.leave.facts import current_law, timetables
from nomade.leave.models import LeaveRequest, PayrollExport, PayrollLine
from nomade.leave.rules.counting import count, count_calendar
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.periods import Period
from nomade.people.models import Agent

NOBODY = Timetable(())


@dataclass(frozen=True)
class Due:
    """Half-days of one absence in one month that pay must know, first and last day within it."""

    request: LeaveRequest
    month: date
    first_day: date
    last_day: date
    half_days: int


def month_ends(month: date) -> tuple[date, date]:
    """The first and last day of a month."""
    first = month.replace(day=1)
    return first, add_months(first, 1) - timedelta(days=1)


def due_lines(agents: QuerySet[Agent], month: date) -> list[Due]:
    """What a month's export would hold: the difference between what is true now and what was already told.

    Absences of the month, and those of earlier months that were told and have changed since (regularisations).
    """
    first, last = month_ends(month)
    people = agents.values("pk")
    now_true = _true_now(LeaveRequest.objects.approved().filter(owner__in=people).touching(first, last), first, last)
    told: dict[tuple[UUID, date], int] = defaultdict(int)
    before = PayrollLine.objects.filter(request__owner__in=people, month__lte=first)
    requests = {}
    for line in before.select_related("request__owner", "request__leave_type"):
        told[line.request_id, line.month] += line.half_days
        requests[line.request_id] = line.request
    earlier = {key for key in told if key[1] < first}
    for (pk, when), due in _true_earlier(requests, earlier).items():
        now_true[pk, when] = due
    found = []
    for key, due in now_true.items():
        difference = due.half_days - told.get(key, 0)
        if difference:
            found.append(Due(due.request, due.month, due.first_day, due.last_day, difference))
    for key, half_days in told.items():
        if key not in now_true and half_days:
            request = requests[key[0]]
            start, end = month_ends(key[1])
            found.append(Due(request, key[1], max(start, request.first_day), min(end, request.last_day), -half_days))
    return sorted(found, key=lambda due: (due.request.owner.sort_name, due.first_day, str(due.request.pk)))


def _true_now(requests: QuerySet[LeaveRequest], first: date, last: date) -> dict[tuple[UUID, date], Due]:
    kept = list(requests.exclude(leave_type__pay_code="").select_related("owner", "leave_type"))
    return _counted(kept, first, last)


def _true_earlier(
    requests: Mapping[UUID, LeaveRequest], keys: Iterable[tuple[UUID, date]]
) -> dict[tuple[UUID, date], Due]:
    """What is true now of the months already told; a cancelled absence is not there."""
    by_month: dict[date, list[LeaveRequest]] = defaultdict(list)
    for pk, when in keys:
        if requests[pk].state == "approved":
            by_month[when].append(requests[pk])
    found: dict[tuple[UUID, date], Due] = {}
    for when, kept in by_month.items():
        found |= _counted(kept, *month_ends(when))
    return found


def _counted(requests: list[LeaveRequest], first: date, last: date) -> dict[tuple[UUID, date], Due]:
    tables = timetables({request.owner_id for request in requests}, first, last)
    holidays = holidays_between(first, last, current_law())
    found: dict[tuple[UUID, date], Due] = {}
    for request in requests:
        start, end = max(first, request.first_day), min(last, request.last_day)
        if end < start:
            continue
        part = _part(request.period, start, end)
        table = tables.get(request.owner_id, NOBODY)
        counted = count_calendar(part, table) if request.leave_type.calendar_days else count(part, table, holidays)
        if counted.half_days:
            found[request.pk, first] = Due(request, first, start, end, counted.half_days)
    return found


def _part(period: Period, start: date, end: date) -> Period:
    """A period cut to a stretch of whole days; the half-days of its own ends stay."""
    return Period(
        start,
        end,
        period.first_half if start == period.first_day else type(period.first_half)(0),
        period.last_half if end == period.last_day else type(period.last_half)(1),
    )


@transaction.atomic
def export_month(agents: QuerySet[Agent], month: date, *, by: Agent, http: HttpRequest | None = None) -> PayrollExport:
    """Makes the export of a month and keeps what it told. Made again at once, it holds nothing: no double."""
    first, _last = month_ends(month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.payroll'))")
    lines = due_lines(agents, first)
    number = PayrollExport.objects.filter(month=first).count() + 1
    export = PayrollExport.objects.create(month=first, number=number, author=by)
    PayrollLine.objects.bulk_create(
        [
            PayrollLine(
                export=export,
                request=due.request,
                month=due.month,
                pay_code=due.request.leave_type.pay_code,
                first_day=due.first_day,
                last_day=due.last_day,
                half_days=due.half_days,
            )
            for due in lines
        ],
        batch_size=2000,
    )
    audit.record(
        "leave.payroll_exported", actor=by.pk, subject=None, request=http, month=first.isoformat(), lines=len(lines)
    )
    return export


HEADER = ("export", "matricule", "code", "mois", "premier_jour", "dernier_jour", "jours", "effet", "heures")


def export_rows(export: PayrollExport) -> Iterable[tuple[str, str, str, str, date, date, float, str, float]]:
    """The lines of an export as its file holds them: the same each time it is downloaded.

    An absence of some hours (recovery, a strike shorter than a half-day) is told in hours, and in no day.
    """
    lines = export.lines.select_related("request__owner", "request__leave_type").order_by("pk")
    for line in lines.iterator(chunk_size=2000):
        yield (
            str(export),
            line.request.owner.matricule,
            line.pay_code,
            f"{line.month:%Y-%m}",
            line.first_day,
            line.last_day,
            0 if line.request.minutes else line.half_days / 2,
            line.request.leave_type.pay_effect,
            _hours(line),
        )


def _hours(line: PayrollLine) -> float:
    """The hours of a line, below zero when it takes back what was told; 0 for an absence in days."""
    minutes = line.request.minutes or 0
    return round(minutes / 60 * (1 if line.half_days > 0 else -1), 2) if minutes else 0


def told_in(export: PayrollExport) -> int:
    """Half-days of an export in all, absences in hours left out: its control total."""
    in_days = export.lines.exclude(request__minutes__gt=0)
    total: int = in_days.aggregate(total=Sum("half_days"))["total"] or 0
    return total
