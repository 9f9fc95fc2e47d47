"""Worked cases: health, parents, special absences, telework, strike, part time, overlaps, secrecy, deadlines."""

import importlib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from nomade.leave.rules import deadlines, family, health, overlaps, pay, secrecy, special, telework
from nomade.leave.rules.counting import count
from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.decisions import Outcome, may_decide_for
from nomade.leave.rules.parameters import Law, shipped_parameters
from nomade.leave.rules.periods import Half, Period
from nomade.leave.tests.domain_cases import CLAIMED, Case, all_ids, each

ON = date(2026, 6, 1)
SHIPPED = shipped_parameters()
LAW = Law(SHIPPED)
FULL = Timetable([Engagement(date(2000, 1, 1), None, Cycle(("1111100",)))])
# Rank of each group, as data/types.csv gives them.
PRIORITY = {"annuel": 50, "asa": 60, "teletravail": 10, "sante": 100}


@each("maladie.retenue")
def test_an_arret_costs_a_thirtieth_then_ten_percent(case: Case) -> None:
    first, last = case.given.day("debut"), case.given.day("fin")
    unpaid = health.unpaid_days("initial", on=first, law=LAW)
    found = health.deduction(first, last, Decimal(case.given["traitement"]), unpaid=unpaid, law=LAW)
    seen = {
        "jours": Decimal(found.days),
        "retenue_carence": found.unpaid,
        "retenue_10pct": found.reduced,
        "retenue_totale": found.total,
    }
    assert seen == {name: Decimal(value) for name, value in case.expected.items()}


@each("maladie.carence")
def test_a_prolongation_or_a_quick_relapse_has_no_unpaid_day(case: Case) -> None:
    hours = int(case.given["heures_reprise"]) if "heures_reprise" in case.given else None
    found = health.unpaid_days(case.given["type"], hours_back=hours, on=ON, law=LAW)
    assert found == int(case.expected["jours_carence"])
    assert health.unpaid_days("initial", on=ON, law=LAW) == 1
    assert health.unpaid_days("rechute_meme_cause", hours_back=49, on=ON, law=LAW) == 1


@each("maladie.taux", "MA04")
def test_ninety_days_at_ninety_percent_then_half_pay(case: Case) -> None:
    unpaid = 0 if case.given["carence"] == "non" else 1
    found = health.rates(
        int(case.given["jours_arret"]),
        full_days_used=int(case.given["jours_90_consommes_12_mois"]),
        unpaid=unpaid,
        on=ON,
        law=LAW,
    )
    assert (found.full, found.half) == (int(case.expected["jours_a_90"]), int(case.expected["jours_a_50"]))


@each("maladie.taux", "MA05")
def test_an_arret_issued_before_march_2025_keeps_the_former_rate(case: Case) -> None:
    assert health.first_rate(case.given.day("arret_debut"), LAW) == int(case.expected["pct_arret"])
    assert health.first_rate(case.given.day("prolongation_debut"), LAW) == int(case.expected["pct_prolongation"])


@each("maladie.contractuel")
def test_a_contractuel_is_paid_by_length_of_service(case: Case) -> None:
    found = health.contract_rates(int(case.given["anciennete_mois"]), on=ON, law=LAW)
    assert (found.first, found.half) == (int(case.expected["mois_a_90"]), int(case.expected["mois_a_50"]))


@each("maladie.delai")
def test_the_second_late_sending_halves_pay(case: Case) -> None:
    issued, sent = case.given.day("date_etablissement_arret"), case.given.day("date_envoi")
    found = health.lateness(issued, sent, late_before=case.given["envoi_tardif_precedent_24_mois"] == "oui", law=LAW)
    assert found.late == (case.expected["retard"] == "oui")
    assert f"50pct_du_{found.halved_from}_au_{found.halved_until}" == case.expected["reduction"]
    assert health.lateness(issued, sent, late_before=False, law=LAW).halved_from is None
    assert not health.lateness(issued, issued + timedelta(days=2), late_before=True, law=LAW).late


@each("maladie.citis")
def test_an_accident_of_service_has_its_deadlines(case: Case) -> None:
    found = health.service_accident(
        "accident",
        case.given.day("date_accident"),
        case.given.day("date_declaration"),
        enquiry=case.given["enquete"] == "oui",
        law=LAW,
    )
    assert found.declare_before == case.expected.day("declaration_au_plus_tard")
    assert found.decide_before == case.expected.day("decision_au_plus_tard")
    illness = health.service_accident("maladie", date(2026, 1, 5), date(2026, 3, 1), enquiry=True, law=LAW)
    assert (illness.declare_before, illness.decide_before) == (date(2028, 1, 5), date(2026, 8, 1))


@each("parentalite.maternite")
def test_maternity_leave_follows_rank_and_number(case: Case) -> None:
    due = case.given.day("dpa") if "dpa" in case.given else ON
    found = family.maternity(due, rank=int(case.given.get("rang", "1")), children=int(case.given["enfants"]), law=LAW)
    seen = {
        "semaines": str(found.weeks),
        "prenatal": str(found.before),
        "postnatal": str(found.after),
        "debut": found.first.isoformat(),
        "fin": found.last.isoformat(),
    }
    assert {name: seen[name] for name in case.expected} == dict(case.expected)
    assert (found.last - found.first).days + 1 == found.weeks * 7


@each("parentalite.paternite")
def test_paternity_leave_is_taken_in_periods_of_five_days_at_least(case: Case) -> None:
    periods = [int(case.given["p1"]), int(case.given["p2"])]
    found = family.paternity(case.given.day("naissance"), children=int(case.given["enfants"]), periods=periods, law=LAW)
    seen = {
        "naissance_jours": str(found.birth_days),
        "obligatoire": str(found.compulsory),
        "solde": str(found.rest),
        "date_limite": found.take_before.isoformat(),
        "decision": found.decision.outcome.value,
        "motif": found.decision.reason,
    }
    assert {name: seen[name] for name in case.expected} == dict(case.expected)


def test_paternity_leave_has_neither_a_third_period_nor_a_day_too_many() -> None:
    born = date(2026, 3, 10)
    assert family.paternity(born, children=1, periods=[7, 7, 7], law=LAW).decision.reason == "trop_de_periodes"
    assert family.paternity(born, children=1, periods=[11, 11], law=LAW).decision.reason == "duree_depassee"
    assert family.paternity(born, children=2, periods=[14, 14], law=LAW).decision.outcome is Outcome.ALLOWED


@each("parentalite.naissance_suppl")
def test_the_extra_birth_leave_opens_in_july_2026(case: Case) -> None:
    born = case.given.day("naissance")
    found = family.extra_birth_leave(born, case.given.day("demande_debut"), LAW)
    assert found.decision.outcome == case.expected["decision"]
    assert found.open_from == case.expected.day("ouvert_a_partir_du")
    assert family.extra_birth_leave(born, found.open_from, LAW).decision.outcome is Outcome.ALLOWED
    assert family.extra_birth_leave(date(2025, 12, 31), found.open_from, LAW).decision.outcome is Outcome.BLOCKED


@each("parentalite.adoption")
def test_an_adoption_leave_follows_the_number_of_children(case: Case) -> None:
    given = case.given
    found = family.adoption(
        ON,
        children=int(given["enfants_adoptes"]),
        dependants=int(given["enfants_a_charge"]),
        shared=given["partage"] == "oui",
        law=LAW,
    )
    seen = {"semaines": found.weeks, "jours_supplementaires": found.extra_days, "periods": found.periods}
    assert seen["semaines"] == int(case.expected["semaines"])
    assert seen["jours_supplementaires"] == int(case.expected["jours_supplementaires"])
    assert seen["periods"] == int(case.expected["periodes_max"])
    assert family.adoption(ON, children=1, dependants=2, shared=False, law=LAW).weeks == 18
    many = family.adoption(ON, children=2, dependants=0, shared=True, law=LAW)
    assert (many.weeks, many.extra_days) == (22, 32)


@each("asa.enfant_malade", "AS01", "AS02", "AS03", "AS04", "AS05", "AS06")
def test_days_for_a_sick_child_follow_the_week_and_the_family(case: Case) -> None:
    other = case.given.fraction("droits_conjoint") if "droits_conjoint" in case.given else None
    found = special.sick_child(
        case.given.fraction("jours_semaine_tp"),
        case.given.fraction("quotite") / 100,
        alone=case.given.get("parent_seul") == "oui",
        other_parent_days=other,
        on=ON,
        law=LAW,
    )
    assert Fraction(found.half_days, 2) == case.expected.fraction("jours")
    if "brut" in case.expected:
        assert found.raw_days == case.expected.fraction("brut")


@each("asa.enfant_malade", "AS07")
def test_a_child_is_cared_for_up_to_the_sixteenth_birthday(case: Case) -> None:
    born, day = case.given.day("date_naissance_enfant"), case.given.day("date_absence")
    assert special.sick_child_of(born, day, disabled=False, law=LAW).outcome == case.expected["decision"]
    assert special.sick_child_of(born, day, disabled=True, law=LAW).outcome is Outcome.ALLOWED
    assert special.sick_child_of(born, day - timedelta(days=1), disabled=False, law=LAW).outcome is Outcome.ALLOWED
    leap = date(2012, 2, 29)
    assert special.sick_child_of(leap, date(2028, 2, 29), disabled=False, law=LAW).outcome is Outcome.ALLOWED


@each("asa.deces_enfant")
def test_the_death_of_a_child_gives_twelve_or_fourteen_days_of_right(case: Case) -> None:
    found = special.child_death(
        int(case.given["age_enfant"]), was_parent=case.given.get("enfant_parent") == "oui", on=ON, law=LAW
    )
    seen = {
        "jours_ouvrables": found.days,
        "complementaires": found.extra_days,
        "delai_complementaires_mois": found.months,
    }
    for name, value in case.expected.items():
        assert seen[name] == int(value), name


@each("asa.mariage")
def test_a_marriage_gives_five_days_and_six_at_paris(case: Case) -> None:
    assert special.event_days("mariage", on=ON, law=LAW) == int(case.expected["jours"])
    assert special.event_days("mariage", on=ON, law=Law(SHIPPED, populations=("paris",))) == 6


@each("teletravail.quotite")
def test_telework_leaves_two_days_on_site(case: Case) -> None:
    exception = case.given.get("derogation", "non")
    found = telework.week(
        case.given.fraction("jours_travailles_semaine"),
        case.given.fraction("jours_demandes"),
        exception="" if exception == "non" else exception,
        on=ON,
        law=LAW,
    )
    assert found.decision.outcome == case.expected["decision"]
    if "presence" in case.expected:
        assert found.on_site == case.expected.fraction("presence")
    if "maximum" in case.expected:
        assert found.most == case.expected.fraction("maximum")


@each("teletravail.forfait")
def test_the_telework_allowance_has_a_ceiling_a_year(case: Case) -> None:
    days = int(case.given.get("jours_trimestre") or case.given["jours_annee"])
    found = telework.allowance(days, on=ON, law=LAW)
    assert found.amount == Decimal(case.expected["montant"])
    assert found.raw == Decimal(case.expected.get("brut", case.expected["montant"]))
    assert telework.allowance(100, already=Decimal("250.00"), on=ON, law=LAW).amount == Decimal("3.44")


@each("delai.teletravail")
def test_a_telework_request_is_answered_within_a_month(case: Case) -> None:
    assert telework.answer_before(case.given.day("reception"), LAW) == case.expected.day("reponse_au_plus_tard")


@each("delai.cpf")
def test_a_training_account_request_is_answered_within_two_months(case: Case) -> None:
    asked = case.given.day("depot")
    assert deadlines.training_account_answer_before(asked, LAW) == case.expected.day("reponse_au_plus_tard")


@each("delai.entretien", "DL03")
def test_the_review_of_an_interview_is_asked_within_fifteen_clear_days(case: Case) -> None:
    notified = case.given.day("notification_cr")
    assert deadlines.interview_review_before(notified, LAW) == case.expected.day("demande_revision_au_plus_tard")


@each("delai.entretien", "DL04")
def test_an_interview_is_announced_eight_days_before(case: Case) -> None:
    summons = deadlines.interview_summons_before(case.given.day("entretien"), LAW)
    assert summons == case.expected.day("convocation_au_plus_tard")


@each("greve.retenue")
def test_a_strike_costs_its_own_duration(case: Case) -> None:
    gross = Decimal(case.given["remuneration"])
    found = {
        "journee": pay.strike_of_half_days(gross, 2, on=ON, law=LAW),
        "demi_journee": pay.strike_of_half_days(gross, 1, on=ON, law=LAW),
        "1_heure": pay.strike_of_hours(gross, Decimal(1), on=ON, law=LAW),
    }[case.given["duree"]]
    assert found == Decimal(case.expected["retenue"])


@each("temps_partiel.traitement")
def test_part_time_pay_is_a_share_by_law(case: Case) -> None:
    found = pay.part_time_pay(Decimal(case.given["traitement_plein"]), int(case.given["quotite"]), on=ON, law=LAW)
    assert found == Decimal(case.expected["traitement"])


@each("conges.chevauchement", "CH01")
def test_days_of_leave_met_by_an_illness_come_back(case: Case) -> None:
    leave = Period(case.given.day("ca_debut"), case.given.day("ca_fin"))
    illness = Period(case.given.day("cmo_debut"), case.given.day("cmo_fin"))
    met = overlaps.meet("sante", PRIORITY["sante"], "annuel", PRIORITY["annuel"])
    assert (met.decision.outcome, met.effect) == (Outcome.ALLOWED, overlaps.Effect.GIVEN_BACK)
    found = overlaps.given_back(leave, illness, FULL, {})
    assert Fraction(found.kept, 2) == case.expected.fraction("ca_maintenus")
    assert Fraction(found.given_back, 2) == case.expected.fraction("ca_recredites")


@each("conges.chevauchement", "CH03")
def test_no_special_absence_within_annual_leave(case: Case) -> None:
    met = overlaps.meet("asa", PRIORITY["asa"], "annuel", PRIORITY["annuel"])
    assert met.decision.outcome == case.expected["decision"]


@each("conges.chevauchement", "CH04")
def test_a_leave_cancels_telework(case: Case) -> None:
    met = overlaps.meet("annuel", PRIORITY["annuel"], "teletravail", PRIORITY["teletravail"])
    assert (met.decision.outcome.value, met.effect.value) == (case.expected["decision"], case.expected["effet"])
    assert overlaps.meet("annuel", 50, "rtt", 50).decision.reason == "chevauchement"
    assert overlaps.meet("teletravail", 10, "teletravail", 10).decision.outcome is Outcome.BLOCKED


def test_an_illness_in_the_middle_of_a_leave_leaves_two_parts() -> None:
    leave = Period(date(2026, 7, 6), date(2026, 7, 17))
    illness = Period(date(2026, 7, 8), date(2026, 7, 9), Half.AFTERNOON, Half.MORNING)
    first, last = overlaps.remainders(leave, illness)
    assert first == Period(date(2026, 7, 6), date(2026, 7, 8), Half.MORNING, Half.MORNING)
    assert last == Period(date(2026, 7, 9), date(2026, 7, 17), Half.AFTERNOON, Half.AFTERNOON)
    assert count(first, FULL, {}).half_days + count(last, FULL, {}).half_days == 18
    assert overlaps.remainders(leave, Period(date(2026, 8, 1), date(2026, 8, 2))) == [leave]


@each("confidentialite.calendrier")
def test_a_health_absence_is_shown_by_reader(case: Case) -> None:
    found = secrecy.sight(secrecy.Reader(case.given["lecteur"]), "restreint")
    seen = {
        "affichage": found.words.value,
        "dates": "oui" if found.dates else "non",
        "certificat": "oui" if found.document else "non",
    }
    assert {name: seen[name] for name in case.expected} == dict(case.expected)


@each("workflow.validation")
def test_nobody_decides_for_oneself(case: Case) -> None:
    decision = may_decide_for(case.given["demandeur"], case.given["valideur"])
    assert decision.outcome == case.expected["decision"]
    assert may_decide_for("A", "B").outcome is Outcome.ALLOWED


def test_every_case_of_leave_is_run_by_some_test() -> None:
    for module in ("test_rules_domain", "test_rules_account"):
        importlib.import_module(f"nomade.leave.tests.{module}")
    prefixes = (
        "conges.", "artt.", "cet.", "maladie.", "parentalite.", "asa.", "teletravail.", "greve.", "delai.",
        "temps_partiel.", "confidentialite.calendrier", "workflow.",
    )  # fmt: skip
    wanted = all_ids(*prefixes)
    assert len(wanted) > 100
    assert wanted - CLAIMED == set()
