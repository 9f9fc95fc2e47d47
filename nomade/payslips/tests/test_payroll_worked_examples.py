"""The two worked slips of the domain reference (§ 2.4 and § 2.5), every line of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from nomade.payslips.payroll.facts import PayFacts, Slip
from nomade.payslips.payroll.rates import Status, UnknownMonth, rates_on
from nomade.payslips.payroll.slip import compute_slip

NOVEMBER = date(2025, 11, 1)
OFFICIAL = PayFacts(
    status=Status.TITULAIRE,
    indice_majore=425,
    nbi_points=15,
    children=2,
    ifse=Decimal("350.00"),
    tpp_yearly=Decimal(278),
    transport=Decimal("61.05"),
    tax_rate=Decimal("3.5"),
)
CONTRACT = PayFacts(
    status=Status.CONTRACTUEL,
    indice_majore=500,
    children=1,
    ifse=Decimal("500.00"),
    transport=Decimal("61.05"),
    tax_rate=Decimal("5.3"),
    personal_rate=False,
)


def _amounts(slip: Slip) -> dict[str, tuple[str, str]]:
    lines = (*slip.gross_lines, *slip.contribution_lines, *slip.refund_lines)
    return {line.code: (str(line.amount), str(line.employer)) for line in lines}


def test_slip_a_of_an_official_matches_every_line() -> None:
    slip = compute_slip(OFFICIAL, rates_on(NOVEMBER))
    assert _amounts(slip) == {
        "traitement": ("2092.18", "0.00"),
        "nbi": ("73.84", "0.00"),
        "residence": ("64.98", "0.00"),
        "sft": ("77.72", "0.00"),
        "ifse": ("350.00", "0.00"),
        "tpp": ("-23.17", "0.00"),
        "maladie": ("0.00", "214.00"),
        "csa": ("0.00", "6.50"),
        "cnracl": ("-232.23", "0.00"),
        "cnracl_nbi": ("-8.20", "0.00"),
        "cnracl_employeur": ("0.00", "750.53"),
        "atiacl": ("0.00", "8.66"),
        "rafp": ("-20.92", "20.92"),
        "famille": ("0.00", "113.72"),
        "fnal": ("0.00", "10.83"),
        "mobilite": ("0.00", "69.31"),
        "csg_deductible": ("-176.08", "0.00"),
        "csg": ("-62.15", "0.00"),
        "crds": ("-12.95", "0.00"),
        "transport": ("61.05", "0.00"),
    }
    assert slip.line("residence").base == Decimal("2166.02")
    assert slip.line("rafp").base == Decimal("418.44")
    assert slip.line("csg").base == Decimal("2589.43")
    totals = (slip.gross, slip.contributions, slip.net_social, slip.net_taxable, slip.net_before_tax, slip.tax)
    assert [str(total) for total in totals] == ["2635.55", "512.53", "2123.02", "2198.12", "2184.07", "76.93"]
    assert [str(total) for total in (slip.net_paid, slip.employer, slip.total_cost)] == [
        "2107.14",
        "1194.47",
        "3891.07",
    ]


def test_slip_b_of_a_contract_agent_matches_every_line() -> None:
    slip = compute_slip(CONTRACT, rates_on(NOVEMBER))
    assert _amounts(slip) == {
        "traitement": ("2461.39", "0.00"),
        "residence": ("73.84", "0.00"),
        "sft": ("2.29", "0.00"),
        "ifse": ("500.00", "0.00"),
        "maladie": ("0.00", "394.88"),
        "csa": ("0.00", "9.11"),
        "accidents": ("0.00", "45.56"),
        "vieillesse_plafonnee": ("-209.59", "259.71"),
        "vieillesse": ("-12.15", "61.36"),
        "ircantec_a": ("-84.99", "127.48"),
        "famille": ("0.00", "159.47"),
        "fnal": ("0.00", "15.19"),
        "mobilite": ("0.00", "97.20"),
        "csg_deductible": ("-202.94", "0.00"),
        "csg": ("-71.62", "0.00"),
        "crds": ("-14.92", "0.00"),
        "transport": ("61.05", "0.00"),
    }
    assert slip.line("ircantec_a").base == Decimal("3035.23")
    assert slip.line("csg").base == Decimal("2984.36")
    totals = (slip.gross, slip.contributions, slip.net_social, slip.net_taxable, slip.net_before_tax, slip.tax)
    assert [str(total) for total in totals] == ["3037.52", "596.21", "2441.31", "2527.85", "2502.36", "133.98"]
    assert [str(total) for total in (slip.net_paid, slip.employer, slip.total_cost)] == [
        "2368.38",
        "1169.96",
        "4268.53",
    ]


def test_outside_paris_the_training_contributions_are_added() -> None:
    slip = compute_slip(replace(OFFICIAL, outside_paris=True), rates_on(NOVEMBER))
    assert (slip.line("cnfpt").employer, slip.line("apprentissage").employer) == (Decimal("19.49"), Decimal("2.17"))


def test_the_employer_share_of_the_retirement_fund_rises_with_the_year() -> None:
    official = {year: compute_slip(OFFICIAL, rates_on(date(year, 2, 1))) for year in (2024, 2025, 2026, 2027, 2028)}
    shares = [slip.line("cnracl_employeur").employer_rate for slip in official.values()]
    assert shares == [Decimal(rate) for rate in ("31.65", "34.65", "37.65", "40.65", "43.65")]


def test_part_time_at_80_percent_pays_six_sevenths_of_pay_bonuses_and_transfer() -> None:
    slip = compute_slip(replace(OFFICIAL, working_share=80, nbi_points=0, children=0), rates_on(NOVEMBER))
    amounts = {line.code: str(line.amount) for line in slip.gross_lines}
    assert amounts == {"traitement": "1793.30", "residence": "53.80", "ifse": "300.00", "tpp": "-19.86"}
    assert slip.line("traitement").detail == "IM 425, payé 6/7"


def test_part_time_never_lowers_the_family_supplement_under_its_minimum() -> None:
    half = compute_slip(replace(OFFICIAL, working_share=50), rates_on(NOVEMBER))
    assert half.line("sft").amount == Decimal("77.72")


def test_pay_under_the_smic_is_completed_outside_the_retirement_base() -> None:
    slip = compute_slip(replace(OFFICIAL, indice_majore=366, nbi_points=0, children=0), rates_on(date(2026, 1, 1)))
    assert slip.line("differentielle").amount == Decimal("21.29")
    assert slip.line("cnracl").base == Decimal("1801.74")


def test_pay_above_the_ceiling_opens_the_second_bracket_of_the_complementary_pension() -> None:
    slip = compute_slip(replace(CONTRACT, indice_majore=900, children=0), rates_on(NOVEMBER))
    assert slip.line("vieillesse_plafonnee").base == Decimal(3925)
    assert slip.line("ircantec_b").base == slip.gross - Decimal(3925)


def test_bonuses_limit_the_transfer_to_points() -> None:
    slip = compute_slip(replace(OFFICIAL, ifse=Decimal("10.00")), rates_on(NOVEMBER))
    assert slip.line("tpp").amount == Decimal("-10.00")


def test_totals_are_sums_of_the_printed_lines() -> None:
    slip = compute_slip(CONTRACT, rates_on(date(2026, 10, 1)))
    printed = (*slip.gross_lines, *slip.contribution_lines, *slip.refund_lines)
    assert sum(line.amount for line in printed) - slip.tax == slip.net_paid


def test_a_month_without_known_rates_is_refused_rather_than_guessed() -> None:
    with pytest.raises(UnknownMonth):
        rates_on(date(2019, 1, 1))


def test_an_official_bonus_on_a_contract_is_refused() -> None:
    with pytest.raises(ValueError, match="officials only"):
        replace(CONTRACT, nbi_points=10)
