"""Who may work at the desk, for whom, from where; second technician and delay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nomade.accounts.actions import lock
from nomade.accounts.factories import make_account
from nomade.accounts.models import Account, Session
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions import acts
from nomade.support.actions.monthly import tell_authority
from nomade.support.factories import make_technician, proved
from nomade.support.models import IdentityCheck
from nomade.support.models.desk import ActKind

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def test_nobody_looks_after_their_own_account(technician: Agent, desk: Client) -> None:
    assert desk.get(f"/bureau/agents/{technician.pk}/").status_code == 404
    assert desk.post(f"/bureau/agents/{technician.pk}/verification/").status_code == 404
    assert f"/bureau/agents/{technician.pk}/" not in desk.get("/bureau/agents/", {"q": "Lucas"}).content.decode()


def test_a_privileged_account_needs_a_second_technician(technician: Agent, desk: Client, signed_in: SignIn) -> None:
    officer = make_agent("Thomas", "Roy", phone="01 42 76 00 01")
    grant(officer, Role.PAY_OFFICER)
    lock(make_account(officer), actor=None, reason="essai")
    check = proved(officer, technician)
    address = f"/bureau/verifications/{check.pk}/"
    answer = desk.post(f"{address}action/", {"action": "unlock"})
    assert answer.status_code == 403
    assert "second technicien" in answer.content.decode()
    assert desk.post(f"{address}accord/").status_code == 422
    assert desk.post(f"{address}delai/").status_code == 422
    other = signed_in(make_technician("Zoé", "Autre"), "support")
    assert other.post(f"{address}accord/").status_code == 303
    assert desk.post(f"{address}action/", {"action": "unlock"}).status_code == 303
    assert AuditEvent.objects.get(event="support.unlocked").facts["seconded_by"] is not None


def test_a_colleague_finds_the_check_that_waits_for_a_second_technician(
    technician: Agent, desk: Client, signed_in: SignIn
) -> None:
    waits = "attend l’accord d’un second technicien"
    officer, gardener = (make_agent(*who, phone="01 42 76 00 01") for who in (("Thomas", "Roy"), ("Camille", "Durand")))
    grant(officer, Role.PAY_OFFICER)
    for agent in (officer, gardener):
        make_account(agent)
        proved(agent, technician)
    colleague = signed_in(make_technician("Zoé", "Autre"), "support")
    with count_queries(at_most=12):
        listed = colleague.get("/bureau/agents/").content.decode()
    assert listed.count(waits) == 1 and listed.index("Thomas Roy") < listed.index("Camille Durand")
    mine = desk.get("/bureau/agents/").content.decode()
    assert "Thomas Roy" in mine and waits not in mine
    assert "Vérifications en cours" not in colleague.get("/bureau/agents/", {"q": "Roy"}).content.decode()
    [check] = IdentityCheck.objects.filter(agent=officer)
    colleague.post(f"/bureau/verifications/{check.pk}/accord/")
    assert waits not in colleague.get("/bureau/agents/").content.decode()
    with time_machine.travel(check.expires_at + timedelta(minutes=1)):
        late = signed_in(make_technician("Ana", "Tard"), "support").get("/bureau/agents/").content.decode()
    assert "Thomas Roy" not in late


def test_a_technician_of_one_direction_sees_no_check_of_another(technician: Agent, signed_in: SignIn) -> None:
    officer = make_agent("Thomas", "Roy", unit=make_unit("DPE/SRH"), phone="01 42 76 00 01")
    make_account(officer)
    proved(officer, technician)
    parks = make_agent("Zoé", "Parc")
    grant(parks, Role.SUPPORT_TECHNICIAN, make_unit("DEVE"))
    assert "Thomas Roy" not in signed_in(parks, "support").get("/bureau/agents/").content.decode()


def test_where_one_technician_is_alone_a_delay_and_an_authority_replace_the_second(
    technician: Agent, desk: Client, signed_in: SignIn, settings: Any
) -> None:
    mayor, officer = make_agent("Anne", "Mairesse"), make_agent("Thomas", "Roy", phone="01 42 76 00 01")
    make_account(officer)
    grant(officer, Role.PAY_OFFICER)
    settings.NOMADE = replace(settings.NOMADE, support_second_technician=False, support_authority=mayor.login)
    check = proved(officer, technician)
    address = f"/bureau/verifications/{check.pk}/"
    assert "faites d’abord courir le délai" in desk.get(address).content.decode()
    assert desk.post(f"{address}delai/").status_code == 303
    assert "se termine le" in desk.get(address).content.decode()
    assert set(Notification.objects.filter(kind="support.delayed").values_list("agent", flat=True)) == {
        mayor.pk,
        officer.pk,
    }
    assert desk.post(f"{address}action/", {"action": "reset"}).status_code == 403
    with count_queries(at_most=12):
        coming = signed_in(mayor).get("/assistance/actions/").content.decode()
    assert check.authority_url() in coming and "Vous pouvez les arrêter" in coming
    with time_machine.travel(now() + timedelta(hours=48, minutes=1), tick=False):
        technician_again = signed_in(technician, "support")
        assert "est écoulé depuis le" in technician_again.get(address).content.decode()
        assert technician_again.post(f"{address}action/", {"action": "reset"}).status_code == 200
        month_later = now() + timedelta(days=31)
    with time_machine.travel(month_later, tick=False):
        assert tell_authority() == 1
        done = signed_in(mayor).get("/assistance/actions/").content.decode()
        assert "Thomas Roy" in done and check.authority_url() not in done
    assert signed_in(technician).get("/assistance/actions/").status_code == 404


def test_the_agent_or_the_authority_may_stop_what_waits(
    technician: Agent, desk: Client, signed_in: SignIn, settings: Any
) -> None:
    mayor, officer = make_agent("Anne", "Mairesse"), make_agent("Thomas", "Roy", phone="01 42 76 00 01")
    make_account(officer)
    grant(officer, Role.PAY_OFFICER)
    settings.NOMADE = replace(settings.NOMADE, support_second_technician=False, support_authority=mayor.login)
    check = proved(officer, technician)
    acts.wait_instead(check, by=technician)
    assert signed_in(make_agent()).get(check.authority_url()).status_code == 404
    assert signed_in(make_agent()).post(f"{check.authority_url()}arret/").status_code == 404
    assert signed_in(officer).get(check.authority_url()).status_code == 200
    assert signed_in(mayor).post(f"{check.authority_url()}arret/").status_code == 303
    with time_machine.travel(now() + timedelta(hours=49), tick=False), pytest.raises(acts.NotProved):
        acts.act(check, ActKind.RESET, by=technician)


def _addresses(agent: Agent, check: IdentityCheck) -> list[str]:
    of_check = [
        f"/bureau/verifications/{check.pk}/{what}"
        for what in ("", "preuve/", "responsable/", "code/", "accord/", "delai/", "action/")
    ]
    of_agent = [f"/bureau/agents/{agent.pk}/", f"/bureau/agents/{agent.pk}/verification/"]
    return ["/bureau/agents/", "/bureau/", "/bureau/signalements/", "/bureau/incidents/", *of_agent, *of_check]


def test_the_desk_is_absent_for_who_does_not_work_there(
    hugo: Agent, supervisor: Agent, technician: Agent, signed_in: SignIn
) -> None:
    officer, administrator = make_agent("Sophie", "Laurent"), make_agent("Paul", "Girard")
    grant(officer, Role.HR_OFFICER)
    grant(administrator, Role.ADMINISTRATOR)
    addresses = _addresses(hugo, proved(hugo, technician))
    for stranger in (make_agent(), supervisor, officer, administrator):
        client = signed_in(stranger, "support")
        for address in addresses:
            assert client.get(address).status_code in (404, 405), address
            assert client.post(address, {"action": "unlock"}).status_code in (404, 405), address
    hugo.account.refresh_from_db()
    assert hugo.account.locked_at is not None


def test_the_desk_does_not_exist_on_another_host_nor_from_the_internet(
    hugo: Agent, technician: Agent, signed_in: SignIn
) -> None:
    addresses = _addresses(hugo, proved(hugo, technician))
    for host in ("portal", "webmail"):
        client = signed_in(technician, host)
        for address in addresses:
            assert client.get(address).status_code == 404, (host, address)
    outside = signed_in(technician, "support")
    for address in addresses:
        assert outside.get(address, REMOTE_ADDR="203.0.113.7").status_code == 404, address
        assert outside.post(address, {"action": "unlock"}, REMOTE_ADDR="203.0.113.7").status_code == 404, address


def test_a_technician_of_another_perimeter_finds_nobody(hugo: Agent, technician: Agent, signed_in: SignIn) -> None:
    far_away = make_agent("Loin", "Tain")
    grant(far_away, Role.SUPPORT_TECHNICIAN, make_unit("DRH"))
    client = signed_in(far_away, "support")
    check = proved(hugo, technician)
    assert f"/bureau/agents/{hugo.pk}/" not in client.get("/bureau/agents/", {"q": "Hugo"}).content.decode()
    assert client.get(f"/bureau/agents/{hugo.pk}/").status_code == 404
    assert client.get(f"/bureau/verifications/{check.pk}/").status_code == 404
    assert client.post(f"/bureau/verifications/{check.pk}/accord/").status_code == 404


def test_the_desk_shows_nothing_of_pay_birth_or_home(hugo: Agent, technician: Agent, desk: Client) -> None:
    hugo.address, hugo.personal_email = "3 rue Secrète", "hugo@secret.example"
    hugo.save()
    check = proved(hugo, technician)
    for address in (f"/bureau/agents/{hugo.pk}/", f"/bureau/verifications/{check.pk}/", "/bureau/agents/?q=hugo"):
        page = desk.get(address).content.decode()
        for secret in ("rue Secrète", "secret.example", "1985", "385"):
            assert secret not in page, (address, secret)


@pytest.mark.parametrize("typed", ["faure", "Hugo Faure", "06 12 34 56 78", "0612345678", "+33 6 12 34 56 78"])
def test_an_agent_is_found_by_name_login_matricule_or_telephone(typed: str, hugo: Agent, desk: Client) -> None:
    for words in (typed, hugo.login, hugo.matricule):
        assert f"/bureau/agents/{hugo.pk}/" in desk.get("/bureau/agents/", {"q": words}).content.decode(), words


def test_pages_of_the_desk_ask_the_base_little(hugo: Agent, technician: Agent, desk: Client) -> None:
    check = proved(hugo, technician)
    desk.get("/bureau/agents/")
    for address in ("/bureau/agents/?q=Hugo", f"/bureau/agents/{hugo.pk}/"):
        with count_queries(at_most=12):
            desk.get(address)
    with count_queries(at_most=12):
        desk.get(f"/bureau/verifications/{check.pk}/")


def test_checks_proofs_and_acts_are_never_rewritten(hugo: Agent, technician: Agent) -> None:
    from django.db import DatabaseError, transaction

    check = proved(hugo, technician)
    acts.act(check, ActKind.UNLOCK, by=technician)
    for rows in (check.proofs, check.acts):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(kind="badge")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all().delete()
    assert Session.objects.filter(account=Account.objects.get(agent=hugo)).count() == 0
