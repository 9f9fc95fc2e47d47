"""Worked cases: carry-over, CET, RTT reduction, end of the tie of work."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from nomade.leave.rules.carry_over import (
    carried_until,
    end_indemnity,
    may_use,
    ordinary_carry_over,
    protected_carry_over,
)
from nomade.leave.rules.cet import may_open, options, pay_in, payable
from nomade.leave.rules.parameters import Law, shipped_parameters
from nomade.leave.rules.rights import rtt_reduction
from nomade.leave.rules.validity import validity
from nomade.leave.tests.domain_cases import Case, each

YEAR = 2026
END = date(YEAR, 12, 31)
SHIPPED = shipped_parameters()
LAW = Law(SHIPPED)
FULL_WEEK = Fraction(10)


def halves(text: str) -> int:
    return int(Decimal(text) * 2)


def in_days(half_days: int) -> Decimal:
    return Decimal(half_days) / 2


@each("conges.report", "RE01")
def test_leave_not_taken_is_lost_without_an_authorisation(case: Case) -> None:
    left = halves(case.given["ca_non_pris_31_12"])
    found = ordinary_carry_over(left, authorised=case.given["autorisation_report"] == "oui", year=YEAR, law=LAW)
    assert in_days(found.carried) == Decimal(case.expected["report"])
    assert in_days(found.lost) == Decimal(case.expected["perdus"])
    assert ordinary_carry_over(left, authorised=True, year=YEAR, law=LAW).carried == left


@each("conges.report", "RE02")
def test_a_carry_over_is_good_until_its_last_day(case: Case) -> None:
    limit = case.given.day("date_limite_report")
    decision = may_use(case.given.day("date_debut_conge"), limit)
    assert (decision.outcome.value, decision.reason) == (case.expected["decision"], case.expected["motif"])
    assert may_use(limit, limit).reason == ""


@each("conges.report", "RE03", "RE04", "RE05", "RE08")
def test_leave_that_an_absence_prevented_is_carried_over(case: Case) -> None:
    right, taken = halves(case.given["ca_droit"]), halves(case.given["ca_pris"])
    carried = protected_carry_over(
        case.given["motif"],
        right=right,
        taken=taken,
        weekly_half_days=case.given.fraction("jours_semaine") * 2,
        on=END,
        law=LAW,
    )
    assert in_days(carried) == Decimal(case.expected["report"])
    if "non_pris" in case.expected:
        assert in_days(right - taken) == Decimal(case.expected["non_pris"])


@each("conges.report", "RE06", "RE07")
def test_a_protected_carry_over_lasts_fifteen_months(case: Case) -> None:
    until = carried_until(
        case.given["motif"],
        returned_on=case.given.day("date_reprise"),
        acquired_during=case.given["acquisition"] == "pendant_conge",
        year=int(case.given.get("annee_droit", "2025")),
        law=LAW,
    )
    assert until == case.expected.day("fin_report")


@each("conges.report", "RE09")
def test_only_rtt_carry_over_to_march_at_paris(case: Case) -> None:
    law = Law(SHIPPED, populations=(case.given["profil"],))
    year = int(case.given["annee"])
    assert validity(case.given["compteur"], year, law).last == case.expected.day("date_limite")
    assert validity("CA", year, law).last == date(year, 12, 31)
    assert validity("RTT", year, LAW).last == date(year, 12, 31)


@each("conges.indemnite_fin")
def test_leave_not_taken_is_paid_when_the_tie_ends(case: Case) -> None:
    found = end_indemnity(
        Decimal(case.given["derniere_remuneration_brute"]),
        halves(case.given["jours_non_pris"]),
        weekly_half_days=FULL_WEEK,
        reason=case.given.get("motif", ""),
        on=END,
        law=LAW,
    )
    seen = {
        "montant_jour": found.a_day,
        "indemnite": found.amount,
        "jours_indemnises": in_days(found.half_days),
    }
    for name, value in case.expected.items():
        assert seen[name] == Decimal(value), name


def test_leave_kept_from_a_family_leave_is_paid_without_limit() -> None:
    found = end_indemnity(Decimal("2400.00"), 50, weekly_half_days=FULL_WEEK, reason="maternite", on=END, law=LAW)
    assert (found.half_days, found.amount) == (50, Decimal("2880.00"))


@each("artt.reduction")
def test_health_absences_withdraw_rtt_by_quotient(case: Case) -> None:
    # Days of maternity are no health absence: they are not given to the rule.
    absent = int(case.given.get("jours_absence_sante", "0"))
    found = rtt_reduction(halves(case.given["rtt_annuels"]), absent, YEAR, LAW)
    seen = {
        "quotient": Decimal(found.quotient),
        "jours_deduits": in_days(found.withdrawn),
        "solde": in_days(found.left),
    }
    for name, value in case.expected.items():
        assert seen[name] == Decimal(value), name


def test_who_has_no_rtt_loses_none() -> None:
    assert rtt_reduction(0, 200, YEAR, LAW).withdrawn == 0


@each("cet.alimentation", "CE01", "CE02")
def test_annual_leave_is_saved_once_twenty_days_are_taken(case: Case) -> None:
    found = payable(
        annual_right=halves(case.given["ca_droit"]),
        annual_taken=halves(case.given["ca_pris"]),
        rtt_left=halves(case.given["rtt_restants"]),
        year=YEAR,
        law=LAW,
    )
    seen = {
        "ca_versables": in_days(found.annual),
        "rtt_versables": in_days(found.rtt),
        "total": in_days(found.total),
    }
    for name, value in case.expected.items():
        assert seen[name] == Decimal(value), name


def test_part_time_agents_take_their_share_of_the_twenty_days() -> None:
    assert payable(annual_right=40, annual_taken=32, rtt_left=3, year=YEAR, law=LAW).annual == 8
    assert payable(annual_right=40, annual_taken=31, rtt_left=3, year=YEAR, law=LAW).annual == 0


@each("cet.alimentation", "CE03")
def test_an_account_never_passes_its_cap(case: Case) -> None:
    found = pay_in(halves(case.given["solde_cet"]), halves(case.given["versement"]), on=END, law=LAW)
    assert in_days(found.balance) == Decimal(case.expected["solde_final"])
    assert in_days(found.refused) == Decimal(case.expected["refuses"])
    assert pay_in(halves(case.given["solde_cet"]), 12, on=date(2024, 12, 31), law=LAW).refused == 0


@each("cet.alimentation", "CE11")
def test_an_account_takes_whole_days_only(case: Case) -> None:
    found = pay_in(0, halves(case.given["versement"]), on=END, law=LAW)
    assert found.decision.outcome == case.expected["decision"]
    assert found.balance == 0


@each("cet.ouverture")
def test_an_account_opens_after_a_year_and_not_for_a_stagiaire(case: Case) -> None:
    decision = may_open(case.given["statut"], int(case.given["anciennete_mois"]), on=END, law=LAW)
    assert decision.outcome == case.expected["decision"]
    assert may_open("titulaire", 12, on=END, law=LAW).outcome == "recevable"


@each("cet.option")
def test_days_above_fifteen_are_kept_paid_or_put_into_the_pension(case: Case) -> None:
    given = case.given
    found = options(
        halves(given["solde_31_12"]),
        option=given["option"],
        status=given.get("statut", "titulaire"),
        category=given.get("categorie", "C"),
        deliberated=given["deliberation"] == "oui",
        chosen_on=given.day("date") if "date" in given else date(YEAR + 1, 1, 15),
        year=YEAR,
        law=LAW,
    )
    seen = {
        "jours_optables": str(in_days(found.optional)),
        "montant_brut": str(found.amount),
        "rafp": str(in_days(found.pension)),
        "conges": str(in_days(found.kept)),
        "decision": found.decision.outcome.value,
    }
    for name, value in case.expected.items():
        if name == "decision":
            assert seen[name] == value
        else:
            assert Decimal(seen[name]) == Decimal(value), name


def test_without_a_choice_a_contractuel_is_paid_after_31_january() -> None:
    late = options(
        44,
        option="aucune",
        status="contractuel",
        category="A",
        deliberated=True,
        chosen_on=date(YEAR + 1, 2, 1),
        year=YEAR,
        law=LAW,
    )
    assert (late.paid, late.pension, late.amount) == (14, 0, Decimal("1050.00"))
