"""What a line means: written by the pay office, from a month on, read by the agent on the slip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.payslips.actions import import_payslips
from nomade.payslips.explanations import Explanation, in_force, shipped
from nomade.payslips.models import LineText, Payslip
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
SEPTEMBER = date(2026, 9, 1)
WORDS = "La prime de votre poste, revue tous les quatre ans."


def _write(client: Client, **fields: str) -> Any:
    sent = {"label": "Indemnité de fonctions", "text": WORDS, "valid_from": "2026-10", **fields}
    return client.post(reverse("payslips:explanation"), sent)


def test_an_explanation_holds_from_its_month_and_the_slips_before_keep_theirs(
    tmp_path: Path, officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    agent = make_agent(matricule="00000105")
    import_payslips(order(payroll_file(tmp_path, [agent], SEPTEMBER, OCTOBER), period=None))
    assert _write(signed_in(officers[0])).status_code == 303
    shown, client = {}, signed_in(agent)
    for slip in Payslip.objects.of(agent):
        with count_queries(12):
            html = client.get(reverse("payslips:page", args=[slip.pk])).content.decode()
        shown[slip.period] = WORDS in html
    assert shown == {SEPTEMBER: False, OCTOBER: True}
    event = AuditEvent.objects.get(event="payslips.line_explained")
    assert (event.actor_id, event.facts["line"], event.facts["valid_from"]) == (
        officers[0].pk,
        "Indemnité de fonctions",
        "2026-10",
    )


def test_the_list_says_where_each_explanation_comes_from(officers: tuple[Agent, Agent], signed_in: SignedIn) -> None:
    client = signed_in(officers[0])
    _write(client, label="Prime de technicité")
    with count_queries(12):
        html = client.get(reverse("payslips:explanations")).content.decode()
    assert "Prime de technicité" in html
    assert "fournie avec le portail" in html
    page = client.get(reverse("payslips:explanation"), {"ligne": "Prime de technicité"}).content.decode()
    assert WORDS in page
    assert officers[0].full_name in page


def test_each_version_stays_and_the_latest_of_a_month_wins(officers: tuple[Agent, Agent], signed_in: SignedIn) -> None:
    client = signed_in(officers[0])
    _write(client, text="première")
    _write(client, text="seconde", label="indemnité  de FONCTIONS ")
    assert list(LineText.objects.order_by("version").values_list("version", "text")) == [
        (1, "première"),
        (2, "seconde"),
    ]
    rows = [Explanation(one.start, one.label, one.text, one.valid_from, one.version) for one in LineText.objects.all()]
    assert in_force(OCTOBER, rows)["indemnité de fonctions"].text == "seconde"
    assert in_force(SEPTEMBER, rows)["indemnité de fonctions"].version == 0


def test_an_empty_explanation_takes_the_shipped_one_away() -> None:
    gone = Explanation("ifse", "IFSE", "", OCTOBER, 1)
    assert in_force(OCTOBER, [gone])["ifse"].text == ""
    assert in_force(SEPTEMBER, [gone])["ifse"].text != ""
    assert len({one.start for one in shipped()}) == len(shipped()), "two shipped explanations begin alike"


@pytest.mark.parametrize(("field", "value"), [("valid_from", "octobre"), ("valid_from", ""), ("label", " ")])
def test_what_is_badly_typed_is_said_and_kept(
    field: str, value: str, officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    answer = _write(signed_in(officers[0]), **{field: value})
    assert (answer.status_code, WORDS in answer.content.decode()) == (422, True)
    assert not LineText.objects.exists()


def test_only_the_pay_office_and_human_resources_of_the_whole_write_them(signed_in: SignedIn) -> None:
    whole, partial, stranger = make_agent("Anne", "Drh"), make_agent("Sophie", "Deve"), make_agent("Ali", "Autre")
    grant(whole, Role.HR_OFFICER)
    grant(partial, Role.HR_OFFICER, make_unit("DEVE"))
    for agent, expected in ((whole, 200), (partial, 404), (stranger, 404)):
        client = signed_in(agent)
        assert client.get(reverse("payslips:explanations")).status_code == expected
        assert client.get(reverse("payslips:explanation")).status_code == expected
        assert _write(client).status_code == (303 if expected == 200 else 404)
    assert reverse("payslips:explanations") in signed_in(whole).get(reverse("payslips:index")).content.decode()
    assert reverse("payslips:explanations") not in signed_in(partial).get(reverse("payslips:index")).content.decode()
