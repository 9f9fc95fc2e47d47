"""The desk and accounts: proofs of identity, acts, second technician, delay; who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nomade.accounts.access import sensitive_changes_closed_until
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors.gate import has_factor
from nomade.accounts.factors.testing import give_totp
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.rules import Kind
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.support.actions import acts, identity
from nomade.support.factories import make_technician, proved
from nomade.support.models import IdentityCheck, SupportAct
from nomade.support.models.desk import ActKind
from nomade.support.rules.proofs import ProofKind

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def opened(desk: Client, agent: Agent) -> str:
    location: str = desk.post(f"/bureau/agents/{agent.pk}/verification/")["Location"]
    return location


def test_a_locked_agent_is_found_proved_and_unlocked(
    hugo: Agent, supervisor: Agent, desk: Client, signed_in: SignIn
) -> None:
    assert "bloqué" in desk.get("/bureau/agents/", {"q": "faure"}).content.decode()
    page = desk.get(f"/bureau/agents/{hugo.pk}/").content.decode()
    assert "Compte bloqué" in page
    assert "appareil volé" in page
    address = opened(desk, hugo)
    desk.post(f"{address}preuve/", {"preuve": "callback"})
    assert desk.post(f"{address}action/", {"action": "unlock"}).status_code == 403
    desk.post(f"{address}responsable/")
    check = IdentityCheck.objects.get()
    boss = signed_in(supervisor)
    assert "Hugo Faure" in boss.get("/").content.decode()
    assert boss.post(check.confirmation_url(), {"reponse": "oui"}).status_code == 303
    assert desk.post(f"{address}action/", {"action": "unlock"}).status_code == 303
    hugo.account.refresh_from_db()
    assert hugo.account.is_active
    assert client_on("portal").post("/connexion/", {"login": hugo.login, "password": PASSWORD}).status_code == 302
    fact = AuditEvent.objects.get(event="support.unlocked")
    assert fact.facts["proofs"] == ["callback", "supervisor"]
    assert Notification.objects.filter(agent=hugo, kind="security.unlocked").count() == 1


@pytest.mark.parametrize("kind", ActKind.values)
@pytest.mark.parametrize("proofs", [[], ["callback"], ["badge"], ["badge", "badge"]])
def test_fewer_than_two_proofs_are_refused_with_403(kind: str, proofs: list[str], hugo: Agent, desk: Client) -> None:
    address = opened(desk, hugo)
    for proof in proofs:
        desk.post(f"{address}preuve/", {"preuve": proof})
    before = hugo.account.password
    answer = desk.post(f"{address}action/", {"action": kind})
    assert answer.status_code == 403
    assert "Il manque des preuves" in answer.content.decode()
    hugo.account.refresh_from_db()
    assert hugo.account.locked_at is not None
    assert hugo.account.password == before
    assert not SupportAct.objects.exists()
    assert AuditEvent.objects.filter(event="support.act_refused", subject_id=hugo.pk).count() == 1


@pytest.mark.parametrize("proof", ["supervisor", "session_code", "naissance", ""])
def test_a_technician_cannot_declare_the_word_of_somebody_else(proof: str, hugo: Agent, desk: Client) -> None:
    address = opened(desk, hugo)
    assert desk.post(f"{address}preuve/", {"preuve": proof}).status_code == 422
    assert not IdentityCheck.objects.get().proofs.exists()


def test_a_reset_is_shown_once_spelled_and_never_kept_nor_mailed(
    hugo: Agent, technician: Agent, desk: Client, mailoutbox: list[Any]
) -> None:
    check = proved(hugo, technician)
    address = f"/bureau/verifications/{check.pk}/action/"
    answer = desk.post(address, {"action": "reset", "remise": "ecran", "password": "Choisi-Par-Le-Support-1"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    found = re.search(r'id="provisoire">([A-Z0-9-]{19})<', page)
    assert found
    code = found[1]
    assert " comme " in page
    again = desk.post(address, {"action": "reset", "remise": "ecran"})
    assert again.status_code == 409
    assert code not in again.content.decode()
    for kept in (AuditEvent.objects.values_list(), Notification.objects.values_list(), mailoutbox):
        assert code not in str(list(kept))
        assert "Choisi-Par-Le-Support-1" not in str(list(kept))
    hugo.account.refresh_from_db()
    assert hugo.account.password_is_provisional
    assert hugo.account.check_password(code)
    assert not hugo.account.check_password("Choisi-Par-Le-Support-1")
    assert Notification.objects.filter(agent=hugo, kind="security.reset_by_support").count() == 1


def test_a_reset_may_be_printed_instead(hugo: Agent, technician: Agent, desk: Client) -> None:
    check = proved(hugo, technician)
    answer = desk.post(f"/bureau/verifications/{check.pk}/action/", {"action": "reset", "remise": "lettre"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]


def test_after_a_reset_the_second_factor_is_still_asked_and_nothing_sensitive_changes_for_a_day(
    hugo: Agent, technician: Agent
) -> None:
    give_totp(hugo.account)
    acts.act(proved(hugo, technician), ActKind.RESET, by=technician)
    account = Account.objects.get(agent=hugo)
    assert has_factor(account)
    closed = sensitive_changes_closed_until(account)
    assert closed is not None
    assert timedelta(hours=23) < closed - now() <= timedelta(hours=24)


def test_voided_factors_open_nothing_any_more_and_the_password_stays(agent: Agent, technician: Agent) -> None:
    agent.mobile = "06 00 00 00 00"
    agent.save()
    account = Account.objects.get(agent=agent)
    give_totp(account)
    client = client_of(account, factor="totp")
    before = account.password
    acts.act(proved(agent, technician), ActKind.VOID_FACTORS, by=technician)
    account.refresh_from_db()
    assert not has_factor(account)
    assert account.password == before
    assert client.get("/compte/").status_code == 302
    assert sensitive_changes_closed_until(account) is not None
    assert Notification.objects.filter(agent=agent, kind="security.factor_changed").count() == 1


def test_a_technician_proves_who_they_are_again_before_acting(hugo: Agent, technician: Agent, desk: Client) -> None:
    check = proved(hugo, technician)
    long_ago = client_of(technician.account, "support", authenticated_at=now() - timedelta(minutes=11))
    address = f"/bureau/verifications/{check.pk}/action/"
    answer = long_ago.post(address, {"action": "unlock"})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/connexion/")
    assert not SupportAct.objects.exists()
    assert desk.post(address, {"action": "unlock"}).status_code == 303


def test_ending_the_sessions_of_an_agent_ends_them_everywhere(
    agent: Agent, technician: Agent, desk: Client, signed_in: SignIn
) -> None:
    agent.mobile = "06 00 00 00 00"
    agent.save()
    phone, office = signed_in(agent), signed_in(agent, "webmail")
    check = proved(agent, technician)
    assert desk.post(f"/bureau/verifications/{check.pk}/action/", {"action": "end_sessions"}).status_code == 303
    assert phone.get("/compte/").status_code == 302
    assert office.get("/compte/").status_code == 302
    assert desk.get("/bureau/agents/").status_code == 200


def test_a_code_read_from_an_open_session_is_a_proof_once(
    agent: Agent, technician: Agent, desk: Client, signed_in: SignIn
) -> None:
    client = signed_in(agent)
    assert client.get("/assistance/code/").status_code == 200
    page = client.post("/assistance/code/").content.decode()
    code = "".join(re.findall(r"Votre code :</span> (\d{4}) (\d{4})", page)[0])
    address = opened(desk, agent)
    spoken = f"{code[:4]} {code[4:]}"
    assert desk.post(f"{address}code/", {"code": spoken}).status_code == 303
    assert IdentityCheck.objects.get().proofs.get().kind == ProofKind.SESSION_CODE
    other = identity.open_check(agent, by=make_technician("Zoé", "Autre"))
    assert not identity.enter_code(other, code, by=other.technician)


def test_a_code_is_dead_after_its_minutes_or_once_another_is_shown(agent: Agent, technician: Agent) -> None:
    first = identity.new_session_code(agent)
    second = identity.new_session_code(agent)
    check = identity.open_check(agent, by=technician)
    assert first == second or not identity.enter_code(check, first, by=technician)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert not identity.enter_code(check, second, by=technician)


def test_too_many_wrong_codes_end_the_check(agent: Agent, technician: Agent, desk: Client) -> None:
    right = identity.new_session_code(agent)
    address = opened(desk, agent)
    wrong = "00000000" if right != "00000000" else "11111111"
    for _time in range(5):
        assert desk.post(f"{address}code/", {"code": wrong}).status_code == 422
    assert desk.post(f"{address}code/", {"code": right}).status_code == 422
    assert not IdentityCheck.objects.get().proofs.exists()


def test_the_code_of_somebody_else_proves_nothing(agent: Agent, technician: Agent, desk: Client) -> None:
    code = identity.new_session_code(make_agent())
    assert desk.post(f"{opened(desk, agent)}code/", {"code": code}).status_code == 422


def test_a_supervisor_who_does_not_confirm_stops_everything(
    hugo: Agent, supervisor: Agent, technician: Agent, desk: Client, signed_in: SignIn
) -> None:
    check = proved(hugo, technician)
    identity.ask_supervisor(check, by=technician)
    assert signed_in(supervisor).post(check.confirmation_url(), {"reponse": "non"}).status_code == 303
    answer = desk.post(f"/bureau/verifications/{check.pk}/action/", {"action": "unlock"})
    assert answer.status_code == 403
    assert "arrêtée" in answer.content.decode()
    assert Notification.objects.filter(agent=technician, kind="support.refused").exists()


def test_the_word_of_the_supervisor_is_asked_again_after_half_an_hour(
    hugo: Agent, supervisor: Agent, technician: Agent, signed_in: SignIn
) -> None:
    check = identity.open_check(hugo, by=technician)
    identity.ask_supervisor(check, by=technician)
    later = now() + timedelta(minutes=31)
    with time_machine.travel(later, tick=False):
        client = signed_in(supervisor)
        assert "n’est plus valable" in client.get(check.confirmation_url()).content.decode()
        assert client.post(check.confirmation_url(), {"reponse": "oui"}).status_code == 422
    assert not check.proofs.exists()


def test_only_the_supervisor_or_a_delegate_confirms_and_only_when_asked(
    hugo: Agent, supervisor: Agent, technician: Agent, signed_in: SignIn
) -> None:
    check = identity.open_check(hugo, by=technician)
    assert signed_in(supervisor).get(check.confirmation_url()).status_code == 404
    identity.ask_supervisor(check, by=technician)
    for stranger in (hugo, technician, make_agent(), make_technician("Zoé", "Autre")):
        if stranger == hugo:
            continue  # locked: not signed in at all
        assert signed_in(stranger).post(check.confirmation_url(), {"reponse": "oui"}).status_code == 404
    assert signed_in(supervisor).post(check.confirmation_url(), {"reponse": "peut-être"}).status_code == 422
    assert signed_in(supervisor).get(check.confirmation_url()).status_code == 200


def test_a_technician_who_supervises_the_agent_does_not_confirm_to_themselves(technician: Agent) -> None:
    agent = make_agent(supervisor=technician)
    make_account(agent)
    check = identity.open_check(agent, by=technician)
    with pytest.raises(Refusal, match="Aucun responsable"):
        identity.ask_supervisor(check, by=technician)


def test_an_agent_without_an_account_has_nothing_to_open(technician: Agent, desk: Client) -> None:
    newcomer = make_agent("Nadia", "Leroy")
    answer = desk.post(f"/bureau/agents/{newcomer.pk}/verification/")
    assert answer.status_code == 422
    assert "lettre d’activation" in answer.content.decode()
    assert "lettre d’activation" in desk.get(f"/bureau/agents/{newcomer.pk}/").content.decode()


def test_an_agent_without_a_known_number_cannot_be_called_back(agent: Agent, technician: Agent) -> None:
    check = identity.open_check(agent, by=technician)
    with pytest.raises(Refusal, match="aucun numéro"):
        identity.attest(check, ProofKind.CALLBACK, by=technician)


def test_a_check_is_old_after_an_hour(hugo: Agent, technician: Agent) -> None:
    check = proved(hugo, technician)
    with time_machine.travel(now() + timedelta(minutes=61), tick=False), pytest.raises(acts.NotProved):
        acts.act(check, ActKind.UNLOCK, by=technician)


def test_a_colleague_does_not_act_under_somebody_elses_check(hugo: Agent, technician: Agent, signed_in: SignIn) -> None:
    check = proved(hugo, technician)
    other = signed_in(make_technician("Zoé", "Autre"), "support")
    assert other.get(f"/bureau/verifications/{check.pk}/").status_code == 200
    assert other.post(f"/bureau/verifications/{check.pk}/action/", {"action": "unlock"}).status_code == 403
    assert other.post(f"/bureau/verifications/{check.pk}/preuve/", {"preuve": "badge"}).status_code == 422


def test_what_would_do_nothing_is_not_offered_and_says_so(hugo: Agent, technician: Agent, desk: Client) -> None:
    address = f"/bureau/verifications/{proved(hugo, technician).pk}/"
    locked = desk.get(address).content.decode()
    assert 'value="unlock"' in locked and "Rien à débloquer" not in locked
    assert 'value="void_factors"' not in locked and "Aucun second facteur à annuler" in locked
    hugo.account.locked_at = None
    hugo.account.save()
    give_totp(hugo.account)
    with count_queries(at_most=12):
        free = desk.get(address).content.decode()
    assert 'value="unlock"' not in free and "Rien à débloquer" in free
    assert 'value="void_factors"' in free and "Aucun second facteur" not in free
    waiting = Bucket.objects.create(
        key="k", kind=Kind.DEVICE, account_id=hugo.account.pk, failures=5, recent=[], last_try_at=now()
    )
    assert 'value="unlock"' not in desk.get(address).content.decode(), "failures without a wait stop nobody"
    waiting.blocked_until = now() + timedelta(minutes=5)
    waiting.save()
    assert 'value="unlock"' in desk.get(address).content.decode()
