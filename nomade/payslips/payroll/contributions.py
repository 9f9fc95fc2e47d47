"""Contributions of the agent and of the employer, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nomade.payslips.payroll.facts import Line, Section
from nomade.payslips.payroll.money import ZERO, cents, percent
from nomade.payslips.payroll.rates import Contribution, Rates, Status

# Base of the RAFP: bonuses up to 20 % of the traitement (décret 2004-569 art. 2).
RAFP_CEILING = Decimal(20)
# CSG and CRDS: 1.75 % off for professional expenses, up to four ceilings (code de la sécurité sociale L.136-2).
CSG_SHARE = Decimal("98.25")
CSG_CEILINGS = 4
IRCANTEC_CEILINGS = 8


@dataclass(frozen=True, slots=True)
class PayBases:
    """What the contributions apply to, in euros of the month."""

    traitement: Decimal
    nbi: Decimal
    gross: Decimal
    family_supplement: Decimal


def bases(pay: PayBases, rates: Rates) -> Mapping[str, Decimal]:
    """Each base by the name the parameter files give it."""
    without_family = pay.gross - pay.family_supplement
    bonuses = pay.gross - pay.traitement - pay.nbi
    reduced = min(pay.gross, CSG_CEILINGS * rates.pss)
    return {
        "treatment": pay.traitement + pay.nbi,
        "rafp": min(bonuses, percent(pay.traitement, RAFP_CEILING)),
        "gross": pay.gross,
        "ceiling": min(pay.gross, rates.pss),
        "ircantec_a": min(without_family, rates.pss),
        "ircantec_b": min(max(ZERO, without_family - rates.pss), (IRCANTEC_CEILINGS - 1) * rates.pss),
        "csg": cents(reduced * CSG_SHARE / 100) + pay.gross - reduced,
    }


def contribution_lines(status: Status, pay: PayBases, rates: Rates, *, outside_paris: bool) -> tuple[Line, ...]:
    """Every contribution of that status, in the order of the slip; those without base (tranche B) are left out."""
    found = bases(pay, rates)
    kept = (item for item in rates.contributions[status] if outside_paris or not item.only_outside_paris)
    return tuple(line for item in kept if found[item.base] for line in _lines(item, found[item.base], pay))


def _lines(item: Contribution, base: Decimal, pay: PayBases) -> Iterator[Line]:
    """One line, or for a contribution of the agent on traitement + NBI, one for each and the employer's on the sum."""
    if item.base == "treatment" and item.employee and pay.nbi:
        yield _line(item, pay.traitement, employer=False)
        yield _line(item, pay.nbi, employer=False, suffix="_nbi", label=f"{item.label} sur la NBI")
        yield _line(item, base, employee=False, suffix="_employeur", label=f"{item.label}, part de l’employeur")
    else:
        yield _line(item, base)


def _line(
    item: Contribution,
    base: Decimal,
    *,
    employee: bool = True,
    employer: bool = True,
    suffix: str = "",
    label: str = "",
) -> Line:
    own = item.employee if employee else ZERO
    other = item.employer if employer else ZERO
    return Line(
        code=item.code + suffix,
        label=label or item.label,
        section=Section(item.section),
        base=base,
        rate=own or None,
        amount=-percent(base, own) if own else ZERO,
        employer_rate=other or None,
        employer=percent(base, other) if other else ZERO,
        deductible=item.deductible,
    )
