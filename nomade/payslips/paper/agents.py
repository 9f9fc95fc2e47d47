"""Whom the demo payroll pays, and what it knows of them: invented, the same for the same matricule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from nomade.payslips.payroll import salary
from nomade.payslips.payroll.facts import PayFacts
from nomade.payslips.payroll.money import ZERO
from nomade.payslips.payroll.rates import Rates, Status

# A yearly Navigo pass (Île-de-France Mobilités), by year; later years keep the last known price.
YEARLY_TICKET = {2024: Decimal("950.40"), 2025: Decimal("976.80"), 2026: Decimal("998.80")}
BONUS_MONTH = 6
_CHILDREN = (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4)
# By category: lowest IFSE, its spread, lowest CIA, its spread, transfer (loi 2015-1785 art. 148), tax rates.
_BONUSES = {
    "A": (480, 420, 800, 1200, 389, ("5.3", "6.8", "8.1", "9.9", "11.9")),
    "B": (300, 150, 400, 400, 278, ("2.1", "3.5", "4.1", "5.3", "6.2")),
    "C": (120, 140, 200, 200, 167, ("0", "0.5", "1.3", "2.1", "3.5")),
}


@dataclass(frozen=True, slots=True)
class PaidAgent:
    """What payroll software prints of somebody."""

    matricule: str
    civility: str
    first_name: str
    last_name: str
    birth_date: date | None
    address: str
    unit: str
    official: bool
    category: str
    grade: str
    echelon: str
    indice_majore: int
    working_share: int
    entry_date: date

    @property
    def name(self) -> str:
        return f"{self.last_name.upper()} {self.first_name}"


def invented_facts(agent: PaidAgent, month: date, rates: Rates) -> PayFacts:
    """Pay facts of a demo agent: children, bonuses, ticket and tax rate drawn from the matricule."""
    dice = sha256(f"paie {agent.matricule}".encode()).digest()
    lowest, spread, cia_lowest, cia_spread, transfer, tax_rates = _BONUSES.get(agent.category, _BONUSES["C"])
    bonus = Decimal(lowest + dice[1] * spread // 255 // 5 * 5)
    cia = Decimal(cia_lowest + dice[2] * cia_spread // 255 // 10 * 10) if month.month == BONUS_MONTH else ZERO
    ticket = YEARLY_TICKET[min(max(month.year, min(YEARLY_TICKET)), max(YEARLY_TICKET))]
    return PayFacts(
        status=Status.TITULAIRE if agent.official else Status.CONTRACTUEL,
        indice_majore=agent.indice_majore,
        nbi_points=(10, 15, 20, 25)[dice[3] % 4] if agent.official and dice[4] < 45 else 0,
        children=_CHILDREN[dice[0] % len(_CHILDREN)],
        ifse=bonus,
        cia=cia,
        tpp_yearly=Decimal(transfer) if agent.official else ZERO,
        transport=salary.transport_refund(ticket, rates) if dice[5] < 170 else ZERO,
        tax_rate=Decimal(tax_rates[dice[6] % len(tax_rates)]),
        personal_rate=dice[7] >= 20,
        working_share=agent.working_share,
    )


def masked_nir(agent: PaidAgent) -> str:
    """A social security number with only sex and year of birth left, as a screen or a demo may show it."""
    sex = "1" if agent.civility.lower().startswith(("m.", "mr", "monsieur")) else "2"
    year = f"{agent.birth_date:%y}" if agent.birth_date else "••"
    return f"{sex} {year} •• •• ••• ••• ••"


def payment_day(month: date) -> date:
    """The fourth weekday before the end of the month."""
    day = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    left = 4
    while left:
        day -= timedelta(days=1)
        left -= day.weekday() < 5
    return day
