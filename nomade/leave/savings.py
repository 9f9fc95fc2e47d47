"""The compte épargne-temps of an agent as its page explains it: may it be opened, what may be saved, what to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.leave.balances import Balance, Movement, balances
from nomade.leave.facts import current_law
from nomade.leave.models import AccountChoice, Counter, CounterKind, EntryKind, Mode, SavingRequest
from nomade.leave.rules.cet import (
    HALVES_IN_DAY,
    Options,
    choice_year,
    may_choose_pension,
    may_open,
    options,
    payable,
    saving_year,
)
from nomade.leave.rules.decisions import Decision
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import ANNUAL, CET, NO_YEAR, RTT, SPLIT, month_day
from nomade.people.access import situation_on
from nomade.people.models import Agent, Situation

# The field of a saving request for each counter it may come from.
FIELDS = {ANNUAL: "annual", RTT: "rtt", SPLIT: "split"}
MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class Source:
    """A counter one may save from: what is left on it, what may be saved of it, and why no more."""

    name: str
    label: str
    left: int
    payable: int
    why: str


@dataclass(frozen=True)
class Choice:
    """The days above the threshold at the end of a year: how many, until when to choose, and what each way gives."""

    year: int
    above: int
    until: date
    made: AccountChoice | None
    may_pension: bool
    price: Decimal
    by_default: str

    @property
    def amount(self) -> Decimal:
        """Gross, if all of them were paid."""
        return self.price * self.above / HALVES_IN_DAY


@dataclass(frozen=True)
class Account:
    """A CET, open or not, and all that its page says."""

    is_open: bool
    opening: Decision
    half_days: int
    cap: int
    threshold: int
    fed: bool
    deliberated: bool
    year: int
    save_until: date
    must_take: int
    taken: int
    sources: list[Source] = field(default_factory=list)
    waiting: int = 0
    choice: Choice | None = None
    movements: list[Movement] = field(default_factory=list)

    @property
    def room(self) -> int:
        """What still goes in under the cap, once what is asked is in."""
        return max(0, self.cap - self.half_days - self.waiting)

    @property
    def payable(self) -> int:
        return sum(source.payable for source in self.sources)


def account_of(agent: Agent) -> Account:
    """The account of an agent today, with what may be saved and chosen."""
    law, day = current_law(), today()
    situation = situation_on(agent, day)
    year, end = saving_year(day, law), date(day.year, 12, 31)
    found = balances(agent, year)
    held = Counter.objects.filter(agent=agent, code=CET, year=NO_YEAR).first()
    waiting = list(SavingRequest.objects.filter(owner=agent, state=CaseState.SUBMITTED))
    modes = dict(CounterKind.objects.filter(code__in=(CET, *FIELDS)).values_list("code", "mode"))
    annual = _of(found, ANNUAL, year)
    return Account(
        is_open=held is not None,
        opening=may_open(situation.status if situation else "", months_served(agent, day), on=day, law=law),
        half_days=held.half_days if held else 0,
        cap=law.number("cet.cap", end) * HALVES_IN_DAY,
        threshold=law.number("cet.threshold", end) * HALVES_IN_DAY,
        fed=modes.get(CET) == Mode.FED,
        deliberated=law.text("cet.options", day) == "yes",
        year=year,
        save_until=month_day(law.row("cet.save_until", date(year, 12, 31)).value, year + 1),
        must_take=law.number("cet.ca_taken", date(year, 12, 31)) * HALVES_IN_DAY,
        taken=annual.approved if annual else 0,
        sources=_sources(found, year, waiting, modes, law),
        waiting=sum(one.half_days for one in waiting),
        choice=_choice(agent, held, situation, law, day) if held else None,
        movements=next((one.movements for one in found if one.code == CET), []),
    )


def months_served(agent: Agent, day: date) -> int:
    """Whole months since the day of entry."""
    entry = agent.entry_date
    return (day.year - entry.year) * MONTHS_IN_YEAR + day.month - entry.month - (day.day < entry.day)


def _of(found: list[Balance], code: str, year: int) -> Balance | None:
    return next((one for one in found if one.code == code and one.year == year), None)


def _opened(balance: Balance | None) -> int:
    """The right of the year, whatever was saved or carried over since."""
    return sum(line.half_days for line in balance.movements if line.kind == EntryKind.RIGHT) if balance else 0


def _sources(
    found: list[Balance], year: int, waiting: list[SavingRequest], modes: Mapping[str, str], law: Law
) -> list[Source]:
    """What may be saved of each counter: by the rule, never more than what is left, less what is asked already."""
    known = {code: _of(found, code, year) for code in FIELDS}
    annual, rtt, split = known[ANNUAL], known[RTT], known[SPLIT]
    rule = payable(
        annual_right=_opened(annual),
        annual_taken=annual.approved if annual else 0,
        rtt_left=rtt.left if rtt else 0,
        split_left=split.left if split else 0,
        year=year,
        law=law,
    )
    most = {ANNUAL: rule.annual, RTT: rule.rtt, SPLIT: rule.split}
    asked = {code: sum(getattr(one, name) for one in waiting if one.year == year) for code, name in FIELDS.items()}
    return [
        Source(
            FIELDS[code],
            balance.label,
            balance.left,
            0 if modes.get(code) == Mode.FED else max(0, min(most[code], _whole(balance.left)) - asked[code]),
            _why(code, balance, most[code], fed=modes.get(code) == Mode.FED, year=year, law=law),
        )
        for code, balance in known.items()
        if balance is not None
    ]


def _whole(half_days: int) -> int:
    return max(0, half_days) // HALVES_IN_DAY * HALVES_IN_DAY


def _why(code: str, balance: Balance, most: int, *, fed: bool, year: int, law: Law) -> str:
    """Why no more may be saved of a counter; nothing to say when all of it may."""
    if fed:
        return _("Ce compteur est tenu par le système de temps : versez-le là-bas.")
    if code == ANNUAL and not most and balance.left:
        days = law.number("cet.ca_taken", date(year, 12, 31))
        return _(
            "Il faut d’abord avoir pris %(days)s jours de congés annuels dans l’année (moins à temps partiel)."
        ) % {"days": days}
    if _whole(balance.left) < balance.left:
        return _("Un jour entier à la fois : la demi-journée qui reste ne se verse pas.")
    return ""


def _choice(agent: Agent, held: Counter, situation: Situation | None, law: Law, day: date) -> Choice | None:
    """What to choose for the days above the threshold, or None where nothing is to choose."""
    if situation is None or law.text("cet.options", day) != "yes":
        return None
    year = choice_year(day, law)
    end = date(year, 12, 31)
    above = outcome_of(held.half_days, situation, None, year=year, law=law).optional
    if not above:
        return None
    return Choice(
        year=year,
        above=above,
        until=month_day(law.row("cet.choose_before", end).value, year + 1),
        made=AccountChoice.objects.filter(agent=agent, year=year).first(),
        may_pension=may_choose_pension(situation.status, on=day, law=law),
        price=law.money("cet.day_price", day, situation.category),
        by_default=law.text("cet.default", end, situation.status),
    )


def outcome_of(half_days: int, situation: Situation, choice: AccountChoice | None, *, year: int, law: Law) -> Options:
    """What a choice gives, by the rule that closes the year."""
    return options(
        half_days,
        option=choice.option if choice else "conges",
        shares=(choice.paid, choice.pension) if choice else (0, 0),
        status=situation.status,
        category=situation.category,
        deliberated=True,
        chosen_on=today(),
        year=year,
        law=law,
    )
