"""Mailboxes that open with their owner's password or token: kept for the sign-in, renewed, forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from mailkit import sieve
from nomade.accounts.directories import oidc
from nomade.accounts.directories.testing import oidc_provider, person_at_provider
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.mailkeys import actions as mailkeys
from nomade.accounts.models import Account, MailKey, Session
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import count_queries, run_jobs
from nomade.mail import gateway
from nomade.mail.factories import letter_form, raw_html
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.tests.servers import Servers, servers_without_master
from nomade.people.factories import make_agent

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

BACK = "https://nomades.ville.localhost:8443/connexion/annuaire/retour/"
OTHER = "Écluse-Hêtre-Tramway-77"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider(BACK) as found:
        yield found


@pytest.fixture(scope="module")
def servers(issuer: str) -> Iterator[Servers]:
    with servers_without_master(issuer) as found:
        yield found


@pytest.fixture
def choose(servers: Servers, settings: SettingsWrapper, db: None) -> Iterator[Any]:
    """`choose("password")`: the portal signs in so."""
    from nomade.mail.reading import ahead, snapshot

    def chosen(auth: str, **more: Any) -> None:
        settings.NOMADE = replace(
            settings.NOMADE,
            imap_url=servers.settings.imap_url,
            smtp_url=servers.settings.smtp_url,
            sieve_url=servers.settings.sieve_url,
            mail_auth=auth,
            mail_master_password="",
            mail_undo_seconds=0,
            **more,
        )

    gateway.close_connections()
    servers.submission.taken.clear()
    servers.submission.sign_ins.clear()
    yield chosen
    ahead.settle()
    snapshot.settle()
    gateway.close_connections()


@pytest.fixture
def account(db: None) -> Account:
    return make_account(make_agent(login=f"cle-{now().timestamp():.0f}{now().microsecond}@paris.fr"))


def enter(account: Account) -> Client:
    client = client_on("portal")
    assert client.post("/connexion/", {"login": account.login, "password": PASSWORD}).status_code == 302
    return client


def enter_by_directory(account: Account) -> Client:
    client = client_on("portal")
    away = client.get("/connexion/annuaire/?suite=/compte/")
    parts = urlsplit(person_at_provider(away["Location"], account.login))
    assert client.get(f"{parts.path}?{parts.query}").status_code == 302
    return client


def filters_of(account: Account) -> str:
    """The active script, asked of the real ManageSieve."""
    from django.conf import settings

    url = settings.NOMADE.sieve_url
    with sieve.connected(gateway.account_of(account.agent, url)) as session:
        return session.scripts()[0]


def test_the_password_of_the_sign_in_opens_the_mailbox_the_filters_and_the_way_out(
    choose: Any, servers: Servers, account: Account
) -> None:
    choose("password")
    servers.give(account.login, PASSWORD)
    client = enter(account)
    assert PASSWORD.encode() not in bytes(MailKey.objects.get().sealed), "it lies sealed"
    with count_queries(at_most=12):
        page = client.get("/messagerie/")
    assert page.status_code == 200 and "Aucun message" in page.content.decode()
    client.post("/messagerie/nouveau/", letter_form("leila.martin@paris.fr"))
    run_jobs()
    assert servers.submission.sign_ins == ["PLAIN yes"]
    assert [envelope.rcpt_tos for envelope in servers.submission.taken] == [["leila.martin@paris.fr"]]
    sent = gateway.run(account.agent, lambda session: session.page(session.folder_of("sent").name).envelopes)
    assert [envelope.subject for envelope in sent] == ["Réunion de lundi"]
    absent = {"active": "on", "subject": "Absence", "text": "Je reviens lundi."}
    assert client.post("/messagerie/absence/", absent).status_code in (302, 303)
    assert filters_of(account) == "nomade"


def test_the_webmail_and_the_content_host_open_with_the_same_key_until_the_sign_out(
    choose: Any, servers: Servers, account: Account
) -> None:
    choose("password")
    servers.give(account.login, PASSWORD)
    client = enter(account)
    gateway.run(account.agent, lambda session: session.append("INBOX", raw_html("<p>Bonjour <b>à tous</b></p>")))
    page = gateway.run(account.agent, lambda session: session.page("INBOX"))
    key = f"{page.uidvalidity}-{page.envelopes[0].ref.uid}"
    shown = client.get(f"/messagerie/message/{key}/").content.decode()
    frame = re.search(r'src="(https://contenu[^"]+)"', shown)
    assert frame
    body = urlsplit(unescape(frame[1])).path
    assert "à tous" in client_on("content").get(body).content.decode()
    family = Session.objects.living().get(account=account).family
    webmail = client_of(account, "webmail", family=family)
    assert webmail.get(f"/message/{key}/").status_code == 200
    client.post("/deconnexion/")
    assert not MailKey.objects.exists()
    assert client_on("content").get(body).status_code == 404


def test_another_password_is_asked_once_tried_once_and_kept_for_the_sign_in_only(
    choose: Any, servers: Servers, account: Account
) -> None:
    choose("password")
    servers.give(account.login, OTHER)
    client = enter(account)
    before = servers.refusals()
    answer = client.get("/messagerie/?dossier=INBOX")
    assert answer.status_code == 302
    assert answer["Location"] == "/messagerie/ouvrir/?suite=%2Fmessagerie%2F%3Fdossier%3DINBOX"
    assert client.get("/messagerie/").status_code == 302
    assert "Mot de passe de votre messagerie" in client.get("/messagerie/ouvrir/").content.decode()
    wrong = client.post("/messagerie/ouvrir/", {"password": "faux", "suite": "/messagerie/"})
    assert wrong.status_code == 422 and "Ce n’est pas le mot de passe" in wrong.content.decode()
    tried = servers.refusals(expected=before + 2) - before
    assert tried == 2, "the wrong one of the sign-in once, the one just typed once: more could close the account there"
    right = client.post("/messagerie/ouvrir/", {"password": OTHER, "suite": "/messagerie/?dossier=INBOX"})
    assert (right.status_code, right["Location"]) == (303, "/messagerie/?dossier=INBOX")
    assert client.get("/messagerie/").status_code == 200
    client.post("/deconnexion/")
    assert enter(account).get("/messagerie/").status_code == 302


def test_a_stolen_session_cannot_guess_the_password_of_the_mailbox(
    choose: Any, servers: Servers, account: Account
) -> None:
    choose("password")
    servers.give(account.login, OTHER)
    client = client_of(account)
    answers = [client.post("/messagerie/ouvrir/", {"password": "au hasard"}) for _try in range(8)]
    assert answers[-1].status_code == 422 and "Trop d’essais" in answers[-1].content.decode()
    before = servers.refusals()
    held_back = client.post("/messagerie/ouvrir/", {"password": OTHER})
    assert held_back.status_code == 422 and servers.refusals() == before


def test_somebody_elses_key_is_never_used(choose: Any, servers: Servers, account: Account) -> None:
    choose("password")
    stranger = make_account(make_agent())
    servers.give(account.login, PASSWORD)
    servers.give(stranger.login, OTHER)
    enter(account)
    assert mailkeys.secret_of(stranger.agent_id) == ""
    assert client_of(stranger).get("/messagerie/").status_code == 302


def test_the_key_of_a_pending_or_ended_sign_in_opens_nothing(choose: Any, servers: Servers, account: Account) -> None:
    choose("password")
    servers.give(account.login, PASSWORD)
    enter(account)
    Session.objects.filter(account=account).update(pending=True)
    assert mailkeys.secret_of(account.agent_id) == ""
    Session.objects.filter(account=account).update(pending=False)
    assert mailkeys.secret_of(account.agent_id) == PASSWORD
    Session.objects.filter(account=account).update(expire_date=now() - timedelta(seconds=1))
    assert mailkeys.secret_of(account.agent_id) == ""
    assert mailkeys.forget_abandoned() == 1 and not MailKey.objects.exists()


def test_a_letter_leaves_after_its_author_signed_out_and_the_key_goes_with_it(
    choose: Any, servers: Servers, account: Account
) -> None:
    choose("password")
    servers.give(account.login, PASSWORD)
    client = enter(account)
    client.post("/messagerie/nouveau/", letter_form("leila.martin@paris.fr"))
    client.post("/deconnexion/")
    assert MailKey.objects.count() == 1, "held by the letter"
    run_jobs()
    assert len(servers.submission.taken) == 1
    assert OutgoingMessage.objects.get().state == OutgoingState.SENT
    assert not MailKey.objects.exists()


def test_a_letter_whose_key_is_lost_waits_for_its_author_who_is_told(
    choose: Any, servers: Servers, account: Account
) -> None:
    from nomade.notifications.models import Notification

    choose("password")
    servers.give(account.login, PASSWORD)
    client = enter(account)
    client.post("/messagerie/nouveau/", letter_form("leila.martin@paris.fr"))
    MailKey.objects.all().delete()
    with pytest.raises(Unavailable):
        run_jobs()
    letter = OutgoingMessage.objects.get()
    assert letter.state == OutgoingState.WAITING and not servers.submission.taken
    assert Notification.objects.filter(agent=account.agent, title__contains="ouvrez votre messagerie").exists()
    enter(account)
    run_jobs(later=timedelta(hours=1))
    assert OutgoingMessage.objects.get().state == OutgoingState.SENT and len(servers.submission.taken) == 1


@pytest.mark.parametrize("auth", ["oauthbearer", "xoauth2"])
def test_the_token_of_the_directory_opens_the_mailbox_the_filters_and_the_way_out(
    auth: str, choose: Any, issuer: str, servers: Servers, account: Account
) -> None:
    choose(auth, **of_directory(issuer))
    client = enter_by_directory(account)
    assert client.get("/messagerie/").status_code == 200
    client.post("/messagerie/nouveau/", letter_form("leila.martin@paris.fr"))
    run_jobs()
    assert servers.submission.sign_ins == [f"{auth.upper()} yes"]
    assert OutgoingMessage.objects.get().state == OutgoingState.SENT
    absent = {"active": "on", "subject": "Absence", "text": "Je reviens lundi."}
    assert client.post("/messagerie/absence/", absent).status_code in (302, 303)
    assert filters_of(account) == "nomade"
    client.post("/deconnexion/")
    assert not MailKey.objects.exists()


def test_a_token_that_ends_is_renewed_and_one_that_cannot_be_asks_for_the_directory(
    choose: Any, account: Account
) -> None:
    oidc.forget()
    with oidc_provider(BACK, seconds=30) as brief, servers_without_master(brief) as own:
        choose("oauthbearer", **of_directory(brief))
        from django.conf import settings

        settings.NOMADE = replace(settings.NOMADE, imap_url=own.settings.imap_url)
        client = enter_by_directory(account)
        first = MailKey.objects.get().secret()
        assert client.get("/messagerie/").status_code == 200
        renewed = MailKey.objects.get().secret()
        assert renewed.value != first.value and renewed.refresh != first.refresh, "renewed while a page was asked for"
        key = MailKey.objects.get()
        key.keep(replace(renewed, refresh="revoked"))
        key.save()
        gateway.close_connections()
        answer = client.get("/messagerie/")
        assert answer.status_code == 302 and not MailKey.objects.exists()
        page = client.get(answer["Location"]).content.decode()
        assert "/connexion/annuaire/?suite=%2Fmessagerie%2F" in page
    oidc.forget()


def test_a_directory_that_is_down_is_said_and_forgets_nothing(
    choose: Any, issuer: str, servers: Servers, account: Account
) -> None:
    choose("oauthbearer", **of_directory(issuer))
    client = enter_by_directory(account)
    key = MailKey.objects.get()
    key.keep(replace(key.secret(), ends_at=1))
    key.save()
    oidc.forget()
    choose("oauthbearer", **(of_directory(issuer) | {"oidc_issuer": "http://127.0.0.1:9"}))
    assert client.get("/messagerie/").status_code == 503
    assert client.get("/compte/").status_code == 200
    assert MailKey.objects.count() == 1
    oidc.forget()


def test_where_the_portal_is_master_nothing_is_kept(
    account: Account, servers: Servers, settings: SettingsWrapper
) -> None:
    assert settings.NOMADE.mail_auth == "master"
    client = enter(account)
    assert not MailKey.objects.exists()
    assert client.get("/messagerie/ouvrir/").status_code == 404


def of_directory(issuer: str) -> dict[str, Any]:
    return {"oidc_issuer": issuer, "oidc_client_id": "nomade", "oidc_client_secret": "secret-of-the-tests"}


def test_the_doctor_says_when_a_server_does_not_offer_the_way_in(choose: Any, settings: SettingsWrapper) -> None:
    from nomade.cli.mail_check import mail_answers
    from nomade.runtime.errors import StartRefused

    choose("xoauth2")
    assert mail_answers(settings.NOMADE) == "IMAP et SMTP répondent"
    with servers_without_master() as poor:
        settings.NOMADE = replace(settings.NOMADE, imap_url=poor.settings.imap_url)
        with pytest.raises(StartRefused, match="ne propose pas XOAUTH2, que demande NOMADE_MAIL_AUTH=xoauth2"):
            mail_answers(settings.NOMADE)
    with pytest.raises(StartRefused, match="IMAP ne répond pas à"):
        mail_answers(settings.NOMADE)
