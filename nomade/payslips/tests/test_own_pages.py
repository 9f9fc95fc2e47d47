"""What surrounds the slips: the chart, the bar, the words of each line, the readings, paper, search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from django.test import Client
from django.urls import reverse

from nomade.files import drawing
from nomade.kernel import audit
from nomade.kernel.testing import count_queries
from nomade.payslips.access import content_of, net_of
from nomade.payslips.actions import import_payslips
from nomade.payslips.explanations import explainer
from nomade.payslips.models import PaperChoice, Payslip
from nomade.payslips.service import search
from nomade.payslips.shares import bars, gross_to_net, last_months
from nomade.payslips.statement import amount, read_statement
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.people.factories import grant, make_agent
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.ui.filters import money

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _with_slips(tmp_path: Path, *months: date) -> Agent:
    agent = make_agent(matricule="00000105")
    import_payslips(order(payroll_file(tmp_path, [agent], *months), period=None))
    return agent


def test_the_parts_of_the_bar_make_the_gross_to_the_cent(tmp_path: Path) -> None:
    slip = Payslip.objects.get(agent=_with_slips(tmp_path, OCTOBER))
    statement = read_statement(drawing.segments(content_of(slip), 0))
    assert statement is not None
    shares = gross_to_net(statement)
    assert len(shares) >= 2
    assert sum(share.amount for share in shares) == amount(statement.gross)
    statement.gross = "1,00"
    assert gross_to_net(statement) == []


def test_every_line_of_the_demo_payroll_is_explained(tmp_path: Path) -> None:
    slip = Payslip.objects.get(agent=_with_slips(tmp_path, OCTOBER))
    statement = read_statement(drawing.segments(content_of(slip), 0))
    assert statement is not None
    labels = [line.label for section in statement.sections for line in section.lines]
    labels += [label for label, _amount in statement.totals]
    explain = explainer(OCTOBER)
    assert [label for label in labels if not explain(label)] == []
    assert explain("Rubrique inventée") == ""


def test_the_chart_shows_each_month_and_starts_at_zero() -> None:
    months = last_months(OCTOBER)
    assert (len(months), months[0], months[-1]) == (12, date(2025, 11, 1), OCTOBER)
    drawn = bars(months, {OCTOBER: Decimal(2000), date(2026, 9, 1): Decimal(1000)})
    assert drawn[-2].height * 2 == pytest.approx(drawn[-1].height, abs=1)
    assert [bar.net for bar in drawn[:10]] == [None] * 10


def test_the_evolution_gives_every_net_in_a_table_and_adds_twins(tmp_path: Path, signed_in: SignedIn) -> None:
    agent = _with_slips(tmp_path, date(2026, 9, 1), OCTOBER)
    client = signed_in(agent)
    with count_queries(12):
        html = client.get(reverse("payslips:evolution")).content.decode()
    for slip in Payslip.objects.of(agent):
        net = net_of(slip)
        assert net is not None
        assert money(net) in html
    assert "pas de bulletin lisible" in html


def test_a_search_keeps_what_answers_and_says_when_nothing_does(tmp_path: Path, signed_in: SignedIn) -> None:
    client = signed_in(_with_slips(tmp_path, date(2026, 9, 1), OCTOBER))
    html = client.get(reverse("payslips:index"), {"q": "septembre"}).content.decode()
    assert 'payslip-row__month">Septembre 2026' in html
    assert 'payslip-row__month">Octobre 2026' not in html
    assert "Aucun bulletin ne répond" in client.get(reverse("payslips:index"), {"q": "mars 1999"}).content.decode()


def test_the_owner_reads_who_opened_what_and_in_which_role(tmp_path: Path, signed_in: SignedIn) -> None:
    agent = _with_slips(tmp_path, OCTOBER)
    other = make_agent("Sophie", "Laurent")
    client = signed_in(agent)
    client.get(reverse("payslips:page", args=[Payslip.objects.get().pk]))
    audit.record("document.viewed", actor=other.pk, subject=agent.pk, role="gestionnaire RH", title="Arrêté")
    with count_queries(12):
        html = client.get(reverse("payslips:consultations")).content.decode()
    assert "Bulletin ouvert" in html
    assert "Vous" in html
    assert "Sophie Laurent" in html
    assert "gestionnaire RH" in html
    assert "Bulletin ouvert" not in signed_in(other).get(reverse("payslips:consultations")).content.decode()


def test_paper_is_a_dated_choice_that_can_be_given_up(signed_in: SignedIn, agent: Agent) -> None:
    client = signed_in(agent)
    address = reverse("payslips:paper")
    client.post(address, {"papier": "oui"})
    client.post(address, {"papier": "oui"})
    assert PaperChoice.objects.filter(agent=agent).count() == 1
    assert "aussi imprimés depuis" in client.get(address).content.decode()
    PaperChoice.objects.update(valid_from=date(2026, 1, 1))
    client.post(address, {"papier": "non"})
    kept = PaperChoice.objects.get(agent=agent)
    assert kept.valid_to is not None
    assert "dans le portail seulement" in client.get(address).content.decode()


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.ADMINISTRATOR, Role.PAY_OFFICER, Role.AUDITOR])
def test_no_role_finds_anothers_slip_by_searching(role: Role, tmp_path: Path) -> None:
    owner = _with_slips(tmp_path, OCTOBER)
    other = make_agent("Ali", "Autre")
    grant(other, role)
    assert len(search(_as(owner), "bulletin octobre 2026")) == 1
    assert search(_as(other), "bulletin octobre 2026") == []


def _as(agent: Agent) -> AgentRequest:
    return cast(AgentRequest, SimpleNamespace(agent=agent))


def test_a_replaced_slip_stays_open_to_its_owner_and_leads_to_the_new_one(tmp_path: Path, signed_in: SignedIn) -> None:
    agent = _with_slips(tmp_path, OCTOBER)
    Agent.objects.filter(pk=agent.pk).update(address="1 rue Neuve, 75011 Paris")
    import_payslips(order(payroll_file(tmp_path, [agent], name="b.pdf"), period=None, corrections=True))
    first, second = Payslip.objects.of(agent).order_by("version")
    client = signed_in(agent)
    with count_queries(9):
        former = client.get(reverse("payslips:page", args=[first.pk])).content.decode()
    assert reverse("payslips:page", args=[second.pk]) in former
    assert "Version plus récente" in former
    assert "Version précédente" in client.get(reverse("payslips:page", args=[second.pk])).content.decode()
    assert client.get(reverse("payslips:index")).content.decode().count("payslip-row__month") == 1
    assert signed_in(make_agent("Ali", "Autre")).get(reverse("payslips:page", args=[first.pk])).status_code == 404


def test_the_picture_of_a_page_is_light_enough_for_a_phone(tmp_path: Path, signed_in: SignedIn) -> None:
    agent = _with_slips(tmp_path, OCTOBER)
    slip = Payslip.objects.get(agent=agent)
    client = signed_in(agent)
    for number in range(1, slip.pages + 1):
        answer = client.get(reverse("payslips:image", args=[slip.pk, number]))
        assert answer["Content-Type"] == "image/png"
        assert len(answer.content) <= 150 * 1024
    assert client.get(reverse("payslips:image", args=[slip.pk, slip.pages + 1])).status_code == 404
