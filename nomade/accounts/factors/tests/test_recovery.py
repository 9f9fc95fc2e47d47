"""A lost password: two proofs, never one, never both from one person; and who may help whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client

from nomade.accounts.access import sensitive_changes_closed_until
from nomade.accounts.actions import lock
from nomade.accounts.factories import PASSWORD
from nomade.accounts.factors.testing import OUTSIDE, code_of, give_totp, options
from nomade.accounts.factors.tests.teams import Team, given_code
from nomade.accounts.factors.tests.test_door import make_passkey, sign_in
from nomade.accounts.models import Card, Recovery, RecoveryCode, TrustedBrowser
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.people.factories import grant
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
LOST = "/connexion/mot-de-passe-oublie/"
PROOFS, NEW, LINK = LOST + "preuves/", LOST + "nouveau/", LOST + "lien/"
CHOSEN = {"password": "Vingt-Petits-Tilleuls-7", "again": "Vingt-Petits-Tilleuls-7"}


@pytest.fixture
def noon() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 29, 12, 0, 5, tzinfo=ZoneInfo("Europe/Paris")), tick=False) as clock:
        yield clock


@pytest.fixture
def browser() -> Client:
    return client_on("portal", REMOTE_ADDR=OUTSIDE)


def begin(client: Client, login: str) -> None:
    assert client.post(LOST, {"login": login})["Location"] == PROOFS


def open_link(attempts: Client, elsewhere: Client) -> None:
    """Asks for the message, and opens its link in another browser."""
    attempts.post(PROOFS, {"courriel": "oui"})
    run_jobs()
    token = str(mail.outbox[-1].body).partition("?lien=")[2].split()[0]
    assert elsewhere.get(LINK, {"lien": token}).status_code == 200
    assert "preuve est acceptée" in elsewhere.post(LINK, {"lien": token}).content.decode()


def test_on_a_sunday_the_personal_address_and_the_application_replace_the_password(
    team: Team, browser: Client, noon: Any
) -> None:
    secret = give_totp(team.camille)
    inside = client_of(team.camille)
    TrustedBrowser.objects.create(account=team.camille, digest="d", device="x", last_used_at=now())
    begin(browser, team.camille.login)
    assert browser.get(NEW)["Location"] == PROOFS
    browser.post(PROOFS, {"moi-code": code_of(secret)})
    assert browser.get(NEW)["Location"] == PROOFS, "one proof is not enough"
    open_link(browser, client_on("portal"))
    assert browser.get(NEW).status_code == 200
    assert browser.post(NEW, {"password": "court", "again": "court"}).status_code == 422
    assert browser.post(NEW, CHOSEN)["Location"] == "/connexion/"
    assert inside.get("/compte/").status_code == 302
    assert not TrustedBrowser.objects.exists()
    team.camille.refresh_from_db()
    assert team.camille.check_password(CHOSEN["password"])
    assert sensitive_changes_closed_until(team.camille) == now() + timedelta(hours=72)
    assert AuditEvent.objects.filter(event="password.recovered").count() == 1
    assert browser.post(NEW, CHOSEN)["Location"] == PROOFS, "an attempt serves once"


def test_every_channel_is_told_of_a_replaced_password(team: Team, browser: Client, noon: Any) -> None:
    secret = give_totp(team.camille)
    begin(browser, team.camille.login)
    browser.post(PROOFS, {"moi-code": code_of(secret)})
    open_link(browser, client_on("portal"))
    mail.outbox.clear()
    browser.post(NEW, CHOSEN)
    run_jobs()
    assert {message.to[0] for message in mail.outbox} == {team.camille.login, "camille@maison.example"}
    assert team.camille.agent.notifications.filter(kind="security.password_changed").exists()
    assert not any("camille" in message.subject.lower() for message in mail.outbox)


def test_the_bank_details_open_again_after_three_days(team: Team, noon: Any) -> None:
    team.camille.recovery_closed_until = now() + timedelta(hours=72)
    noon.shift(timedelta(hours=73))
    assert sensitive_changes_closed_until(team.camille) is None


def test_a_passkey_and_the_code_of_the_supervisor_are_two_proofs(team: Team, browser: Client) -> None:
    key = make_passkey(team.camille)
    begin(browser, team.camille.login)
    asked = options(browser, "recovery")
    assert not asked.get("allowCredentials"), "nothing tells who has a passkey"
    browser.post(PROOFS, {"credential": key.sign(asked)})
    browser.post(PROOFS, {"donne-code": given_code(team.mehdi, team.camille).lower()})
    assert browser.post(NEW, CHOSEN)["Location"] == "/connexion/"


def test_the_new_password_is_helped_as_anywhere_once_the_proofs_are_accepted(team: Team, browser: Client) -> None:
    assert browser.post(NEW + "?aide", {"password": "x"})["Location"] == PROOFS
    begin(browser, team.camille.login)
    assert browser.post(NEW, {"proposer": "1"})["Location"] == PROOFS
    browser.post(PROOFS, {"donne-code": given_code(team.mehdi, team.camille)})
    open_link(browser, client_on("portal"))
    assert f'hx-post="{NEW}?aide"' in browser.get(NEW).content.decode()
    said = browser.post(NEW + "?aide", {"password": "Canari-Court"}, headers={"HX-Request": "true"}).content.decode()
    assert "Encore 3 signes." in said and "Canari" not in said and "<html" not in said
    part = browser.post(NEW, {"proposer": "1"}, headers={"HX-Request": "true"}).content.decode()
    phrase = part.split("Votre phrase\u00a0: ")[1].split("<")[0]
    assert part.count(f'value="{phrase}"') == 2 and "<html" not in part
    assert browser.post(NEW, {"password": phrase, "again": phrase})["Location"] == "/connexion/"
    team.camille.refresh_from_db()
    assert team.camille.check_password(phrase)


def test_a_second_factor_is_still_asked_after_a_lost_password(team: Team, browser: Client) -> None:
    secret = give_totp(team.camille)
    begin(browser, team.camille.login)
    browser.post(PROOFS, {"donne-code": given_code(team.mehdi, team.camille)})
    open_link(browser, client_on("portal"))
    browser.post(NEW, CHOSEN)
    fresh = client_on("portal", REMOTE_ADDR=OUTSIDE)
    fresh.post("/connexion/", {"login": team.camille.login, "password": CHOSEN["password"]})
    assert fresh.get("/paie/")["Location"].startswith("/connexion/second-facteur/")
    fresh.post("/connexion/second-facteur/", {"code": code_of(secret)})
    assert fresh.get("/paie/").status_code == 200


@pytest.mark.parametrize("code_first", [True, False])
def test_the_card_and_the_code_of_one_person_are_not_two_proofs(team: Team, browser: Client, code_first: bool) -> None:
    helper = client_of(team.mehdi)
    helper.post(f"/connexion/aider/{team.camille.agent_id}/carte/")
    helper.post(f"/connexion/aider/{team.camille.agent_id}/carte/remise/")
    from django.contrib.auth.hashers import make_password

    Card.objects.get().codes.update(digest=make_password("ABCDEFGH"))  # what Mehdi has read on the card he made
    mehdis = given_code(team.mehdi, team.camille)
    begin(browser, team.camille.login)
    tries = [{"donne-code": mehdis}, {"moi-code": "ABCD-EFGH"}]
    first, second = tries if code_first else reversed(tries)
    assert browser.post(PROOFS, first).status_code == 302
    refused = browser.post(PROOFS, second)
    assert refused.status_code == 422 and "viennent de la même personne" in refused.content.decode()
    assert browser.get(NEW)["Location"] == PROOFS
    if not code_first:
        browser.post(PROOFS, {"donne-code": given_code(team.sophie, team.camille)})
        assert browser.get(NEW).status_code == 200


def _page(client: Client, address: str) -> str:
    import re

    text = client.get(address).content.decode()
    return re.sub(r'(value|nonce|X-CSRFToken)[="\':& quot;]+[^"\'>]+|n° \d+', "", text)


def test_an_unknown_login_sees_the_same_pages_and_no_proof_is_ever_accepted(team: Team) -> None:
    pages = []
    for login in (team.camille.login, "inconnu@paris.fr"):
        client = client_on("portal", REMOTE_ADDR=OUTSIDE)
        begin(client, login)
        refused = client.post(PROOFS, {"moi-code": "000000"})
        pages.append((_page(client, PROOFS), refused.status_code, len(refused.content) // 40))
        client.post(PROOFS, {"courriel": "oui"})
        assert "Si une adresse personnelle" in client.get(PROOFS).content.decode()
    assert pages[0] == pages[1]


def test_the_number_asked_of_an_unknown_login_does_not_change(browser: Client) -> None:
    numbers = set()
    for _time in range(3):
        begin(browser, "inconnu@paris.fr")
        numbers.add(browser.get(PROOFS).content.decode().partition("code n° ")[2].partition(" ")[0])
    assert len(numbers) == 1 and 1 <= int(numbers.pop()) <= 20


@pytest.mark.parametrize("field", ["moi-code", "donne-code"])
def test_after_five_wrong_proofs_a_right_one_is_refused(team: Team, browser: Client, field: str, noon: Any) -> None:
    secret = give_totp(team.camille)
    code = given_code(team.mehdi, team.camille)
    begin(browser, team.camille.login)
    for _time in range(5):
        assert browser.post(PROOFS, {field: "ZZZZ-ZZZZ"}).status_code == 422
    right = code_of(secret) if field == "moi-code" else code
    assert browser.post(PROOFS, {field: right}).status_code == 422
    begin(browser, team.camille.login)
    assert browser.post(PROOFS, {field: right}).status_code == 422, "a new attempt has no new tries"


def test_wrong_proofs_from_outside_never_stop_the_agents_own_sign_in(team: Team, browser: Client, noon: Any) -> None:
    secret = give_totp(team.camille)
    begin(browser, team.camille.login)
    for _time in range(6):
        browser.post(PROOFS, {"moi-code": "000000"})
    home = client_on("portal", REMOTE_ADDR="198.51.100.4")
    sign_in(home, team.camille)
    assert home.post("/connexion/second-facteur/", {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("minutes", [16])
def test_a_given_code_is_dead_after_a_quarter_of_an_hour(team: Team, browser: Client, noon: Any, minutes: int) -> None:
    code = given_code(team.mehdi, team.camille)
    noon.shift(timedelta(minutes=minutes))
    begin(browser, team.camille.login)
    assert browser.post(PROOFS, {"donne-code": code}).status_code == 422


def test_the_agent_is_told_who_gave_a_code_for_the_account(team: Team) -> None:
    given_code(team.mehdi, team.camille)
    notice = team.camille.agent.notifications.get()
    assert notice.title == "Un code de mot de passe perdu a été donné pour votre compte"
    assert "Il a été donné par Mehdi Benali." in notice.body


def test_a_given_code_serves_once_and_the_next_replaces_it(team: Team, browser: Client) -> None:
    first, second = given_code(team.mehdi, team.camille), given_code(team.sophie, team.camille)
    begin(browser, team.camille.login)
    assert browser.post(PROOFS, {"donne-code": first}).status_code == 422
    assert browser.post(PROOFS, {"donne-code": second}).status_code == 302
    assert not RecoveryCode.objects.exists()
    assert second.replace("-", "") not in str(list(AuditEvent.objects.values()))


def test_an_attempt_lasts_half_an_hour_and_belongs_to_its_browser(team: Team, browser: Client, noon: Any) -> None:
    begin(browser, team.camille.login)
    assert client_on("portal").get(PROOFS)["Location"] == LOST
    noon.shift(timedelta(minutes=31))
    assert browser.get(PROOFS)["Location"] == LOST


@pytest.mark.parametrize("token", ["", "x", "x:y:z"])
def test_a_forged_link_proves_nothing(team: Team, token: str) -> None:
    answer = client_on("portal").post(LINK, {"lien": token})
    assert answer.status_code == 422 and "n’est plus valable" in answer.content.decode()


def test_opening_the_link_is_not_enough_a_robot_does_it_too(team: Team, browser: Client) -> None:
    begin(browser, team.camille.login)
    browser.post(PROOFS, {"courriel": "oui"})
    run_jobs()
    client_on("portal").get(LINK, {"lien": str(mail.outbox[-1].body).partition("?lien=")[2].split()[0]})
    assert not Recovery.objects.get().mail_proved


def test_no_more_than_three_links_a_day_are_sent(team: Team) -> None:
    for _time in range(5):
        client = client_on("portal")
        begin(client, team.camille.login)
        client.post(PROOFS, {"courriel": "oui"})
        client.post(PROOFS, {"courriel": "oui"})
    run_jobs()
    assert len(mail.outbox) == 3


def test_an_address_that_was_not_confirmed_receives_nothing(team: Team, browser: Client) -> None:
    team.camille.agent.personal_email_confirmed = False
    team.camille.agent.save()
    begin(browser, team.camille.login)
    browser.post(PROOFS, {"courriel": "oui"})
    run_jobs()
    assert not mail.outbox


def test_a_locked_account_is_recovered_by_the_support_only(team: Team, browser: Client, noon: Any) -> None:
    secret = give_totp(team.camille)
    begin(browser, team.camille.login)
    lock(team.camille, actor=None, reason="test")
    browser.post(PROOFS, {"moi-code": code_of(secret)})
    Recovery.objects.update(mail_proved=True)
    assert browser.get(NEW)["Location"] == PROOFS
    late = client_on("portal")
    begin(late, team.camille.login)
    assert late.post(PROOFS, {"moi-code": code_of(secret, later=1)}).status_code == 422


def test_a_sensitive_role_is_recovered_with_its_own_factor_only(team: Team, browser: Client) -> None:
    attempt = client_of(team.mehdi)
    grant(team.camille.agent, Role.PAY_OFFICER)
    for address in ("code/", "carte/"):
        refused = attempt.post(f"/connexion/aider/{team.camille.agent_id}/{address}")
        assert refused.status_code == 422 and "rôle sensible" in refused.content.decode()
    begin(browser, team.camille.login)
    Recovery.objects.update(mail_proved=True, code_from=team.mehdi.agent)
    assert browser.get(NEW)["Location"] == PROOFS


def test_self_recovery_can_be_closed_by_a_setting(team: Team, browser: Client, settings: Any) -> None:
    import dataclasses

    settings.NOMADE = dataclasses.replace(settings.NOMADE, self_recovery=False)
    for address in (LOST, PROOFS, NEW, LINK):
        assert browser.get(address).status_code == 404
    assert "Mot de passe oublié" not in browser.get("/connexion/").content.decode()


# --- Who helps whom ------------------------------------------------------------------------------------------


def test_the_password_is_not_the_only_way_to_read_a_page_of_recovery(team: Team, browser: Client) -> None:
    begin(browser, team.camille.login)
    for address in (LOST, PROOFS):
        with count_queries(at_most=8):
            assert browser.get(address).status_code == 200
    assert PASSWORD not in browser.get(PROOFS).content.decode()
