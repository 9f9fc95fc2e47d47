"""« Ma paie » as its owner sees it, and as nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.leave.tests.domain_cases import Case, each
from nomade.payslips.access import net_of
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import Payslip
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.people.factories import grant, make_agent, make_supervised_pair
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.ui.filters import money

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
ADDRESSES = ("page", "download", "net")


@pytest.fixture
def people() -> tuple[Agent, Agent]:
    return make_supervised_pair()


@pytest.fixture
def slip(people: tuple[Agent, Agent], tmp_path: Path) -> Payslip:
    import_payslips(order(payroll_file(tmp_path, people)))
    return Payslip.objects.get(agent=people[0])


def _addresses(slip: Payslip) -> list[str]:
    own = [reverse(f"payslips:{name}", args=[slip.pk]) for name in ADDRESSES]
    return [*own, reverse("payslips:image", args=[slip.pk, 1])]


def test_the_owner_opens_every_address_of_her_slip(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    client = signed_in(people[0])
    assert [client.get(address).status_code for address in _addresses(slip)] == [200] * 4


@pytest.mark.parametrize("who", ["supervisor", "hr officer", "pay officer", "administrator", "stranger"])
def test_nobody_else_opens_it_and_it_looks_absent(
    who: str, people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    other = people[1] if who == "supervisor" else make_agent("Ali", "Autre")
    roles = {"hr officer": Role.HR_OFFICER, "pay officer": Role.PAY_OFFICER, "administrator": Role.ADMINISTRATOR}
    if who in roles:
        grant(other, roles[who])
    client = signed_in(other)
    assert [client.get(address).status_code for address in _addresses(slip)] == [404] * 4
    absent = reverse("payslips:page", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(absent).status_code == 404
    assert not AuditEvent.objects.filter(event__startswith="payslip.", subject_id=people[0].pk).exists()


@each("confidentialite.bulletin")
def test_the_slip_of_an_agent_is_closed_to_their_supervisor(
    case: Case, people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    assert (case.given["lecteur"], case.expected["acces"]) == ("n1", "refuse")
    client = signed_in(people[1])
    assert {client.get(address).status_code for address in _addresses(slip)} == {404}


def test_a_visitor_is_sent_to_the_sign_in_page(slip: Payslip, client: Client) -> None:
    from nomade.accounts.testing import client_on

    assert [client_on().get(address).status_code for address in _addresses(slip)] == [302] * 4


def test_the_amount_is_in_no_page_before_it_is_asked_for(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    client = signed_in(people[0])
    amount = net_of(slip)
    assert amount is not None
    digits = money(amount)[:-2]
    assert digits not in client.get(reverse("payslips:index")).content.decode()
    assert digits not in client.get(reverse("home:index")).content.decode()
    asked = client.get(reverse("payslips:net", args=[slip.pk]), headers={"HX-Request": "true"})
    assert asked.content.decode() == money(amount)
    assert digits in client.get(reverse("payslips:net", args=[slip.pk])).content.decode()


def test_the_page_gives_the_lines_in_text_and_they_add_up(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    html = signed_in(people[0]).get(reverse("payslips:page", args=[slip.pk])).content.decode()
    assert "Traitement indiciaire" in html
    assert "CNRACL" in html
    assert "payslip-net__amount" in html
    assert people[0].matricule in html


def test_the_picture_is_light_and_drawn_by_the_portal(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    answer = signed_in(people[0]).get(reverse("payslips:image", args=[slip.pk, 1]))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert len(answer.content) <= 150_000
    assert signed_in(people[0]).get(reverse("payslips:image", args=[slip.pk, 2])).status_code == 404
    assert signed_in(people[0]).get(reverse("payslips:image", args=[slip.pk, 0])).status_code == 404


def test_the_download_is_a_pdf_named_by_its_month(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    answer = signed_in(people[0]).get(reverse("payslips:download", args=[slip.pk]))
    assert answer.content.startswith(b"%PDF-")
    assert 'filename="bulletin-de-paie-2026-10.pdf"' in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_every_opening_is_in_the_journal(people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn) -> None:
    client = signed_in(people[0])
    for address in _addresses(slip):
        client.get(address)
    events = AuditEvent.objects.filter(subject_id=people[0].pk, event__startswith="payslip.").order_by("id")
    assert [event.event for event in events] == [
        "payslip.viewed", "payslip.downloaded", "payslip.amount_shown", "payslip.image_viewed",
    ]  # fmt: skip
    assert {event.actor_id for event in events} == {people[0].pk}


def test_an_exchanged_file_shows_a_sentence_and_not_somebody_elses_pay(
    people: tuple[Agent, Agent], slip: Payslip, signed_in: SignedIn
) -> None:
    other = Payslip.objects.select_related("file").get(agent=people[1])
    StoredFile.objects.filter(pk=other.file_id).update(storage_name="parked")
    StoredFile.objects.filter(pk=slip.file_id).update(storage_name=other.file.storage_name)
    client = signed_in(people[0])
    for address in (_addresses(slip)[0], _addresses(slip)[1], _addresses(slip)[3]):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "ne correspond plus à ce qui a été déposé" in answer.content.decode()
    assert client.get(reverse("payslips:index")).status_code == 200


def test_the_list_and_the_home_page_keep_their_number_of_queries(signed_in: SignedIn, tmp_path: Path) -> None:
    agent = make_agent()
    client = signed_in(agent)
    months = [date(2025, month, 1) for month in range(1, 13)]
    import_payslips(order(payroll_file(tmp_path, [agent], *months), period=None))
    with count_queries(6) as few:
        client.get(reverse("payslips:index"))
    import_payslips(order(payroll_file(tmp_path, [agent], OCTOBER, name="b.pdf"), period=None))
    with count_queries(len(few)):
        client.get(reverse("payslips:index"))
    with count_queries(12):
        client.get(reverse("home:index"))
    with count_queries(8):
        client.get(reverse("payslips:page", args=[Payslip.objects.latest("period").pk]))


def test_a_slip_not_yet_released_does_not_exist(
    people: tuple[Agent, Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import_payslips(order(payroll_file(tmp_path, people), publish_at=now() + timedelta(hours=1)))
    slip = Payslip.objects.get(agent=people[0])
    client = signed_in(people[0])
    assert {client.get(address).status_code for address in _addresses(slip)} == {404}
    assert "octobre 2026" not in client.get(reverse("payslips:index")).content.decode().lower()


def test_an_agent_without_slip_is_told_what_will_come(agent: Agent, signed_in: SignedIn) -> None:
    html = signed_in(agent).get(reverse("payslips:index")).content.decode()
    assert "Aucun bulletin pour le moment" in html
