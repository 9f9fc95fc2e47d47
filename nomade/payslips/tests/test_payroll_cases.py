"""Every case of the acceptance table that concerns pay, part time and strikes, read from the table itself."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nomade.payslips.payroll import salary
from nomade.payslips.payroll.contributions import PayBases, contribution_lines
from nomade.payslips.payroll.facts import PayFacts
from nomade.payslips.payroll.money import ZERO
from nomade.payslips.payroll.rates import Status, rates_on, strike_rules
from nomade.payslips.payroll.slip import compute_slip

TABLE = Path(__file__).parents[3] / "tests" / "domain" / "cas-de-calcul.csv"
REFERENCE_MONTH = date(2025, 11, 1)
Facts = dict[str, str]


def _pairs(cell: str) -> Facts:
    return dict(pair.split("=", 1) for pair in cell.split("|"))


def _cases(*prefixes: str) -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table, delimiter=";") if row["domaine"].startswith(prefixes)]


def _month(facts: Facts) -> date:
    if "annee" in facts:
        return date(int(facts["annee"]), 1, 1)
    text = facts.get("mois") or facts.get("date")
    return date.fromisoformat(f"{text}-01") if text else REFERENCE_MONTH


def _strike(facts: Facts) -> Facts:
    unit = {"journee": "days", "demi_journee": "half_days", "1_heure": "hours"}[facts["duree"]]
    kept = salary.strike_deduction(Decimal(facts["remuneration"]), strike_rules(), **{unit: 1})
    return {"retenue": str(kept)}


def _part_time(facts: Facts) -> Facts:
    full, working_share = Decimal(facts["traitement_plein"]), int(facts["quotite"])
    return {"traitement": str(salary.part_time_pay(full, working_share, rates_on(REFERENCE_MONTH)))}


def _index_pay(facts: Facts) -> Facts:
    return {"traitement": str(salary.index_pay(int(facts["im"]), rates_on(_month(facts))))}


def _differential(facts: Facts) -> Facts:
    rates = rates_on(_month(facts))
    assert rates.smic == Decimal(facts["smic"])
    return {"indemnite": str(salary.differential(int(facts["im"]), rates))}


def _family(facts: Facts) -> Facts:
    amount = salary.family_supplement(int(facts["enfants"]), int(facts["im"]), rates_on(REFERENCE_MONTH))
    return {"sft": str(amount)}


def _residence(facts: Facts) -> Facts:
    rates = rates_on(REFERENCE_MONTH)
    pay = salary.index_pay(int(facts["im"]), rates) + salary.index_pay(int(facts["nbi_points"]), rates)
    return {"ir": str(salary.residence(pay, int(facts["zone"]), rates))}


def _transport(facts: Facts) -> Facts:
    rates = rates_on(_month(facts))
    refund = salary.transport_refund(Decimal(facts["abonnement_annuel"]), rates)
    return {"remboursement_mensuel": str(refund), "plafond": str(rates.transport_ceiling)}


def _pay_facts(facts: Facts, status: Status) -> PayFacts:
    return PayFacts(
        status=status,
        indice_majore=int(facts["im"]),
        nbi_points=int(facts.get("nbi_points", 0)),
        children=int(facts["enfants"]),
        ifse=Decimal(facts["ifse"]),
        tpp_yearly=Decimal(facts.get("tpp_annuel", 0)),
        residence_zone=int(facts["zone_ir"]),
        transport=Decimal(facts["transport"]),
        tax_rate=Decimal(facts["taux_pas"]),
    )


def _slip(status: Status) -> Callable[[Facts], Facts]:
    def outcome(facts: Facts) -> Facts:
        slip = compute_slip(_pay_facts(facts, status), rates_on(_month(facts)))
        return {
            "brut": str(slip.gross),
            "cotisations": str(slip.contributions),
            "montant_net_social": str(slip.net_social),
            "net_imposable": str(slip.net_taxable),
            "net_avant_impot": str(slip.net_before_tax),
            "pas": str(slip.tax),
            "net_paye": str(slip.net_paid),
        }

    return outcome


def _employer_official(facts: Facts) -> Facts:
    # The table gives traitement + NBI (2 166,02) and says « et RAFP »: the bonuses are those of chapter 2.4.
    traitement, base = Decimal("2092.18"), Decimal(facts["base"])
    pay = PayBases(traitement, base - traitement, gross=Decimal("2635.55"), family_supplement=Decimal("77.72"))
    lines = contribution_lines(Status.TITULAIRE, pay, rates_on(_month(facts)), outside_paris=facts["cnfpt"] == "oui")
    cnracl = next(line for line in lines if line.code == "cnracl_employeur")
    return {"cnracl": str(cnracl.employer), "total_employeur": str(sum((line.employer for line in lines), ZERO))}


def _employer_contract(facts: Facts) -> Facts:
    gross = Decimal(facts["base"])
    pay = PayBases(Decimal("2461.39"), ZERO, gross, family_supplement=Decimal("2.29"))
    lines = contribution_lines(Status.CONTRACTUEL, pay, rates_on(_month(facts)), outside_paris=False)
    assert next(line for line in lines if line.code == "accidents").employer_rate == Decimal(facts["taux_at"])
    return {"total_employeur": str(sum((line.employer for line in lines), ZERO))}


OUTCOMES: dict[str, Callable[[Facts], Facts]] = {
    "greve.retenue": _strike,
    "temps_partiel.traitement": _part_time,
    "paie.traitement": _index_pay,
    "paie.indemnite_differentielle": _differential,
    "paie.sft": _family,
    "paie.indemnite_residence": _residence,
    "paie.transport": _transport,
    "paie.bulletin_titulaire": _slip(Status.TITULAIRE),
    "paie.bulletin_contractuel": _slip(Status.CONTRACTUEL),
    "paie.employeur_titulaire": _employer_official,
    "paie.employeur_contractuel": _employer_contract,
}
# Decisions on an import, not amounts: test_rules.py.
PAY_CASES = [case for case in _cases("paie.", "temps_partiel.", "greve.") if case["domaine"] != "paie.import_pdf"]


@pytest.mark.parametrize("case", PAY_CASES, ids=lambda case: case["id"])
def test_the_table_of_cases_is_matched_to_the_cent(case: dict[str, str]) -> None:
    assert OUTCOMES[case["domaine"]](_pairs(case["entrees"])) == _pairs(case["attendu"])


def test_the_table_still_holds_every_pay_case() -> None:
    assert len(PAY_CASES) == 24  # 27 rows of these domains, less 3 on imports
