"""Leave of the demo city: the rights of all, what some have taken, and what waits for an answer."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import islice

from django.utils.translation import gettext as _

from nomade.cases.models import CaseEvent, CaseState
from nomade.cases.references import new_reference
from nomade.demo.personas import CAMILLE, LEILA, MARC, MEHDI, SOPHIE
from nomade.kernel.clock import PARIS, today
from nomade.kernel.errors import Refusal
from nomade.leave.actions import submit_leave
from nomade.leave.actions.corrections import open_counter
from nomade.leave.actions.figures import change_figure
from nomade.leave.facts import assess, current_law
from nomade.leave.models import EntryKind, LeaveRequest, LeaveType, LedgerEntry
from nomade.leave.opening import open_year
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.special import sick_child
from nomade.leave.rules.validity import CET, NO_YEAR, SICK_CHILD
from nomade.leave.wording import period_phrase
from nomade.people.access import supervised_by
from nomade.people.models import Agent, Situation, WorkCycle

A_DAY = timedelta(days=1)


def fill_leave(personas: dict[str, Agent], dice: random.Random) -> None:
    """Opens the years for everybody, then gives a past and some waiting requests to the team everybody looks at."""
    year = today().year
    _plan_the_seasons(personas[MEHDI], year)
    open_year(year)
    open_year(year + 1)
    types = {kind.code: kind for kind in LeaveType.objects.on(today())}
    camille, mehdi = personas[CAMILLE], personas[MEHDI]
    # The demo city lets its agents choose what becomes of the days of the CET above the threshold.
    change_figure(
        "cet.options",
        "",
        "",
        "yes",
        valid_from=date(year, 1, 1),
        source=_("Délibération de la collectivité de démonstration"),
        verified=True,
        by=personas[MARC],
    )
    # Refuse collection is a service where the intention to strike is declared.
    change_figure(
        "strike.declared_unit",
        "DPE",
        "",
        "yes",
        valid_from=date(year, 1, 1),
        source=_("CGFP L.114-7, délibération de la collectivité de démonstration"),
        verified=True,
        by=personas[MARC],
    )
    _fill_accounts(personas, mehdi)
    _telework(personas[SOPHIE], types["TELETRAVAIL"], by=personas[MARC])
    for kind, period in _camille_took():
        _take_over(camille, types[kind], period, by=mehdi)
    team = [agent for agent in supervised_by(mehdi).order_by("pk") if agent.pk != camille.pk]
    for agent in team:
        for first, length in _summer(dice):
            _take_over(agent, types["CA"], Period(first, first + (length - 1) * A_DAY), by=mehdi)
    christmas = _monday(date(year, 12, 21))
    if christmas <= today():
        christmas = _monday(date(year + 1, 2, 15))
    _ask(camille, types["CA"], Period(christmas, christmas + 2 * A_DAY), "Je pars dans ma famille pour les fêtes.")
    first = _monday(today() + timedelta(days=21))
    waiting = (agent for agent in team if _ask(agent, types["CA"], Period(first, first + A_DAY), ""))
    # Two colleagues are enough for the head of team to have something to compare.
    for _agent in islice(waiting, 2):
        continue


def _plan_the_seasons(mehdi: Agent, year: int) -> None:
    """Annualised hours for the last two gardeners of the team: longer weeks from April to September."""
    short, long = 32 * 60, 38 * 60
    seasons = WorkCycle.objects.create(
        code="JARDINS",
        label=_("Jardins, heures annualisées"),
        weeks=["1111100"] * 52,
        week_minutes=[short] * 13 + [long] * 26 + [short] * 13,
        anchor=_monday(date(year, 1, 4)),
        annual_minutes=1607 * 60,
    )
    last = supervised_by(mehdi).exclude(login=CAMILLE).order_by("-sort_name").values_list("pk", flat=True)[:2]
    Situation.objects.filter(agent__in=list(last), quotite=100).update(cycle=seasons)


def _fill_accounts(personas: dict[str, Agent], mehdi: Agent) -> None:
    """Days saved by the head of team, and days for a sick child of who works at the nursery."""
    on, law = today(), current_law()
    child = sick_child(Fraction(5), Fraction(80, 100), on=on, law=law)
    for agent, code, year, kind, half_days, reason, source in (
        (mehdi, CET, NO_YEAR, EntryKind.TAKEN_OVER, 36, _("Solde de l’ancien système"), "décret 2004-878"),
        (
            personas[LEILA], SICK_CHILD, on.year, EntryKind.RIGHT, child.half_days,
            _("(5 jours + 1) × 80 pour cent"), "circulaire FP 1475 du 20-07-1982",
        ),
    ):  # fmt: skip
        LedgerEntry.objects.create(
            counter=open_counter(agent, code, year),
            kind=kind,
            half_days=half_days,
            date=date(on.year, 1, 1),
            author=None,
            reason=reason,
            source=source,
        )


def _telework(agent: Agent, kind: LeaveType, *, by: Agent) -> None:
    """Each Tuesday of the last weeks, at home."""
    monday = _monday(today())
    for back in range(1, 9):
        day = monday - timedelta(days=7 * back - 1)
        if day.year == today().year:
            _take_over(agent, kind, Period(day, day), by=by)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _camille_took() -> list[tuple[str, Period]]:
    """Three winter days, a Friday afternoon, two weeks of summer, two days of autumn: whatever is already past."""
    year = today().year
    winter, summer, autumn = _monday(date(year, 2, 23)), _monday(date(year, 7, 20)), _monday(date(year, 10, 19))
    friday = _monday(date(year, 5, 18)) + 4 * A_DAY
    wanted = [
        ("CA", Period(winter, winter + 2 * A_DAY)),
        ("RTT", Period(friday, friday, Half.AFTERNOON, Half.AFTERNOON)),
        ("CA", Period(summer, summer + 11 * A_DAY)),
        ("RTT", Period(autumn + 3 * A_DAY, autumn + 4 * A_DAY)),
    ]
    return [(kind, period) for kind, period in wanted if period.last_day < today()]


def _summer(dice: random.Random) -> list[tuple[date, int]]:
    start = _monday(date(today().year, 7, 6) + timedelta(weeks=dice.randint(0, 6)))
    spring = _monday(date(today().year, 4, 13) + timedelta(weeks=dice.randint(0, 2)))
    taken = [(spring, 5), (start, dice.choice((12, 19)))]
    return [(first, length) for first, length in taken if first + length * A_DAY < today()]


def _take_over(agent: Agent, kind: LeaveType, period: Period, *, by: Agent) -> None:
    """Writes an absence of the past as the former system would hand it over: asked, validated, counted.

    `submit_leave` refuses the past, as it must; counts and ledger are those of the real rules all the same.
    """
    judgement = assess(agent, kind, period, regularised=True).judgement
    count = judgement.count
    if not count.half_days or period.first_day < agent.entry_date:
        return
    asked = datetime.combine(period.first_day - timedelta(days=45), time(9, 20), PARIS)
    answered = asked + timedelta(days=2, hours=5)
    leave = LeaveRequest.of_period(
        period,
        owner=agent,
        leave_type=kind,
        reference=new_reference(),
        half_days=count.half_days,
        state=CaseState.APPROVED,
        submitted_at=asked,
        promised_on=asked.date() + timedelta(days=15),
        decided_by=by,
        decided_at=answered,
    )
    if judgement.allocation.missing:
        return
    leave.save(force_insert=True)
    for share in judgement.allocation.shares:
        LedgerEntry.objects.create(
            counter_id=share.pot.key,
            kind=EntryKind.TAKEN,
            half_days=-share.half_days,
            date=period.first_day,
            request=leave,
            author=agent,
            reason=_("Absence %(period)s") % {"period": period_phrase(leave.period)},
        )
    CaseEvent.objects.create(kind="leave", case_id=leave.pk, at=asked, actor=agent, event="submitted")
    CaseEvent.objects.create(kind="leave", case_id=leave.pk, at=answered, actor=by, event="approved")


def _ask(agent: Agent, kind: LeaveType, period: Period, comment: str) -> bool:
    """A request that waits; False when the rules say no (somebody who does not work that day asks for nothing)."""
    try:
        submit_leave(agent, kind, period, comment=comment)
    except Refusal:
        return False
    return True
