"""Types with a form of their own: strike, unpaid leave, training, RTT; their conditions and what they compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.test import Client

from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.leave.actions import submit_leave
from nomade.leave.advice import advice_on
from nomade.leave.details import Advice
from nomade.leave.factories import leave_type, open_rights
from nomade.leave.facts import current_law
from nomade.leave.models import LeaveRequest, LegalFigure
from nomade.leave.payroll import export_month, export_rows, told_in
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.strike import declare_before, withheld
from nomade.people.factories import make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Status

SignIn = Callable[[Agent], Client]
pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 1)
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def on_the_first_of_october() -> Iterator[None]:
    with time_machine.travel("2026-10-01 09:00 +0200", tick=False):
        yield


def days_from(first: date, days: int) -> Period:
    return Period(first, first + timedelta(days=days - 1))


def advice(agent: Agent, code: str, period: Period, *, own: bool = True, **details: object) -> Advice:
    return advice_on(leave_type(code), details, period, current_law(), TODAY, agent=agent, own=own)


def text(found: Advice) -> str:
    return " ".join(found.lines)


# Strike


def test_a_strike_costs_thirtieths_half_thirtieths_or_hours() -> None:
    agent = make_agent()
    morning = Period(MONDAY, MONDAY, Half.MORNING, Half.MORNING)
    assert "Retenue : 2/30 du traitement" in text(advice(agent, "GREVE", days_from(MONDAY, 2)))
    assert "Retenue : 0,5/30 du traitement" in text(advice(agent, "GREVE", morning))
    assert "Retenue : 1 h 30 / 151,67" in text(advice(agent, "GREVE", morning, strike_minutes="90")).replace(
        "\xa0", " "
    )
    (refusal,) = advice(agent, "GREVE", days_from(MONDAY, 1), strike_minutes="90").refusals
    assert refusal.field == "strike_minutes" and "demi-journée" in refusal.message


def test_the_indivisible_thirtieth_of_the_state_is_a_local_figure_and_not_the_rule_here() -> None:
    law = current_law()
    assert withheld(1, None, on=MONDAY, law=law).thirtieths == Fraction(1, 2)
    LegalFigure.objects.filter(key="strike.divided").update(value="no")
    whole = withheld(1, 60, on=MONDAY, law=current_law())
    assert (whole.thirtieths, whole.hours, whole.month_hours) == (Fraction(1), Fraction(0), Decimal("151.67"))


def test_listed_services_declare_forty_eight_hours_before_with_a_working_day_among_them() -> None:
    law = current_law()
    assert declare_before(date(2026, 11, 18), law, lambda day: day.weekday() < 5) == date(2026, 11, 16)
    # Monday: Saturday and Sunday are no working days, so Friday.
    assert declare_before(date(2026, 11, 16), law, lambda day: day.weekday() < 5) == date(2026, 11, 13)


def test_who_works_in_a_listed_service_is_told_until_when_and_a_late_declaration_is_kept() -> None:
    collector = make_agent("Karim", "Haddad", unit=make_unit("DPE/ATELIER"))
    gardener = make_agent()
    LegalFigure.objects.filter(key="strike.declared_unit", argument="DPE").update(value="yes")
    told = advice(collector, "GREVE", days_from(MONDAY, 1))
    assert "se déclare avant la fin du 13 novembre 2026" in text(told) and "y renoncer" in text(told)
    assert "se déclare" not in text(advice(gardener, "GREVE", days_from(MONDAY, 1)))
    late = advice(collector, "GREVE", days_from(date(2026, 10, 2), 1))
    assert "48 heures avant" in late.warnings[0] and not late.refusals
    leave = submit_leave(collector, leave_type("GREVE"), days_from(date(2026, 10, 2), 1))
    assert leave.state == CaseState.APPROVED


def test_hours_of_strike_reach_the_pay_office_as_hours_and_not_as_days() -> None:
    agent, officer = make_agent(), make_agent("Thomas", "Roy")
    morning = Period(MONDAY, MONDAY, Half.MORNING, Half.MORNING)
    submit_leave(agent, leave_type("GREVE"), morning, details={"strike_minutes": "90"})
    submit_leave(agent, leave_type("GREVE"), days_from(MONDAY + timedelta(days=1), 1), details={"strike_minutes": ""})
    export = export_month(Agent.objects.filter(pk=agent.pk), MONDAY, by=officer)
    assert [(row[6], row[8]) for row in export_rows(export)] == [(0, 1.5), (1.0, 0)]
    assert told_in(export) == 2


# Unpaid leave


def contractor(**fields: object) -> Agent:
    return make_agent("Jo", "Perrin", status=Status.CONTRACTUEL, **fields)  # type: ignore[arg-type]


def test_family_reasons_open_fifteen_days_a_year() -> None:
    agent = contractor()
    submit_leave(agent, leave_type("SANS_SOLDE"), days_from(MONDAY, 10), details={"unpaid_kind": "famille"})
    with pytest.raises(Refusal, match="15 jours par an ; il vous en reste 5 jours"):
        submit_leave(
            agent, leave_type("SANS_SOLDE"), days_from(date(2026, 12, 7), 6), details={"unpaid_kind": "famille"}
        )
    submit_leave(agent, leave_type("SANS_SOLDE"), days_from(date(2026, 12, 7), 5), details={"unpaid_kind": "famille"})


def test_an_official_is_sent_to_the_disponibilite() -> None:
    (refusal,) = advice(make_agent(), "SANS_SOLDE", days_from(MONDAY, 5), unpaid_kind="convenances").refusals
    assert "disponibilité" in refusal.message and "L.514-1" in (refusal.rule or "")


def test_a_child_to_raise_asks_a_year_of_service_and_personal_reasons_two_months_before() -> None:
    newcomer = contractor(entry_date=date(2026, 3, 1))
    (refusal,) = advice(newcomer, "SANS_SOLDE", days_from(MONDAY, 90), unpaid_kind="enfant_soins").refusals
    assert "12 mois de service" in refusal.message
    soon = advice(contractor(), "SANS_SOLDE", days_from(MONDAY, 30), unpaid_kind="convenances")
    assert "2 mois avant, donc le 16 septembre 2026" in soon.warnings[0]
    assert "contrat à durée indéterminée" in text(soon)


def test_an_unpaid_leave_says_what_it_takes_from_the_rights_of_the_year() -> None:
    agent = contractor()
    told = text(advice(agent, "SANS_SOLDE", days_from(date(2026, 11, 1), 61), unpaid_kind="enfant_soins"))
    assert "Vos congés annuels 2026 passeraient de 25 jours à 21 jours." in told
    short = text(advice(agent, "SANS_SOLDE", days_from(MONDAY, 1), unpaid_kind="famille"))
    assert "ne change pas vos congés annuels" in short


# Training


def test_the_days_of_a_concours_are_counted_in_the_year_and_a_day_of_training_is_a_day_of_work() -> None:
    agent = make_agent()
    details = {"training_kind": "concours", "training_title": "Rédacteur, CIG"}
    submit_leave(agent, leave_type("FORMATION"), days_from(MONDAY, 3), details=details)
    told = text(advice(agent, "FORMATION", days_from(date(2026, 12, 7), 2), training_kind="concours"))
    assert "il vous restera 0 jour pour ce motif" in told and "ne retire ni congé ni RTT" in told
    with pytest.raises(Refusal, match="5 jours par an ; il vous en reste 2 jours"):
        submit_leave(agent, leave_type("FORMATION"), days_from(date(2026, 12, 7), 3), details=details)


def test_union_training_is_asked_thirty_days_before_and_only_warned_of() -> None:
    soon = advice(make_agent(), "FORMATION", days_from(date(2026, 10, 12), 1), training_kind="syndicale")
    assert "30 jours avant" in soon.warnings[0] and not soon.refusals


def test_a_supervisor_never_reads_which_training_it_is(signed_in: SignIn) -> None:
    agent, supervisor = make_supervised_pair()
    leave = submit_leave(agent, leave_type("FORMATION"), days_from(MONDAY, 1), details={"training_kind": "syndicale"})
    assert "Formation syndicale" not in signed_in(supervisor).get(leave.get_absolute_url()).content.decode()
    assert "Formation syndicale" in signed_in(agent).get(leave.get_absolute_url()).content.decode()


# RTT


def ill(agent: Agent, first: date, days: int) -> None:
    LeaveRequest.of_period(
        days_from(first, days),
        owner=agent,
        leave_type=leave_type("MALADIE"),
        reference=new_reference(),
        half_days=days * 2,
        state=CaseState.APPROVED,
    ).save(force_insert=True)


def test_rtt_tells_the_agent_alone_what_their_sick_leave_withdraws() -> None:
    agent = make_agent()
    open_rights(agent)
    ill(agent, date(2026, 9, 7), 12)
    told = text(advice(agent, "RTT", days_from(MONDAY, 1)))
    assert "Absences de santé de l’année : 10 jours travaillés" in told
    assert "atteignent 10 jours : 1 jour à retirer" in told
    assert "santé" not in text(advice(agent, "RTT", days_from(MONDAY, 1), own=False))


@pytest.mark.parametrize(
    ("code", "details", "said"),
    [
        ("GREVE", {"strike_minutes": ""}, "Retenue"),
        ("SANS_SOLDE", {"unpaid_kind": "famille"}, "ne change pas vos congés"),
        ("FORMATION", {"training_kind": "concours", "training_title": "Rédacteur"}, "il vous restera"),
        ("RTT", {}, "Ces jours se prennent"),
    ],
)
def test_each_form_shows_its_fields_and_counts_as_one_types(
    code: str, details: dict[str, str], said: str, signed_in: SignIn
) -> None:
    agent = contractor()
    open_rights(agent)
    client = signed_in(agent)
    kind = leave_type(code)
    page = client.get(f"/conges/nouvelle/?type={kind.pk}").content.decode()
    assert all(f'name="{name}"' in page for name in details)
    typed = {"leave_type": kind.pk, "first_day": "2026-11-16", "last_day": "2026-11-16", "first_half": "0"}
    with count_queries(at_most=20):
        count = client.post("/conges/nouvelle/", typed | details | {"last_half": "1"}, headers={"HX-Request": "true"})
    assert said in count.content.decode()


def test_the_dates_of_the_law_are_taken_by_a_button_even_when_others_were_typed(signed_in: SignIn) -> None:
    agent = contractor()
    open_rights(agent)
    typed = {
        "leave_type": leave_type("MATERNITE").pk,
        "first_day": "2027-04-05",
        "last_day": "2027-04-08",
        "first_half": "0",
        "last_half": "1",
        "due_date": "2027-05-10",
        "rank": "1",
        "children": "1",
    }
    client = signed_in(agent)
    page = client.post("/conges/nouvelle/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "Prendre ces dates" in page
    taken = client.post("/conges/nouvelle/", typed | {"prendre": "2027-03-29/2027-07-18"}).content.decode()
    assert 'value="2027-07-18"' in taken


def test_a_document_that_is_needed_is_not_said_to_be_optional(signed_in: SignIn) -> None:
    agent = contractor()
    page = signed_in(agent).get(f"/conges/nouvelle/?type={leave_type('MATERNITE').pk}").content.decode()
    label = page[page.index("Pièce justificative") :][:120]
    assert "facultatif" not in label
