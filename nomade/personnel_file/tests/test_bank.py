"""The change of a bank account: nobody takes anybody's pay, and payroll learns each account once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of
from nomade.cases.models import CaseState
from nomade.files.models import StoredFile
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.notifications.models import Notification
from nomade.people.contact import confirm_personal_email, give_personal_email, purge_former_emails
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.bank_facts import account_of, iban_of, number_to_call
from nomade.personnel_file.models import BankChange, BankExport
from nomade.personnel_file.retention import purge_unconfirmed_accounts
from nomade.personnel_file.tests.test_own import picture

pytestmark = pytest.mark.django_db
IBAN = "FR7630006000011234567890189"
OTHER = "FR1420041010050500013M02606"
After = Callable[[timedelta], Any]


@pytest.fixture
def owner() -> Agent:
    agent = make_agent("Camille", "Durand", unit=make_unit("DEVE/J15"), mobile="06 12 34 56 78")
    agent.personal_email, agent.personal_email_confirmed = "camille@exemple.fr", True
    agent.save()
    make_account(agent)
    return agent


@pytest.fixture
def officers() -> tuple[Agent, Agent]:
    pair = make_agent("Thomas", "Roy", unit=make_unit("DRH")), make_agent("Claire", "Fontaine", unit=make_unit("DRH"))
    for officer in pair:
        grant(officer, Role.PAY_OFFICER)
        make_account(officer)
    return pair


def browser(agent: Agent) -> Client:
    """A new device of somebody, whose identity was proved a moment ago."""
    return client_of(Account.objects.get(agent=agent))


def type_it(client: Client, iban: str = IBAN, holder: str = "Mme Camille DURAND", **typed: Any) -> Any:
    sent = {"iban": iban, "holder": holder, "rib": picture()} | typed
    return client.post(reverse("personnel_file:bank"), sent)


def digest_on(client: Client, change: BankChange) -> str:
    page = client.get(reverse("personnel_file:bank-confirm", args=[change.pk])).content.decode()
    found = re.search(r'name="empreinte" value="(\w+)"', page)
    assert found is not None
    return found[1]


def prove(client: Client, answer: Any, password: str = PASSWORD) -> Any:
    """Gives the password on the page that asks for it, then lets that page send the kept form again."""
    held = re.search(r"formulaire=([\w-]+)", answer.headers["Location"])
    assert held is not None
    resumed = client.post(reverse("accounts:confirm"), {"formulaire": held[1], "password": password})
    if resumed.status_code != 200:
        return resumed
    page = resumed.content.decode()
    action = re.search(r'<form[^>]*action="([^"]+)"', page)
    assert action is not None
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(action[1], fields)


def ask(owner: Agent, iban: str = IBAN) -> BankChange:
    """The whole way of the agent: type, read again, prove."""
    client = browser(owner)
    assert type_it(client, iban).status_code == 303
    change = BankChange.objects.latest("submitted_at")
    answer = client.post(
        reverse("personnel_file:bank-confirm", args=[change.pk]), {"empreinte": digest_on(client, change)}
    )
    assert prove(client, answer).status_code == 303
    change.refresh_from_db()
    return change


def check(officer: Agent, change: BankChange, typed: str = IBAN, **sent: Any) -> Any:
    data = {"decision": "check", "version": change.version, "typed": typed} | sent
    answer = browser(officer).post(reverse("personnel_file:bank-check", args=[change.pk]), data)
    change.refresh_from_db()
    return answer


def after_cooling() -> Any:
    return time_machine.travel(now() + timedelta(hours=48, minutes=1), tick=False)


def test_the_whole_way_from_the_form_to_payroll(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    assert change.stage == "cooling" and change.tail == "0189"
    with after_cooling():
        assert check(officers[0], change).status_code == 303 and change.stage == "to_second"
        assert check(officers[1], change).status_code == 303 and change.stage == "approved"
        pay = browser(officers[0])
        pay.post(reverse("personnel_file:bank-give"))
        export = BankExport.objects.get()
        file = pay.get(reverse("personnel_file:bank-export", args=[export.number])).content.decode("utf-8-sig")
        assert f"{owner.matricule};Mme Camille DURAND;{IBAN};" in file
        pay.post(reverse("personnel_file:bank-give"))
        assert BankExport.objects.count() == 1
    known = account_of(owner)
    assert known is not None and known.shown.endswith("0189")


def test_a_proof_made_before_the_account_was_typed_is_worth_nothing(owner: Agent) -> None:
    client = browser(owner)
    type_it(client)
    change = BankChange.objects.get()
    address = reverse("personnel_file:bank-confirm", args=[change.pk])
    answer = client.post(address, {"empreinte": digest_on(client, change)})
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    asking = client.get(answer.headers["Location"]).content.decode()
    assert "Verser votre paie au compte" in asking and "0189" in asking and IBAN not in asking
    assert prove(client, answer, password="faux").status_code == 422
    change.refresh_from_db()
    assert change.confirmed_at is None


def test_a_proof_for_one_account_confirms_no_other(owner: Agent) -> None:
    client = browser(owner)
    type_it(client)
    first = digest_on(client, BankChange.objects.get())
    type_it(client, OTHER)
    change = BankChange.objects.get()
    answer = client.post(reverse("personnel_file:bank-confirm", args=[change.pk]), {"empreinte": first})
    assert answer.status_code == 422 and "relisez l’IBAN" in answer.content.decode()


@pytest.mark.parametrize("event", ["password.recovered", "account.sensitive_closed", "factor.voided"])
def test_nothing_changes_within_seventy_two_hours_of_a_reset(owner: Agent, event: str) -> None:
    audit.record(event, actor=None, subject=owner.pk)
    answer = type_it(browser(owner))
    assert answer.status_code == 422 and "ne peut pas changer" in answer.content.decode()
    with time_machine.travel(now() + timedelta(hours=72, minutes=1), tick=False):
        assert type_it(browser(owner)).status_code == 303


def test_a_reset_between_the_form_and_the_proof_stops_it(owner: Agent) -> None:
    client = browser(owner)
    type_it(client)
    change = BankChange.objects.get()
    answer = client.post(
        reverse("personnel_file:bank-confirm", args=[change.pk]), {"empreinte": digest_on(client, change)}
    )
    audit.record("password.recovered", actor=None, subject=owner.pk)
    assert prove(client, answer).status_code == 422
    change.refresh_from_db()
    assert change.confirmed_at is None


def test_a_recovered_password_closes_the_change_even_where_the_account_says_so_alone(owner: Agent) -> None:
    Account.objects.filter(agent=owner).update(recovery_closed_until=now() + timedelta(hours=1))
    assert type_it(browser(owner)).status_code == 422


def test_every_old_channel_is_told_and_the_address_replaced_yesterday_too(owner: Agent) -> None:
    give_personal_email(owner, "voleur@exemple.fr")
    confirm_personal_email(owner, "voleur@exemple.fr")
    ask(owner)
    run_jobs()
    told = {address for message in mail.outbox for address in message.to}
    assert told == {owner.login, "camille@exemple.fr", "voleur@exemple.fr"}
    assert all(IBAN not in message.body and "0189" not in message.body for message in mail.outbox)
    assert Notification.objects.filter(agent=owner, kind="security.bank").count() == 1


def test_an_address_replaced_long_ago_is_forgotten(owner: Agent) -> None:
    give_personal_email(owner, "nouvelle@exemple.fr")
    assert purge_former_emails() == 0
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert purge_former_emails() == 1


def test_the_agent_cancels_from_another_device_without_any_proof(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    another = browser(owner)
    assert "Nouveau compte bancaire demandé" in another.get("/").content.decode()
    assert another.post(reverse("personnel_file:bank-cancel", args=[change.pk])).status_code == 303
    with after_cooling():
        assert check(officers[0], change).status_code == 422
    assert change.state == CaseState.CANCELLED and account_of(owner) is None


def test_no_officer_acts_before_the_end_of_the_cooling_off(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    answer = check(officers[0], change)
    assert answer.status_code == 422 and "peut encore annuler" in answer.content.decode()
    assert check(officers[0], change, decision="refuse", reason="non").status_code == 422


def test_the_second_officer_is_another_person(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with after_cooling():
        check(officers[0], change)
        again = check(officers[0], change)
    assert again.status_code == 422 and "revient à un collègue" in again.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        BankChange.objects.filter(pk=change.pk).update(second_officer=officers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        BankChange.objects.filter(pk=change.pk).update(first_officer=owner)


def test_one_officer_is_enough_where_the_organisation_says_so(
    owner: Agent, officers: tuple[Agent, Agent], settings: Any
) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, file_bank_officers=1)
    change = ask(owner)
    with after_cooling():
        check(officers[0], change)
    assert change.stage == "approved"


def test_an_officer_who_reads_another_number_on_the_rib_cannot_approve(
    owner: Agent, officers: tuple[Agent, Agent]
) -> None:
    change = ask(owner)
    with after_cooling():
        answer = check(officers[0], change, typed=OTHER)
    assert answer.status_code == 422 and "Relisez le RIB" in answer.content.decode()


def test_a_refusal_says_why_and_the_account_of_before_stays(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with after_cooling():
        assert check(officers[0], change, decision="refuse", reason=" ").status_code == 422
        assert check(officers[0], change, decision="refuse", reason="RIB illisible").status_code == 303
    page = browser(owner).get(reverse("personnel_file:bank-change", args=[change.pk])).content.decode()
    assert "RIB illisible" in page and account_of(owner) is None


def test_of_two_officers_at_once_the_slower_reads_who_went_before(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    version = change.version
    with after_cooling():
        check(officers[0], change)
        late = check(officers[1], change, version=version)
    assert late.status_code == 422 and "Thomas Roy" in late.content.decode()


def test_only_the_owner_and_pay_officers_find_a_change(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    others = [make_agent("Mehdi", "Chef"), make_agent("Sophie", "RH"), make_agent("Lucas", "Support")]
    grant(others[1], Role.HR_OFFICER)
    grant(others[2], Role.SUPPORT_TECHNICIAN)
    own = [reverse(f"personnel_file:{name}", args=[change.pk]) for name in ("bank-change", "bank-piece")]
    desk = [reverse(f"personnel_file:{name}", args=[change.pk]) for name in ("bank-check", "bank-desk-piece")]
    for agent in others:
        make_account(agent)
        for address in (*own, *desk, reverse("personnel_file:bank-desk")):
            assert browser(agent).get(address).status_code == 404, (agent, address)
        assert browser(agent).post(reverse("personnel_file:bank-cancel", args=[change.pk])).status_code == 404
        assert browser(agent).post(reverse("personnel_file:bank-give")).status_code == 404
    for address in desk:
        assert browser(officers[0]).get(address).status_code == 200
    for address in own:
        assert browser(officers[0]).get(address).status_code == 404
        assert browser(owner).get(address).status_code == 200


def test_an_officer_never_checks_their_own_account(officers: tuple[Agent, Agent]) -> None:
    first = officers[0]
    client = browser(first)
    type_it(client, holder="Thomas Roy")
    change = BankChange.objects.get()
    answer = client.post(
        reverse("personnel_file:bank-confirm", args=[change.pk]), {"empreinte": digest_on(client, change)}
    )
    prove(client, answer)
    with after_cooling():
        assert browser(first).get(reverse("personnel_file:bank-check", args=[change.pk])).status_code == 404


def test_an_export_is_opened_by_who_made_it(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with after_cooling():
        check(officers[0], change)
        check(officers[1], change)
        browser(officers[0]).post(reverse("personnel_file:bank-give"))
        address = reverse("personnel_file:bank-export", args=[1])
        assert browser(officers[0]).get(address).status_code == 200
        assert browser(officers[1]).get(address).status_code == 404
    assert AuditEvent.objects.filter(event="bank.export_opened").count() == 1


def test_the_number_is_in_clear_nowhere_and_shown_whole_once(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM personnel_file_bankchange t")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, ' ') FROM kernel_auditevent t")
        journal = cursor.fetchone()[0]
    assert IBAN not in row and IBAN not in journal and iban_of(change) == IBAN
    with after_cooling():
        for client, address in (
            (browser(owner), reverse("personnel_file:index")),
            (browser(owner), reverse("personnel_file:bank")),
            (browser(owner), reverse("personnel_file:bank-change", args=[change.pk])),
            (browser(officers[0]), reverse("personnel_file:bank-desk")),
            (browser(officers[0]), reverse("personnel_file:bank-check", args=[change.pk])),
        ):
            page = client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", "")
            assert "12345678901" not in page, address


def test_each_step_leaves_a_trace(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with after_cooling():
        check(officers[0], change)
        check(officers[1], change)
        browser(officers[0]).post(reverse("personnel_file:bank-give"))
    events = AuditEvent.objects.filter(subject_id=owner.pk, event__startswith="bank.").order_by("id")
    assert list(events.values_list("event", flat=True)) == [
        "bank.confirmed", "bank.checked", "bank.approved", "bank.given",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"holder": "Jean Dupont"}, "à votre nom"),
        ({"iban": "FR7630006000011234567890188"}, "groupe 7"),
        ({"iban": "FR76"}, "il en manque"),
        ({"rib": ""}, "RIB"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(owner: Agent, typed: dict[str, str], sentence: str) -> None:
    answer = type_it(browser(owner), **typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert typed.get("holder", "Mme Camille DURAND") in page
    assert not BankChange.objects.exists()


def test_the_same_account_again_and_a_second_change_are_refused(owner: Agent) -> None:
    ask(owner)
    answer = type_it(browser(owner), OTHER)
    assert answer.status_code == 422 and "déjà en cours" in answer.content.decode()


def test_an_account_that_nobody_confirmed_is_forgotten_the_next_day(owner: Agent) -> None:
    type_it(browser(owner))
    assert purge_unconfirmed_accounts() == 0
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert purge_unconfirmed_accounts() == 1
    assert not BankChange.objects.exists() and not StoredFile.objects.exists()


def test_officers_call_the_number_of_before_a_recent_change(owner: Agent) -> None:
    browser(owner).post(reverse("personnel_file:phones"), {"mobile": "0699999999"})
    owner.refresh_from_db()
    assert owner.mobile == "06 99 99 99 99" and number_to_call(owner) == "06 12 34 56 78"


def test_the_pages_of_accounts_cost_few_queries(owner: Agent, officers: tuple[Agent, Agent]) -> None:
    change = ask(owner)
    with after_cooling():
        mine, pay = browser(owner), browser(officers[0])
        for client, address in (
            (mine, reverse("personnel_file:bank")),
            (mine, reverse("personnel_file:bank-change", args=[change.pk])),
            (pay, reverse("personnel_file:bank-desk")),
            (pay, reverse("personnel_file:bank-check", args=[change.pk])),
        ):
            client.get(address)
            with count_queries(at_most=12):
                assert client.get(address).status_code == 200, address
