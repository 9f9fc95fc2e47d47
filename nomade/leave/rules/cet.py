"""The compte épargne-temps: décret 2004-878. Whole days only, in half-days like every counter."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nomade.leave.rules.decisions import ALLOWED, Decision, Outcome
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import month_day

HALVES_IN_DAY = 2
KEEP, PAY, PENSION, SHARE = "conges", "indemnisation", "rafp", "partage"


def may_open(status: str, months_of_service: int, *, on: date, law: Law) -> Decision:
    """Décret 2004-878 art. 2: after one year of continuous service; not for a stagiaire."""
    row = law.table("cet.status", on).get(status)
    if row is None or row.value != "yes":
        return Decision(Outcome.REFUSED, "statut", row.source if row else law.source("cet.service_months", on))
    needed = law.row("cet.service_months", on)
    if months_of_service < int(needed.value):
        return Decision(Outcome.REFUSED, "anciennete", needed.source)
    return ALLOWED


@dataclass(frozen=True)
class Payable:
    """Half-days that may be saved, by counter they come from."""

    annual: int
    rtt: int
    split: int = 0

    @property
    def total(self) -> int:
        return self.annual + self.rtt + self.split


def payable(
    *, annual_right: int, annual_taken: int, rtt_left: int, split_left: int = 0, year: int, law: Law
) -> Payable:
    """Décret 2004-878 art. 3: annual leave beyond the days that must be taken (20), RTT, fractionnement.

    The days to take are those of a full-time week; they follow the right of who works fewer days. Whole days.
    """
    on = date(year, 12, 31)
    full = law.number("ca.weeks", on) * law.number("ca.weeks", on) * HALVES_IN_DAY
    needed = law.number("cet.ca_taken", on) * HALVES_IN_DAY
    if annual_right < full:
        needed = -(-needed * annual_right // full)
    annual = annual_right - annual_taken if annual_taken >= needed else 0
    return Payable(_whole_days(annual), _whole_days(rtt_left), _whole_days(split_left))


def _whole_days(half_days: int) -> int:
    return max(0, half_days) // HALVES_IN_DAY * HALVES_IN_DAY


@dataclass(frozen=True)
class Payment:
    """What a payment into the account comes to: the balance after it, what does not go in, or why not at all."""

    balance: int
    refused: int
    decision: Decision = ALLOWED


def pay_in(balance: int, half_days: int, *, on: date, law: Law) -> Payment:
    """Whole days, up to the cap (décret 2004-878 art. 3 and 7-1)."""
    if half_days <= 0 or half_days % HALVES_IN_DAY:
        return Payment(balance, half_days, Decision(Outcome.REFUSED, "jour_entier", "décret 2004-878 art. 3"))
    room = max(0, law.number("cet.cap", on) * HALVES_IN_DAY - balance)
    kept = min(half_days, room)
    return Payment(balance + kept, half_days - kept)


@dataclass(frozen=True)
class Options:
    """What becomes of an account at the end of a year: kept as leave, paid, put into the RAFP; in half-days."""

    kept: int
    optional: int
    paid: int = 0
    pension: int = 0
    amount: Decimal = Decimal(0)
    decision: Decision = ALLOWED


def options(
    balance: int,
    *,
    option: str,
    status: str,
    category: str,
    deliberated: bool,
    chosen_on: date,
    year: int,
    law: Law,
    shares: tuple[int, int] = (0, 0),
) -> Options:
    """Days above the threshold (15): kept, paid, or put into the RAFP, before 31 January; else a default by status.

    « Dans les proportions qu’il souhaite »: `shares` are the half-days to pay and to put into the RAFP when the option
    is to share; the rest is kept.

    Décret 2004-878 art. 5; without a délibération (art. 1 and 3-1), the account is only taken as leave.
    """
    on = date(year, 12, 31)
    threshold = law.row("cet.threshold", on)
    above = _whole_days(balance - int(threshold.value) * HALVES_IN_DAY)
    if not deliberated:
        refused = Decision(Outcome.REFUSED, "sans_deliberation", "décret 2004-878 art. 1 et 3-1")
        return Options(balance, 0, decision=refused if option in (PAY, PENSION, SHARE) else ALLOWED)
    if option not in (KEEP, PAY, PENSION, SHARE):
        if chosen_on <= month_day(law.row("cet.choose_before", on).value, year + 1):
            return Options(balance, above)
        option = law.row("cet.default", on, status).value
    wished = {KEEP: (0, 0), PAY: (above, 0), PENSION: (0, above), SHARE: shares}[option]
    pension = min(_whole_days(wished[1]), above)
    paid = min(_whole_days(wished[0]), above - pension)
    amount = law.money("cet.day_price", chosen_on, category) * paid / HALVES_IN_DAY if paid else Decimal(0)
    return Options(balance - paid - pension, above, paid, pension, amount)


def may_choose_pension(status: str, *, on: date, law: Law) -> bool:
    """Only who is of the special scheme (CNRACL) contributes to the RAFP (décret 2004-878 art. 5, loi 2003-775)."""
    return law.says_yes("cet.pension", on, status)


def saving_year(on: date, law: Law) -> int:
    """The year whose days one saves on a day: last year until the end of its window, then this one."""
    return _year_of("cet.save_until", on, law)


def choice_year(on: date, law: Law) -> int:
    """The year whose days above the threshold one chooses for: last year until 31 January, then this one."""
    return _year_of("cet.choose_before", on, law)


def _year_of(key: str, on: date, law: Law) -> int:
    return on.year - 1 if on <= month_day(law.row(key, on).value, on.year) else on.year
