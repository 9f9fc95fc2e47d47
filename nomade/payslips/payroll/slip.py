"""From the facts of a month to the whole slip."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from nomade.payslips.payroll import salary
from nomade.payslips.payroll.contributions import PayBases, contribution_lines
from nomade.payslips.payroll.facts import Line, PayFacts, Section, Slip
from nomade.payslips.payroll.money import ZERO, percent, share
from nomade.payslips.payroll.rates import Rates, Status


def compute_slip(facts: PayFacts, rates: Rates) -> Slip:
    """The slip of one agent for one month, exact to the cent line by line (`fonction-publique` § 2)."""
    gross_lines = tuple(_gross_lines(facts, rates))
    amounts = {line.code: line.amount for line in gross_lines}
    gross = sum(amounts.values(), ZERO)
    pay = PayBases(
        traitement=amounts["traitement"],
        nbi=amounts.get("nbi", ZERO),
        gross=gross,
        family_supplement=amounts.get("sft", ZERO),
    )
    charged = contribution_lines(facts.status, pay, rates, outside_paris=facts.outside_paris)
    refunds = tuple(_refund_lines(facts))
    return _with_totals(facts, gross_lines, charged, refunds, gross)


def _gross_lines(facts: PayFacts, rates: Rates) -> Iterator[Line]:
    fraction = salary.paid_fraction(facts.working_share, rates)
    traitement = share(salary.index_pay(facts.indice_majore, rates), fraction)
    nbi = share(salary.index_pay(facts.nbi_points, rates), fraction)
    detail = f"IM {facts.indice_majore}" + (
        "" if fraction == 1 else f", payé {fraction.numerator}/{fraction.denominator}"
    )
    official = facts.status is Status.TITULAIRE
    yield _gross(
        "traitement", "Traitement indiciaire" if official else "Traitement (référence indiciaire)", traitement, detail
    )
    if nbi:
        yield _gross("nbi", "Nouvelle bonification indiciaire", nbi, f"{facts.nbi_points} points")
    below_smic = share(salary.differential(facts.indice_majore, rates), fraction)
    if below_smic:
        yield _gross("differentielle", "Indemnité différentielle (SMIC)", below_smic)
    residence = salary.residence(traitement + nbi, facts.residence_zone, rates, fraction)
    if residence:
        rate = rates.residence[facts.residence_zone]
        yield Line(
            "residence", "Indemnité de résidence", Section.GROSS, residence, base=traitement + nbi, rate=rate,
            detail=f"zone {facts.residence_zone}",
        )  # fmt: skip
    family = salary.family_supplement(facts.children, facts.indice_majore + facts.nbi_points, rates, fraction)
    if family:
        children = "1 enfant" if facts.children == 1 else f"{facts.children} enfants"
        yield _gross("sft", "Supplément familial de traitement", family, children)
    yield from _bonus_lines(facts, fraction)


def _bonus_lines(facts: PayFacts, fraction: Fraction) -> Iterator[Line]:
    ifse = share(facts.ifse, fraction)
    if ifse:
        yield _gross("ifse", "Indemnité de fonctions (IFSE)", ifse)
    if facts.cia:
        yield _gross("cia", "Complément indemnitaire annuel (CIA)", facts.cia)
    transfer = salary.transfer_to_points(facts.tpp_yearly, ifse + facts.cia, fraction)
    if transfer:
        yield _gross("tpp", "Transfert primes/points", -transfer)


def _gross(code: str, label: str, amount: Decimal, detail: str = "") -> Line:
    return Line(code, label, Section.GROSS, amount, detail=detail)


def _refund_lines(facts: PayFacts) -> Iterator[Line]:
    if facts.transport:
        yield Line(
            "transport", "Remboursement de transport", Section.REFUND, facts.transport, detail="75 % de l’abonnement"
        )


def _with_totals(
    facts: PayFacts, gross_lines: tuple[Line, ...], charged: tuple[Line, ...], refunds: tuple[Line, ...], gross: Decimal
) -> Slip:
    contributions = -sum((line.amount for line in charged), ZERO)
    deductible = -sum((line.amount for line in charged if line.deductible), ZERO)
    refunded = sum((line.amount for line in refunds), ZERO)
    employer = sum((line.employer for line in charged), ZERO)
    net_taxable = gross - deductible
    tax = percent(net_taxable, facts.tax_rate)
    before_tax = gross - contributions + refunded
    return Slip(
        gross_lines=gross_lines,
        contribution_lines=charged,
        refund_lines=refunds,
        gross=gross,
        contributions=contributions,
        net_social=gross - contributions,
        net_taxable=net_taxable,
        net_before_tax=before_tax,
        tax_rate=facts.tax_rate,
        personal_rate=facts.personal_rate,
        tax=tax,
        net_paid=before_tax - tax,
        employer=employer,
        total_cost=gross + employer + refunded,
    )
