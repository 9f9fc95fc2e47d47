"""From a computed slip to the strings that the template lays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from nomade.payslips.paper.agents import PaidAgent, invented_facts, masked_nir, payment_day
from nomade.payslips.payroll.facts import Line, PayFacts, Section, Slip
from nomade.payslips.payroll.money import ZERO, cents
from nomade.payslips.payroll.rates import rates_on, strike_rules
from nomade.payslips.payroll.slip import compute_slip
from nomade.payslips.words import month_label

NBSP = "\u00a0"
SECTION_LABELS = {
    Section.HEALTH: "Santé",
    Section.RETIREMENT: "Retraite",
    Section.FAMILY: "Famille",
    Section.OTHER: "Autres contributions de l’employeur",
    Section.CSG: "CSG et CRDS",
}
# Who gets a second page: those whose pay changed during the year and whose matricule ends so (about one in fifty).
ANNEX_ENDINGS = ("17", "71")
NOTICE = "Démonstration : personnes et montants inventés, règles de calcul réelles."


@dataclass(frozen=True, slots=True)
class Employer:
    """What the head of a slip says of the employer."""

    name: str
    address: str
    siret: str
    ape: str


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One slip ready for the template, and what the combined file needs of it."""

    matricule: str
    name: str
    pages: int
    data: dict[str, Any]


def euros(amount: Decimal) -> str:
    """`2 107,14`, thousands kept together by a no-break space."""
    return f"{amount:,.2f}".replace(",", NBSP).replace(".", ",").replace("-", "\u2212")


def rate_text(rate: Decimal | None) -> str:
    """`11,10 %`, or nothing."""
    return f"{rate:.2f}".replace(".", ",") + f"{NBSP}%" if rate is not None else ""


def day_text(day: date) -> str:
    """`27/10/2026`."""
    return f"{day:%d/%m/%Y}"


def printed_slip(agent: PaidAgent, month: date, employer: Employer) -> PrintedSlip:
    """The slip of a demo agent for a month, with the totals of the year so far."""
    year = _year_so_far(agent, month)
    slip = year[-1][1]
    pages = 2 if agent.matricule.endswith(ANNEX_ENDINGS) and len({item.net_paid for _, item in year}) > 1 else 1
    data = {
        "employer": {"name": employer.name, "address": employer.address, "siret": employer.siret, "ape": employer.ape},
        "month": month_label(month).capitalize(),
        "period": f"{month:%Y-%m}",
        "first_day": day_text(month.replace(day=1)),
        "last_day": day_text(_last_day(month)),
        "paid_on": day_text(payment_day(month)),
        "matricule": agent.matricule,
        "name": agent.name,
        "identity": _identity(agent),
        "recipient": _recipient(agent),
        "rows": _rows(slip),
        "totals": _totals(slip),
        "net_paid": euros(slip.net_paid),
        "year_label": str(month.year),
        "year": _year_totals(agent, year),
        "annex": _annex(year) if pages == 2 else None,
        "pages": str(pages),
        "notice": NOTICE,
    }
    return PrintedSlip(agent.matricule, agent.name, pages, data)


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _year_so_far(agent: PaidAgent, month: date) -> list[tuple[date, Slip]]:
    """The slips from January, or from the month of entry, to `month`; equal months are computed once."""
    first = month.replace(month=1, day=1)
    if agent.entry_date <= month:
        first = max(first, agent.entry_date.replace(day=1))
    computed: dict[tuple[PayFacts, int], Slip] = {}
    year = []
    for number in range(first.month, month.month + 1):
        current = month.replace(month=number, day=1)
        rates = rates_on(current)
        facts = invented_facts(agent, current, rates)
        key = (facts, id(rates))
        if key not in computed:
            computed[key] = compute_slip(facts, rates)
        year.append((current, computed[key]))
    return year


def _identity(agent: PaidAgent) -> list[list[list[str]]]:
    status = "Fonctionnaire (CNRACL)" if agent.official else "Contractuel (IRCANTEC)"
    return [
        [["Agent", agent.name], ["Matricule", agent.matricule]],
        [["Grade", agent.grade or "non précisé"], ["Échelon", agent.echelon or "sans"]],
        [["Statut", status], ["Indice majoré", str(agent.indice_majore)]],
        [["Service", agent.unit], ["Quotité", f"{agent.working_share}{NBSP}%"]],
        [["Sécurité sociale", masked_nir(agent)], ["Entrée", day_text(agent.entry_date)]],
    ]


def _recipient(agent: PaidAgent) -> list[str]:
    return [f"{agent.civility} {agent.first_name} {agent.last_name.upper()}".strip(), *_address_lines(agent.address)]


def _address_lines(address: str) -> list[str]:
    return [part.strip() for part in address.replace("\n", ",").split(",") if part.strip()]


def _rows(slip: Slip) -> list[dict[str, str]]:
    rows = [_section("Rémunération brute"), *(_row(line) for line in slip.gross_lines)]
    rows.append(_total("Rémunération brute totale", slip.gross))
    for section, label in SECTION_LABELS.items():
        lines = [line for line in slip.contribution_lines if line.section is section]
        if lines:
            rows += [_section(label), *(_row(line) for line in lines)]
    rows.append(_total("Total des cotisations et contributions", -slip.contributions, slip.employer))
    if slip.refund_lines:
        rows += [_section("Remboursements"), *(_row(line) for line in slip.refund_lines)]
    return rows


def _section(label: str) -> dict[str, str]:
    return {"kind": "section", "label": label}


def _total(label: str, amount: Decimal, employer: Decimal = ZERO) -> dict[str, str]:
    return {"kind": "total", "label": label, "amount": euros(amount), "employer": euros(employer) if employer else ""}


def _row(line: Line) -> dict[str, str]:
    return {
        "kind": "line",
        "label": line.label,
        "detail": line.detail,
        "base": euros(line.base) if line.base is not None else "",
        "rate": rate_text(line.rate),
        "amount": euros(line.amount) if line.amount else "",
        "employer_rate": rate_text(line.employer_rate),
        "employer": euros(line.employer) if line.employer else "",
    }


def _totals(slip: Slip) -> list[list[str]]:
    kind = "taux personnalisé" if slip.personal_rate else "taux non personnalisé"
    tax = f"Impôt prélevé à la source ({rate_text(slip.tax_rate)} de {euros(slip.net_taxable)}, {kind})"
    return [
        ["Montant net social", euros(slip.net_social)],
        ["Net imposable", euros(slip.net_taxable)],
        ["Net à payer avant impôt sur le revenu", euros(slip.net_before_tax)],
        [tax, euros(-slip.tax)],
        ["Total versé par l’employeur", euros(slip.total_cost)],
    ]


def _year_totals(agent: PaidAgent, year: list[tuple[date, Slip]]) -> list[list[str]]:
    slips = [slip for _, slip in year]
    hours = cents(strike_rules().hours_in_month * agent.working_share / 100) * len(slips)
    return [
        ["Brut", euros(sum((slip.gross for slip in slips), ZERO))],
        ["Cotisations", euros(sum((slip.contributions for slip in slips), ZERO))],
        ["Net imposable", euros(sum((slip.net_taxable for slip in slips), ZERO))],
        ["Impôt prélevé", euros(sum((slip.tax for slip in slips), ZERO))],
        ["Net payé", euros(sum((slip.net_paid for slip in slips), ZERO))],
        ["Heures payées", euros(hours)],
    ]


def _annex(year: list[tuple[date, Slip]]) -> list[list[str]]:
    return [
        [
            month_label(month).capitalize(),
            *(euros(amount) for amount in (s.gross, s.contributions, s.net_taxable, s.tax, s.net_paid)),
        ]
        for month, s in year
    ]
