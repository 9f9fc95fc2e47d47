"""Decisions on an import, the cases of the acceptance table among them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from nomade.files.splitting.pdf import PageText
from nomade.kernel.clock import PARIS
from nomade.payslips.report import ImportReport
from nomade.payslips.rules import USUAL_PAGES, FaultKind, ImportPlan, may_release, notice_time, page_list, plan_import
from nomade.payslips.splitting.grouping import PageGroup, group_pages
from nomade.payslips.splitting.reading import DEFAULT_MATRICULE, PageFacts, page_facts
from nomade.payslips.tests.test_payroll_cases import _cases, _pairs

NOVEMBER = date(2025, 11, 1)
CASES = {case["id"]: (_pairs(case["entrees"]), _pairs(case["attendu"])) for case in _cases("paie.import_pdf")}


def _page(number: int, matricule: str | None, period: date | None = NOVEMBER, problem: str = "") -> PageFacts:
    return PageFacts("paie.pdf", number, matricule, period, Decimal(1), None, problem)


def _group(matricule: str, page: int = 0, period: date = NOVEMBER) -> PageGroup:
    return PageGroup("paie.pdf", page, 1, matricule, period, Decimal(1), None)


def _plan(groups: list[PageGroup], **given: object) -> ImportPlan:
    values = {"known": {group.matricule: None for group in groups}, "expected": (), "existing": {}, "period": NOVEMBER}
    return plan_import(groups, (), **{**values, **given})  # type: ignore[arg-type]


def _facts(text: str | None) -> PageFacts:
    return page_facts("paie.pdf", PageText(0, text), re.compile(DEFAULT_MATRICULE))


def test_every_import_case_of_the_table_is_tested() -> None:
    assert sorted(CASES) == ["PD01", "PD02", "PD03"]


def test_a_count_that_differs_from_the_payrolls_index_blocks_the_batch() -> None:
    facts, expected = CASES["PD01"]
    found = [_group(f"{number:07d}", number) for number in range(int(facts["bulletins_detectes"]))]
    plan = _plan(found, announced=int(facts["bulletins_attendus"]))
    assert ("lot_bloque" if plan.blocked else "lot_publiable") == expected["decision"]


def test_a_page_without_matricule_is_set_aside_and_given_to_nobody() -> None:
    _given, expected = CASES["PD02"]
    groups, doubtful = group_pages([_page(0, None, problem="aucun matricule")], [0])
    assert ("quarantaine" if doubtful else "diffusion") == expected["decision"]
    assert ("oui" if groups else "non") == expected["diffusion"]


def test_a_corrected_slip_is_the_next_version() -> None:
    facts, expected = CASES["PD03"]
    key = (facts["matricule"], date.fromisoformat(f"{facts['periode']}-01"))
    plan = _plan([_group(key[0], period=key[1])], existing={key: 1}, corrections=True)
    assert str(plan.versions[key]) == expected["version"]


def test_pages_of_one_matricule_make_one_slip() -> None:
    groups, doubtful = group_pages([_page(0, "A"), _page(1, "A"), _page(2, "B")], [])
    assert ([(group.matricule, group.pages) for group in groups], doubtful) == ([("A", 2), ("B", 1)], [])


def test_a_bookmark_parts_two_slips_of_the_same_agent() -> None:
    groups, _doubtful = group_pages([_page(0, "A"), _page(1, "A")], [0, 1])
    assert [group.pages for group in groups] == [1, 1]


def test_the_slip_before_an_unreadable_page_is_set_aside_with_it_unless_a_bookmark_parts_them() -> None:
    pages = [_page(0, "A"), _page(1, None, problem="aucun matricule"), _page(2, "B")]
    groups, doubtful = group_pages(pages, [])
    assert ([group.matricule for group in groups], [item.first_page for item in doubtful]) == (["B"], [0, 1])
    groups, doubtful = group_pages(pages, [0, 1, 2])
    assert ([group.matricule for group in groups], [item.first_page for item in doubtful]) == (["A", "B"], [1])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Matricule 0001234\nPériode 2026-10", date(2026, 10, 1)),
        ("Matricule : 0001234\nPériode du 01/10/2026 au 31/10/2026", date(2026, 10, 1)),
        ("MATRICULE n° 1 Matricule n° 0001234\nPériode de paie : octobre 2026", date(2026, 10, 1)),
    ],
)
def test_the_period_is_read_as_payrolls_write_it(text: str, period: date) -> None:
    facts = _facts(text)
    assert (facts.matricule, facts.period, facts.problem) == ("0001234", period, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "page illisible"),
        ("  ", "aucun texte sur la page"),
        ("Bulletin de paie", "aucun matricule"),
        ("Matricule 0001234 Matricule 0009999 Période 2026-10", "plusieurs matricules"),
        ("Matricule 0001234", "aucune période"),
        ("Matricule 0001234 Période 2026-10 et période 2026-09", "plusieurs périodes"),
    ],
)
def test_a_doubtful_page_says_why(text: str | None, problem: str) -> None:
    assert _facts(text).problem == problem


def test_faults_are_told_by_page_as_people_count() -> None:
    faults = _plan([_group("A", 2), _group("A", 9)]).faults
    assert {fault.kind for fault in faults} == {FaultKind.DOUBLE}
    assert page_list(faults) == "3, 10"
    assert page_list(faults * 10, at_most=3) == "3, 10, 3 et 17 autres"


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([(2024, 3)], "2024-03"),
        ([(2024, 11), (2024, 12), (2025, 1)], "2024-11 à 2025-01"),
        ([(2024, 1), (2024, 3), (2024, 4), (2024, 9)], "2024-01, 2024-03 à 2024-04, 2024-09"),
    ],
)
def test_missing_months_of_an_agent_are_one_row(months: list[tuple[int, int]], said: str) -> None:
    days = [date(year, month, 1) for year, month in months]
    plan = ImportPlan((), (), tuple(("A", day) for day in days))
    (row,) = ImportReport(plan, pages=1).as_json()["lists"]["missing"]
    assert row[3:] == ["A", said, f"{len(months)} mois" if len(months) > 1 else ""]


def test_missing_agents_do_not_block() -> None:
    plan = _plan([_group("A")], expected=[("A", NOVEMBER), ("B", NOVEMBER)])
    assert (plan.missing, plan.blocked) == ((("B", NOVEMBER),), False)


def test_somebody_who_left_before_the_month_is_told_and_stops_nothing() -> None:
    plan = _plan([_group("A")], known={"A": date(2025, 10, 31)})
    assert ([notice.kind for notice in plan.notices], plan.blocked) == ([FaultKind.LEFT], False)
    assert not _plan([_group("A")], known={"A": date(2025, 10, 31)}, leavers_expected=True).notices


def test_a_slip_of_too_many_pages_is_worth_a_look() -> None:
    long = PageGroup("paie.pdf", 0, USUAL_PAGES + 1, "A", NOVEMBER, Decimal(1), None)
    assert [notice.kind for notice in _plan([long]).notices] == [FaultKind.ODD_PAGES]


def test_the_same_file_under_another_run_is_blocked() -> None:
    assert _plan([_group("A")], already=["paie.pdf, le 03/11/2025"]).blocked


def test_a_recalled_slip_is_replaced_without_being_asked() -> None:
    key = ("A", NOVEMBER)
    plan = _plan([_group("A")], existing={key: 1}, recalled={(*key, 1)})
    assert (plan.versions, plan.blocked) == ({key: 2}, False)
    assert _plan([_group("A")], existing={key: 2}, recalled={(*key, 1)}).blocked


def test_who_imported_does_not_release_where_a_second_person_is_asked_for() -> None:
    assert "une autre personne" in may_release(alone=True, second_person=True)
    assert not may_release(alone=True, second_person=False)
    assert not may_release(alone=False, second_person=True)


@pytest.mark.parametrize(("hour", "told"), [(3, 7), (7, 7), (14, 14)])
def test_nobody_is_told_of_a_slip_in_the_night(hour: int, told: int) -> None:
    assert notice_time(datetime(2026, 10, 28, hour, tzinfo=PARIS), PARIS).hour == told
