"""Signing in with the password of an LDAP directory: a real slapd, with TLS and its own lock."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from nomade.accounts.actions import lock
from nomade.accounts.directories import ber, ldap, passwords
from nomade.accounts.directories.testing import ROOT_DN, ROOT_PASSWORD, slapd
from nomade.accounts.factories import PASSWORD, make_account
from nomade.accounts.factors import recovery
from nomade.accounts.factors.models import Recovery
from nomade.accounts.factors.testing import code_of, give_totp
from nomade.accounts.lockout.models import Bucket
from nomade.accounts.lockout.state import state_of
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.people.factories import grant, make_agent
from nomade.people.roles import Role

CAMILLE, HUGO, LEILA = "camille.durand@paris.fr", "hugo.faure@paris.fr", "leila.martin@paris.fr"
LATE, FIRST = "jeanne.lambert@paris.fr", "nadia.leroy@paris.fr"
SECRET, WANTED = "Mot-De-L’Annuaire-1", "Vingt-Petits-Tilleuls-7"


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(__import__("ipaddress").ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture(scope="module")
def directory() -> Iterator[ldap.Server]:
    with tempfile.TemporaryDirectory(prefix="nm-ldap-", dir="/tmp") as place:
        folder = Path(place)
        _certificate(folder)
        with slapd(
            folder, dict.fromkeys((CAMILLE, HUGO, LEILA, LATE, FIRST), SECRET), late=[LATE], first=[FIRST]
        ) as port:
            yield ldap.Server(
                url=f"ldap://127.0.0.1:{port}",
                base="dc=ville,dc=fr",
                bind_dn=ROOT_DN,
                bind_password=ROOT_PASSWORD,
                ca_file=str(folder / "cert.pem"),
            )


@pytest.fixture
def chosen(db: None, settings: Any, directory: ldap.Server) -> Any:
    def choose(**more: Any) -> None:
        settings.NOMADE = replace(
            settings.NOMADE,
            **{
                "ldap_url": directory.url,
                "ldap_base": directory.base,
                "ldap_bind_dn": ROOT_DN,
                "ldap_bind_password": ROOT_PASSWORD,
                "ldap_ca_file": directory.ca_file,
                **more,
            },
        )

    choose()
    return choose


def closed_account(login: str) -> Account:
    """An account without any password of the portal."""
    account = make_account(make_agent(login=login))
    account.set_unusable_password()
    account.save()
    return account


def enter(login: str, password: str) -> int:
    answer = client_on("portal").post("/connexion/", {"login": login, "password": password}, REMOTE_ADDR="203.0.113.7")
    return int(answer.status_code)


def test_the_password_of_the_directory_opens_the_portal_and_no_other_does(chosen: Any) -> None:
    account = closed_account(CAMILLE)
    assert enter(CAMILLE, "faux") == 422
    assert enter(CAMILLE, "") == 422
    assert enter(CAMILLE, SECRET) == 302
    account.refresh_from_db()
    assert not account.has_usable_password()
    lock(account, actor=None, reason="essai")
    assert enter(CAMILLE, SECRET) == 422


def test_somebody_of_the_directory_without_an_account_is_nobody(chosen: Any) -> None:
    assert enter(CAMILLE, SECRET) == 422


def test_an_account_with_a_password_of_the_portal_never_asks_the_directory(chosen: Any) -> None:
    chosen(ldap_url="ldap://127.0.0.1:1")
    make_account(make_agent(login=HUGO))
    assert enter(HUGO, PASSWORD) == 302


def test_a_directory_that_is_down_says_so_counts_no_failure_and_closes_no_local_account(chosen: Any) -> None:
    closed_account(CAMILLE)
    make_account(make_agent(login=HUGO))
    chosen(ldap_url="ldap://127.0.0.1:1")
    for _ in range(7):
        assert enter(CAMILLE, SECRET) == 503
    page = client_on("portal").post("/connexion/", {"login": CAMILLE, "password": SECRET}).content.decode()
    assert "ne répond pas" in page and f'value="{CAMILLE}"' in page and SECRET not in page
    assert set(Bucket.objects.values_list("failures", flat=True)) == {0}
    assert AuditEvent.objects.filter(event="directory.unavailable").count() == 8
    assert enter(HUGO, PASSWORD) == 302
    chosen()
    assert enter(CAMILLE, SECRET) == 302


def test_a_directory_that_hangs_holds_two_threads_and_no_local_account(chosen: Any) -> None:
    account = closed_account(CAMILLE)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        chosen(ldap_url=f"ldap://127.0.0.1:{mute.getsockname()[1]}", directory_seconds=1)
        held = [passwords._places.acquire(blocking=False) for _ in range(2)]
        assert held == [True, True]
        assert enter(CAMILLE, SECRET) == 503
        for _ in held:
            passwords._places.release()
        make_account(make_agent(login=HUGO))
        assert enter(HUGO, PASSWORD) == 302
        assert enter(CAMILLE, SECRET) == 503  # after one second of silence
    assert account.login == CAMILLE


@pytest.mark.parametrize("login", ["*", "*)(uid=*", "camille*@paris.fr", "cam\\2a", "a)(|(mail=*", "\x00", "é" * 50])
def test_a_login_never_becomes_a_filter(directory: ldap.Server, login: str) -> None:
    assert not ldap.is_password_of(directory, login, SECRET)
    assert ldap.is_locked(directory, login) is None


def test_an_empty_password_is_refused_before_the_directory_is_asked() -> None:
    nowhere = ldap.Server("ldap://127.0.0.1:1", "dc=x")
    assert not ldap.is_password_of(nowhere, CAMILLE, "")
    assert not ldap.change_password(nowhere, CAMILLE, "", "x")


def test_a_certificate_that_is_not_trusted_is_refused(directory: ldap.Server) -> None:
    with pytest.raises(ldap.Unreachable, match="SSL"):
        ldap.is_password_of(replace(directory, ca_file=""), CAMILLE, SECRET)


def test_without_tls_only_this_machine_is_spoken_to(monkeypatch: pytest.MonkeyPatch, directory: ldap.Server) -> None:
    assert ldap.is_password_of(replace(directory, start_tls=False), CAMILLE, SECRET)
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: ours)
    with theirs, pytest.raises(ldap.Unreachable, match="without TLS"):
        ldap.is_password_of(ldap.Server("ldap://annuaire.ville.fr", "dc=x", start_tls=False), CAMILLE, SECRET)


def test_the_account_of_the_portal_refused_by_the_directory_is_a_fault_not_a_wrong_password(
    directory: ldap.Server,
) -> None:
    with pytest.raises(ldap.Unreachable, match="the portal is refused"):
        ldap.is_password_of(replace(directory, bind_password="faux"), CAMILLE, SECRET)


def test_the_lock_of_the_directory_is_read_from_it(chosen: Any, directory: ldap.Server) -> None:
    account = closed_account(HUGO)
    assert state_of(account).open
    for _ in range(5):
        assert not ldap.is_password_of(directory, HUGO, "faux")
    assert ldap.is_locked(directory, HUGO) is True
    assert "Bloqué dans l’annuaire" in state_of(account).sentences[0]
    assert enter(HUGO, SECRET) == 422


@pytest.mark.parametrize("login", [LATE, FIRST])
def test_a_right_password_that_has_expired_there_says_so_and_opens_nothing(chosen: Any, login: str) -> None:
    account = closed_account(login)
    chosen(directory_password_url="https://annuaire.ville.fr/mot-de-passe")

    def told(password: str) -> str:
        client = client_on("portal")
        answer = client.post("/connexion/", {"login": login, "password": password}, REMOTE_ADDR="203.0.113.7")
        assert answer.status_code == 422 and "__Host-session" not in answer.cookies
        return str(answer.content.decode())

    for _ in range(7):
        page = told(SECRET)
        assert "a expiré" in page and "https://annuaire.ville.fr/mot-de-passe" in page
    assert Bucket.objects.get().failures == 0
    assert AuditEvent.objects.filter(event="sign_in.refused", facts__reason="expired_password").count() == 7
    chosen(directory_password_url="")
    assert "annuaire.ville.fr" not in told(SECRET)
    assert "a expiré" not in told("faux") and "incorrect" in told("faux")
    lock(account, actor=None, reason="essai")
    assert "a expiré" not in told(SECRET), "nothing is told of an account that we locked"


def test_step_up_with_an_expired_password_counts_no_failure(chosen: Any) -> None:
    account = closed_account(LATE)
    browser = client_of(account, authenticated_at=now() - timedelta(hours=1))
    answer = browser.post("/connexion/confirmation/", {"password": SECRET})
    assert answer.status_code == 422 and "a expiré" in answer.content.decode()
    assert Bucket.objects.get(kind="code").failures == 0


def _answer(code: int, said: str, controls: bytes = b"") -> bytes:
    result = ber.element(ldap.BOUND, ber.integer(code, ber.ENUMERATED) + ber.octets("") + ber.octets(said))
    return ber.sequence(ber.integer(1), result, controls)


def _control(*parts: bytes) -> bytes:
    return ber.element(0xA0, ber.sequence(*parts))


POLICY = ber.octets(ldap.PASSWORD_POLICY)


@pytest.mark.parametrize(
    ("answer", "expired"),
    [
        (_answer(49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 532, v3839"), True),
        (_answer(49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 773, v3839"), True),
        (_answer(49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v3839"), False),
        (_answer(49, "", _control(POLICY, ber.octets(ber.sequence(ber.integer(0, 0x81))))), True),
        (
            _answer(
                0, "", _control(POLICY, ber.element(ber.BOOLEAN, b"\0"), ber.octets(ber.sequence(ber.integer(2, 0x81))))
            ),
            True,
        ),
        (_answer(49, "", _control(POLICY, ber.octets(ber.sequence(ber.integer(1, 0x81))))), False),
        (_answer(0, "", _control(POLICY, ber.octets(ber.sequence(ber.element(0xA0, ber.integer(60, 0x80)))))), False),
        (_answer(0, "", _control(POLICY)), False),
        (_answer(0, "", _control(ber.octets("1.2.3"), ber.octets(ber.sequence(ber.integer(0, 0x81))))), False),
    ],
    ids=["AD expired", "AD to change", "AD wrong", "expired", "to change", "locked", "soon", "empty", "another"],
)
def test_a_bind_says_whether_the_password_has_expired(answer: bytes, expired: bool) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        theirs.sendall(answer)
        connection = ldap._Connection(ours)
        connection.binds("uid=x", "y")
        assert connection.expired is expired


def test_a_password_is_changed_in_the_directory_by_who_knows_the_present_one(chosen: Any) -> None:
    chosen(ldap_password_change="rfc3062")
    account = closed_account(LEILA)
    client = client_of(account)
    wrong = {"current": "faux", "password": WANTED, "again": WANTED}
    assert client.post("/compte/securite/", wrong).status_code == 422
    refused = client.post("/compte/securite/", {"current": SECRET, "password": "court-Aa1", "again": "court-Aa1"})
    assert refused.status_code == 422
    changed = client.post("/compte/securite/", {"current": SECRET, "password": WANTED, "again": WANTED})
    assert changed.status_code == 302
    assert enter(LEILA, WANTED) == 302 and enter(LEILA, SECRET) == 422
    assert AuditEvent.objects.filter(event="password.changed", facts={"by": "ldap"}).exists()
    account.refresh_from_db()
    assert not account.has_usable_password()


def test_where_the_directory_has_its_own_page_the_portal_leads_there(chosen: Any) -> None:
    chosen(directory_password_url="https://annuaire.ville.fr/mot-de-passe")
    page = client_of(closed_account(CAMILLE)).get("/compte/securite/").content.decode()
    assert 'href="https://annuaire.ville.fr/mot-de-passe"' in page and 'name="current"' not in page


def test_no_letter_and_no_recovery_gives_a_password_to_whom_the_directory_knows(chosen: Any, signed_in: Any) -> None:
    camille = closed_account(CAMILLE)
    officer = make_agent()
    grant(officer, Role.HR_OFFICER)
    answer = signed_in(officer).post(f"/premieres-connexions/{camille.agent.matricule}/lettre/")
    assert answer.status_code == 422 and "lui seul peut le remplacer" in answer.content.decode()
    attempt = Recovery.objects.create(
        account=camille,
        digest="d",
        login_digest="l",
        expires_at=now() + timedelta(minutes=10),
        factor_proved="totp",
        mail_proved=True,
    )
    with pytest.raises(Refusal, match="lui seul"):
        recovery.replace_password(HttpRequest(), attempt, WANTED)
    camille.refresh_from_db()
    assert not camille.has_usable_password()
    attempt.refresh_from_db()
    assert attempt.used_at is None


@given(st.binary(max_size=200))
def test_odd_bytes_of_a_directory_are_a_fault_and_nothing_worse(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(1)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises((ber.Malformed, OSError, UnicodeDecodeError, IndexError, ValueError)):
            ldap._Connection(ours).extended("1.2.3")


@given(st.integers(-(2**40), 2**40), st.binary(max_size=70_000))
def test_what_is_written_in_ber_is_read_back(number: int, content: bytes) -> None:
    data = ber.integer(number) + ber.octets(content)
    (_, first), (_, second) = list(ber.elements(data))
    assert int.from_bytes(first, "big", signed=True) == number and second == content


def test_step_up_asks_the_directory_for_the_password_and_us_for_the_code(chosen: Any) -> None:
    account = closed_account(CAMILLE)
    secret = give_totp(account)
    browser = client_of(account, authenticated_at=now() - timedelta(hours=1), factor="totp")

    def prove(password: str) -> int:
        form = {"password": password, "code": code_of(secret)}
        return int(browser.post("/connexion/confirmation/", form).status_code)

    assert prove("faux") == 422
    chosen(ldap_url="ldap://127.0.0.1:1")
    failures = Bucket.objects.values_list("failures", flat=True).get(kind="code")
    assert prove(SECRET) == 503
    assert Bucket.objects.values_list("failures", flat=True).get(kind="code") < failures
    chosen()
    assert prove(SECRET) == 302
    assert AuditEvent.objects.filter(event="step_up.done", subject_id=account.agent_id).count() == 1
