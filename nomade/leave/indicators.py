"""Figures for HR: absences by reason group, balances about to expire. Groups of few people are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.leave.models import Counter, CounterKind, Group, LeaveRequest, Unit
from nomade.people.models import Agent
from nomade.ui.filters import capitalised

# Below, a figure about health or a strike could point at somebody.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Bar:
    """A line of a chart and of its table."""

    label: str
    half_days: int | None
    people: int | None

    @property
    def hidden(self) -> bool:
        return self.half_days is None


def absences_by_group(agents: QuerySet[Agent], first: date, last: date) -> list[Bar]:
    """Half-days of the validated absences that touch a stretch of days, by reason group; silent below five people."""
    rows = (
        LeaveRequest.objects.approved()
        .filter(owner__in=agents.values("pk"))
        .touching(first, last)
        .exclude(leave_type__group=Group.TELEWORK)
        .values("leave_type__group")
        .annotate(half_days=Sum("half_days"), people=Count("owner", distinct=True))
        .order_by("-half_days")
    )
    return [
        Bar(
            capitalised(str(Group(row["leave_type__group"]).label)),
            row["half_days"] if row["people"] >= SMALLEST_GROUP else None,
            row["people"] if row["people"] >= SMALLEST_GROUP else None,
        )
        for row in rows
    ]


def balances_to_expire(agents: QuerySet[Agent], within_days: int) -> list[Bar]:
    """Half-days that will be lost within some days, by kind of counter."""
    day = today()
    rows = (
        Counter.objects.filter(
            agent__in=agents.values("pk"),
            half_days__gt=0,
            expires_on__gte=day,
            expires_on__lte=day + timedelta(days=within_days),
        )
        .values("code")
        .annotate(half_days=Sum("half_days"), people=Count("agent", distinct=True))
    )
    kinds = {kind.code: kind for kind in CounterKind.objects.exclude(unit=Unit.MINUTE)}
    found = [Bar(kinds[row["code"]].label, row["half_days"], row["people"]) for row in rows if row["code"] in kinds]
    return sorted(found, key=lambda bar: -(bar.half_days or 0))


def shown_total(bars: list[Bar]) -> int:
    return sum(bar.half_days or 0 for bar in bars)


def people_phrase(bar: Bar) -> str:
    """« 12 agents », or why nothing is said."""
    return _("moins de %(few)s agents") % {"few": SMALLEST_GROUP} if bar.people is None else str(bar.people)
