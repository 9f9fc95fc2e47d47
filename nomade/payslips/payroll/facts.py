"""What pay needs to know of an agent in a month, and the slip that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from nomade.payslips.payroll.money import ZERO
from nomade.payslips.payroll.rates import Status


@dataclass(frozen=True, slots=True)
class PayFacts:
    """One agent in one month. Amounts in euros a month at full time, unless said otherwise.

    `working_share` is the quotité in %; `tpp_yearly` the transfert primes/points (yearly, officials only);
    `transport` the refund already computed (`salary.transport_refund`); `tax_rate` the rate sent by the tax office:
    it is given, never computed (CGI art. 204 E); `personal_rate` is False for the neutral scale.
    """

    status: Status
    indice_majore: int
    tax_rate: Decimal
    nbi_points: int = 0
    children: int = 0
    ifse: Decimal = ZERO
    cia: Decimal = ZERO
    tpp_yearly: Decimal = ZERO
    residence_zone: int = 1
    transport: Decimal = ZERO
    working_share: int = 100
    personal_rate: bool = True
    outside_paris: bool = False

    def __post_init__(self) -> None:
        if self.status is Status.CONTRACTUEL and (self.nbi_points or self.tpp_yearly):
            raise ValueError("NBI and transfert primes/points are for officials only (loi 91-73, loi 2015-1785)")
        if not 0 < self.working_share <= 100:
            raise ValueError("the working share lies between 1 and 100 %")


class Section(StrEnum):
    """Where a line stands on the slip (simplified layout, arrêté du 25-02-2016)."""

    GROSS = "gross"
    HEALTH = "health"
    RETIREMENT = "retirement"
    FAMILY = "family"
    OTHER = "other"
    CSG = "csg"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a slip. `amount` is what it adds to the pay (negative: taken off); the employer's share is apart."""

    code: str
    label: str
    section: Section
    amount: Decimal = ZERO
    base: Decimal | None = None
    rate: Decimal | None = None
    employer_rate: Decimal | None = None
    employer: Decimal = ZERO
    detail: str = ""
    deductible: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A computed slip: its lines, and totals that are sums of the rounded lines."""

    gross_lines: tuple[Line, ...]
    contribution_lines: tuple[Line, ...]
    refund_lines: tuple[Line, ...]
    gross: Decimal
    contributions: Decimal
    net_social: Decimal
    net_taxable: Decimal
    net_before_tax: Decimal
    tax_rate: Decimal
    personal_rate: bool
    tax: Decimal
    net_paid: Decimal
    employer: Decimal
    total_cost: Decimal

    def line(self, code: str) -> Line:
        """The line of that code. Raises KeyError when the slip has none."""
        for line in (*self.gross_lines, *self.contribution_lines, *self.refund_lines):
            if line.code == code:
                return line
        raise KeyError(code)
