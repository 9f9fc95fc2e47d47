"""Every worked case of the domain about rights, counting, limits and deadlines of leave."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from nomade.leave.rules.counting import Count, count
from nomade.leave.rules.cycles import Cycle, Engagement, Timetable
from nomade.leave.rules.decisions import (
    Outcome,
    absence_span,
    longest_absence,
    overlap,
    refusal,
    silence_becomes_refusal,
)
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law, Parameter, Proration, shipped_parameters
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.rights import (
    MONTHS_IN_YEAR,
    Overtime,
    Right,
    Service,
    annual_leave,
    annual_leave_when_young,
    fractionnement,
    months_of_service,
    out_of_season_half_days,
    rtt,
    share_of_year,
)
from nomade.leave.tests.domain_cases import Case, Facts, each

YEAR = 2026
SHIPPED = shipped_parameters()
LAW = Law(SHIPPED)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def cents(raw: Fraction) -> Decimal:
    exact = Decimal(raw.numerator) / Decimal(raw.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def in_days(half_days: int) -> Decimal:
    return Decimal(half_days) / 2


def services_of(given: Facts) -> list[Service]:
    """The parts of the year that a case describes: by dates, by months of each position, or by two situations."""
    if "s1_mois" in given:
        return [
            Service(given.fraction(f"s{n}_jours_semaine") * 2, given.fraction(f"s{n}_mois") / MONTHS_IN_YEAR)
            for n in (1, 2)
        ]
    weekly = given.fraction("jours_semaine") * 2
    if "date_entree" in given:
        method = Proration.DAYS if given.get("methode_prorata") == "jours" else Proration.MONTHS
        last = given.day("date_fin") if "date_fin" in given else None
        return [Service(weekly, share_of_year(given.day("date_entree"), last, YEAR, method))]
    positions = {"mois_presence": "activite", "mois_activite": "activite", "mois_clm": "clm"}
    positions["mois_conge_parental"] = "conge_parental"
    months: dict[str, Fraction] = {}
    for name, position in positions.items():
        months[position] = months.get(position, Fraction(0)) + given.fraction(name)
    return [Service(weekly, months_of_service(months, date(YEAR, 1, 1), LAW) / MONTHS_IN_YEAR)]


@each("conges.droit")
def test_the_annual_right_is_five_times_the_weekly_days_by_prorata(case: Case) -> None:
    right = annual_leave(services_of(case.given), YEAR, LAW)
    seen = {"droit_ca": in_days(right.half_days), "brut": cents(right.raw_days)}
    if "jours_presence" in case.expected:
        seen["jours_presence"] = Decimal((case.given.day("date_fin") - case.given.day("date_entree")).days + 1)
    if "age_au_1er_janvier" in case.given:
        young = annual_leave_when_young(
            right,
            case.given.fraction("jours_semaine") * 2,
            age_on_first_january=int(case.given["age_au_1er_janvier"]),
            year=YEAR,
            law=LAW,
        )
        seen |= {"droit_total": in_days(young.total_half_days), "dont_remunere": in_days(young.paid_half_days)}
    assert {name: seen[name] for name in case.expected} == {
        name: Decimal(value) for name, value in case.expected.items()
    }


def timetable_of(given: Facts) -> Timetable:
    week = "1111100"
    if "jour_non_travaille" in given:
        off = WEEKDAYS.index(given["jour_non_travaille"])
        week = week[:off] + "0" + week[off + 1 :]
    return Timetable([Engagement(date(2000, 1, 1), None, Cycle((week,)))])


def period_of(given: Facts) -> Period:
    half = Half.AFTERNOON if given.get("demi_journee_debut") == "apres-midi" else Half.MORNING
    return Period(given.day("debut"), given.day("fin"), first_half=half)


def counted(given: Facts) -> Count:
    zone = given.get("zone", "paris")
    period = period_of(given)
    law = Law(SHIPPED, populations=(zone,))
    return count(period, timetable_of(given), holidays_between(period.first_day, period.last_day, law))


@each("conges.decompte")
def test_only_worked_half_days_are_counted_and_each_in_its_year(case: Case) -> None:
    result = counted(case.given)
    seen = {"jours_decomptes": in_days(result.half_days)}
    seen |= {f"imputes_{year}": in_days(halves) for year, halves in result.by_year().items()}
    for name, value in case.expected.items():
        assert seen[name] == Decimal(value), name


@each("conges.fractionnement")
def test_annual_leave_taken_out_of_season_opens_days_of_fractionnement(case: Case) -> None:
    if "debut" in case.given:
        result = counted(case.given)
        out_of_season = out_of_season_half_days(result.days_counted(), LAW)
        assert in_days(result.half_days) == Decimal(case.expected["jours_decomptes"])
        assert in_days(out_of_season) == Decimal(case.expected["ca_hors_periode"])
    else:
        # RTT taken out of season and a part-time quotité are given by some cases: neither is an input of the rule.
        out_of_season = int(case.given["ca_hors_periode"]) * 2
    assert in_days(fractionnement(out_of_season, YEAR, LAW)) == Decimal(case.expected["jours_fractionnement"])


@each("conges.limite31")
def test_an_absence_lasts_at_most_31_days_in_a_row(case: Case) -> None:
    period = period_of(case.given)
    decision = longest_absence(
        period, counter=case.given["compteur"], exception=case.given.get("derogation", ""), law=LAW
    )
    assert decision.outcome == case.expected["decision"]
    if "jours_consecutifs" in case.expected:
        assert period.calendar_days == int(case.expected["jours_consecutifs"])
    if "jours_decomptes" in case.expected:
        assert in_days(counted(case.given).half_days) == Decimal(case.expected["jours_decomptes"])
    if decision.outcome is Outcome.BLOCKED:
        assert decision.reason == case.expected["motif"]
        assert "décret 85-1250 art. 4" in decision.source


@each("conges.chevauchement", "CH02")
def test_two_absences_never_cover_the_same_half_day(case: Case) -> None:
    # The case gives no last day: the week of its first day is taken, as case CH01 does.
    asked = Period(case.given.day("debut"), case.given.day("debut") + timedelta(days=4))
    existing = Period(case.given.day("existant_debut"), case.given.day("existant_debut"))
    decision = overlap(asked, [existing])
    assert (decision.outcome.value, decision.reason) == (case.expected["decision"], case.expected["motif"])


@each("artt.droit")
def test_rtt_days_follow_the_weekly_duration_and_the_quotite(case: Case) -> None:
    given = case.given
    law = Law(SHIPPED, populations=(given["profil"],)) if "profil" in given else LAW
    weekly = given.minutes("duree_hebdo") if "duree_hebdo" in given else given.minutes("duree_jour") * 5
    right = rtt([Overtime(weekly, given.fraction("quotite", "100") / 100, Fraction(1))], YEAR, law)
    seen = {"jours_rtt": in_days(right.half_days), "brut": cents(right.raw_days)}
    for name, value in case.expected.items():
        assert seen[name] == Decimal(value), name


@each("delai.conge", "DL05")
def test_two_months_of_silence_are_a_refusal(case: Case) -> None:
    assert silence_becomes_refusal(case.given.day("demande"), LAW) == case.expected.day("naissance_rejet_implicite")


@each("delai.conge", "DL06")
def test_a_refusal_without_its_reasons_cannot_be_recorded(case: Case) -> None:
    assert refusal(case.given["motif"]).outcome is Outcome.BLOCKED
    assert refusal("Fermeture du square Villemin le 8 décembre").outcome is Outcome.ALLOWED


def test_splitting_a_long_absence_around_a_weekend_does_not_pass_the_limit() -> None:
    table = timetable_of(Facts())

    def is_worked(day: date, half: Half) -> bool:
        return half in (table.halves_worked(day) or ())

    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    august = Period(date(2026, 8, 3), date(2026, 8, 7))
    span = absence_span(august, [july], is_worked)
    assert (span.first_day, span.last_day) == (date(2026, 7, 1), date(2026, 8, 7))
    assert longest_absence(span, counter="CA", law=LAW).outcome is Outcome.BLOCKED
    one_day_worked = Period(date(2026, 8, 4), date(2026, 8, 7))
    assert absence_span(one_day_worked, [july], is_worked) == one_day_worked


def test_a_change_of_a_figure_of_the_law_changes_the_answer_from_its_day_on() -> None:
    longer = Parameter("absence.longest_days", "", "40", "", date(2027, 1, 1), None, "décret fictif", verified=False)
    law = Law([*SHIPPED, longer])
    asked = {year: Period(date(year, 7, 1), date(year, 8, 3)) for year in (2026, 2027)}
    assert longest_absence(asked[2026], counter="CA", law=law).outcome is Outcome.BLOCKED
    assert longest_absence(asked[2027], counter="CA", law=law).outcome is Outcome.ALLOWED


def test_a_right_is_rounded_once_after_the_parts_are_added() -> None:
    parts = [Service(Fraction(9), Fraction(1, 12)) for _ in range(3)]
    assert annual_leave(parts, YEAR, LAW) == Right(Fraction(45, 8), 12)
