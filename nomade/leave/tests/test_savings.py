"""The compte épargne-temps as agents and HR meet it: opening, feeding, choosing above the threshold."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.leave.actions.corrections import open_counter
from nomade.leave.actions.savings import ask_saving, decide_saving, open_account
from nomade.leave.closing import close_year
from nomade.leave.factories import leave_type
from nomade.leave.models import (
    AccountChoice,
    Counter,
    EntryKind,
    LeaveRequest,
    LedgerEntry,
    LegalFigure,
    SavingRequest,
)
from nomade.leave.opening import open_year
from nomade.leave.rules.periods import Period
from nomade.leave.savings import account_of
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Status
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with time_machine.travel("2026-12-15 09:00", tick=False):
        yield


@pytest.fixture
def agent() -> Agent:
    """Somebody with 25 days of annual leave, of which 20 are taken."""
    one, supervisor = make_supervised_pair()
    open_year(2026, [one])
    take(one, 40, supervisor)
    return one


@pytest.fixture
def officer() -> Agent:
    one = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(one, Role.HR_OFFICER, make_unit("DEVE"))
    return one


def take(agent: Agent, half_days: int, by: Agent) -> None:
    """Absences of the year already validated, as the ledger holds them."""
    leave = LeaveRequest.of_period(
        Period(date(2026, 7, 6), date(2026, 7, 31)),
        owner=agent,
        leave_type=leave_type(),
        reference=f"C-{agent.pk}",
        half_days=half_days,
        state="approved",
        decided_by=by,
        waits_for="",
    )
    leave.save(force_insert=True)
    counter = Counter.objects.get(agent=agent, code="CA", year=2026)
    LedgerEntry.objects.create(
        counter=counter, kind=EntryKind.TAKEN, half_days=-half_days, date=date(2026, 6, 1), reason="x", request=leave
    )


def hold(agent: Agent, half_days: int) -> Counter:
    """An open account with some days on it."""
    counter = open_counter(agent, "CET", 0)
    if half_days:
        LedgerEntry.objects.create(
            counter=counter, kind=EntryKind.TAKEN_OVER, half_days=half_days, date=date(2026, 1, 1), reason="x"
        )
    return counter


def deliberate() -> None:
    LegalFigure.objects.filter(key="cet.options").update(value="yes", source="délibération 2026 DRH 12")


def left(agent: Agent, code: str, year: int) -> int:
    return Counter.objects.get(agent=agent, code=code, year=year).half_days


def form(**amounts: str) -> dict[str, str]:
    return {"form_token": str(uuid.uuid4())} | amounts


def test_an_agent_opens_an_account_of_right_and_hr_is_told(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    client = signed_in(agent)
    page = client.get("/conges/cet/").content.decode()
    assert "ne peut pas vous être refusée" in page
    assert client.post("/conges/cet/ouverture/").status_code == 303
    assert Counter.objects.filter(agent=agent, code="CET", year=0).count() == 1
    assert officer.notifications.get().kind == "leave.account_opened"
    assert client.post("/conges/cet/ouverture/").status_code == 422


@pytest.mark.parametrize(
    ("status", "entry", "words"),
    [
        (Status.STAGIAIRE, date(2015, 9, 1), "stagiaire"),
        (Status.TITULAIRE, date(2026, 6, 1), "un an de service"),
    ],
)
def test_who_does_not_fulfil_the_conditions_reads_which_one_and_its_article(
    status: Status, entry: date, words: str, signed_in: SignIn
) -> None:
    one = make_agent(status=status, entry_date=entry)
    answer = signed_in(one).post("/conges/cet/ouverture/")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "décret 2004-878 art. 2" in answer.content.decode()
    assert not Counter.objects.filter(agent=one, code="CET").exists()


def test_days_beyond_the_twenty_taken_are_asked_then_moved_once_by_hr(
    agent: Agent, officer: Agent, signed_in: SignIn
) -> None:
    open_account(agent)
    client, desk = signed_in(agent), signed_in(officer)
    rtt = left(agent, "RTT", 2026)
    sent = form(annual="3", rtt="2")
    assert [client.post("/conges/cet/versement/", sent).status_code for _turn in range(2)] == [303, 303]
    saving = SavingRequest.objects.get()
    assert left(agent, "CA", 2026) == 10
    assert "3 jours" in desk.get("/conges/rh/cet/").content.decode().replace("\xa0", " ")
    answers = [desk.post(f"/conges/rh/cet/{saving.pk}/", {"decision": "accept"}).status_code for _turn in range(2)]
    assert answers == [303, 409]
    assert (left(agent, "CA", 2026), left(agent, "RTT", 2026), left(agent, "CET", 0)) == (4, rtt - 4, 10)
    assert agent.notifications.filter(kind="leave.saving_decided").count() == 1


def test_less_than_twenty_days_taken_saves_no_annual_leave_and_the_page_says_why(signed_in: SignIn) -> None:
    one = make_agent()
    open_year(2026, [one])
    open_account(one)
    client = signed_in(one)
    assert "avoir pris 20 jours" in client.get("/conges/cet/").content.decode()
    answer = client.post("/conges/cet/versement/", form(annual="1"))
    assert answer.status_code == 422
    assert "au plus 0" in answer.content.decode()


def test_what_is_already_asked_cannot_be_asked_again(agent: Agent) -> None:
    open_account(agent)
    ask_saving(agent, {"annual": 10})
    with pytest.raises(Refusal, match="au plus"):
        ask_saving(agent, {"annual": 2})


def test_no_half_day_and_nothing_above_the_cap(agent: Agent) -> None:
    hold(agent, 116)
    with pytest.raises(Refusal, match="jours entiers"):
        ask_saving(agent, {"annual": 3})
    with pytest.raises(Refusal, match="plafond"):
        ask_saving(agent, {"annual": 6})
    assert ask_saving(agent, {"annual": 4}).half_days == 4


def test_a_refusal_has_a_reason_that_the_agent_reads(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    open_account(agent)
    saving = ask_saving(agent, {"annual": 2})
    desk = signed_in(officer)
    assert desk.post(f"/conges/rh/cet/{saving.pk}/", {"decision": "refuse"}).status_code == 422
    desk.post(f"/conges/rh/cet/{saving.pk}/", {"decision": "refuse", "reason": "Jours déjà payés"})
    assert left(agent, "CA", 2026) == 10
    assert "Jours déjà payés" in signed_in(agent).get("/conges/cet/").content.decode()


def test_days_taken_since_are_not_saved_and_hr_is_told(agent: Agent, officer: Agent) -> None:
    open_account(agent)
    saving = ask_saving(agent, {"annual": 10})
    counter = Counter.objects.get(agent=agent, code="CA", year=2026)
    LedgerEntry.objects.create(counter=counter, kind=EntryKind.TAKEN, half_days=-2, date=date(2026, 12, 15), reason="x")
    with pytest.raises(Refusal, match="plus disponibles"):
        decide_saving(saving, by=officer, accept=True)
    assert left(agent, "CET", 0) == 0


def test_an_agent_withdraws_what_waits(agent: Agent, signed_in: SignIn) -> None:
    open_account(agent)
    saving = ask_saving(agent, {"annual": 2})
    client = signed_in(agent)
    assert client.post(f"/conges/cet/versement/{saving.pk}/retrait/").status_code == 303
    assert client.post(f"/conges/cet/versement/{saving.pk}/retrait/").status_code == 409
    saving.refresh_from_db()
    assert saving.state == "cancelled"


def test_nothing_is_to_choose_without_a_deliberation(agent: Agent, signed_in: SignIn) -> None:
    hold(agent, 50)
    client = signed_in(agent)
    assert "délibération" in client.get("/conges/cet/").content.decode()
    assert client.post("/conges/cet/choix/", {"option": "indemnisation"}).status_code == 422


def test_a_titulaire_shares_the_days_above_fifteen_and_the_closing_follows(agent: Agent, signed_in: SignIn) -> None:
    deliberate()
    hold(agent, 50)
    client = signed_in(agent)
    page = client.get("/conges/cet/").content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "830,00 €" in page
    wrong = client.post("/conges/cet/choix/", {"option": "partage", "paid": "9", "pension": "2"})
    assert wrong.status_code == 422
    sent = client.post("/conges/cet/choix/", {"option": "partage", "paid": "4", "pension": "3"})
    assert sent.status_code == 303
    assert AccountChoice.objects.values_list("option", "paid", "pension").get() == ("partage", 8, 6)
    with time_machine.travel("2027-02-01 03:00", tick=False):
        close_year(2026)
    assert left(agent, "CET", 0) == 50 - 8 - 6


def test_the_rafp_is_not_for_a_contractuel(signed_in: SignIn) -> None:
    deliberate()
    one = make_agent(status=Status.CONTRACTUEL)
    hold(one, 40)
    client = signed_in(one)
    assert 'value="rafp"' not in client.get("/conges/cet/").content.decode()
    assert client.post("/conges/cet/choix/", {"option": "rafp"}).status_code == 422
    assert not AccountChoice.objects.exists()


def test_hr_of_another_perimeter_and_strangers_touch_nothing(agent: Agent, signed_in: SignIn) -> None:
    open_account(agent)
    saving = ask_saving(agent, {"annual": 2})
    elsewhere = make_agent("Paul", "Autre", unit=make_unit("DPE"))
    grant(elsewhere, Role.HR_OFFICER, make_unit("DPE"))
    for other in (elsewhere, make_agent("Zoé", "Tiers")):
        client = signed_in(other)
        assert client.post(f"/conges/rh/cet/{saving.pk}/", {"decision": "accept"}).status_code == 404
        assert client.post(f"/conges/cet/versement/{saving.pk}/retrait/").status_code == 404
    saving.refresh_from_db()
    assert saving.state == "submitted"


def test_the_pages_ask_few_queries(agent: Agent, officer: Agent, signed_in: SignIn) -> None:
    deliberate()
    hold(agent, 50)
    ask_saving(agent, {"annual": 2})
    client, desk = signed_in(agent), signed_in(officer)
    client.get("/conges/cet/"), desk.get("/conges/rh/cet/")
    with count_queries(at_most=12):
        assert client.get("/conges/cet/").status_code == 200
    with count_queries(at_most=12):
        assert desk.get("/conges/rh/cet/").status_code == 200


def test_in_january_one_still_saves_the_days_of_last_year(agent: Agent) -> None:
    open_account(agent)
    with time_machine.travel("2027-01-20 09:00", tick=False):
        assert account_of(agent).year == 2026
        assert ask_saving(agent, {"annual": 4}).year == 2026
    with time_machine.travel("2027-02-02 09:00", tick=False):
        assert account_of(agent).year == 2027
