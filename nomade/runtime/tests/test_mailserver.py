"""The embedded mail servers, both flavours: who signs in, who sends to whom, what is kept."""

from __future__ import annotations

import asyncio
import gc
import imaplib
import smtplib
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from email.message import EmailMessage
from pathlib import Path

import pytest

from nomade.runtime import places
from nomade.runtime.errors import StartRefused
from nomade.runtime.mailserver import Flavour, MailSettings, embedded_mail, login_name, prepare_mail
from nomade.runtime.mailserver.mailboxes import normalised, split_login
from nomade.runtime.mailserver.pymap_store import PymapStore
from nomade.runtime.mailserver.settings import choose_flavour
from nomade.runtime.mailserver.smtp import LARGEST_MESSAGE, without_verdicts

CAMILLE, MEHDI = "camille.durand@paris.fr", "mehdi.benali@paris.fr"
LETTER = b"From: camille.durand@paris.fr\r\nSubject: Planning\r\n\r\nBonjour\r\n"


@pytest.fixture(scope="module", params=["dovecot", "pymap"])
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailSettings]:
    flavour: Flavour = request.param
    with embedded_mail(tmp_path_factory.mktemp(flavour), flavour=flavour, logins=[CAMILLE, MEHDI]) as settings:
        yield settings


def imap(servers: MailSettings, agent: str = CAMILLE) -> imaplib.IMAP4:
    connection = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    secret = f"\0{login_name(agent, servers.master_user)}\0{servers.master_password}".encode()
    connection.authenticate("PLAIN", lambda _: secret)
    return connection


def smtp(servers: MailSettings, agent: str = CAMILLE) -> smtplib.SMTP:
    connection = smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=20)
    connection.login(login_name(agent, servers.master_user), servers.master_password)
    return connection


def count(connection: imaplib.IMAP4, folder: str = "INBOX") -> int:
    _, data = connection.select(folder)
    return int(data[0] or b"0")


def test_a_new_mailbox_has_its_special_folders(servers: MailSettings) -> None:
    with imap(servers, "new.comer@paris.fr") as connection:
        _, lines = connection.list()
    listed = b"\n".join(line for line in lines if isinstance(line, bytes)).decode()
    for use in ("\\Sent", "\\Drafts", "\\Junk", "\\Trash", "\\Archive"):
        assert use in listed


def test_the_master_may_name_the_agent_as_authorisation_identity(servers: MailSettings) -> None:
    connection = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    secret = f"{CAMILLE}\0{servers.master_user}\0{servers.master_password}".encode()
    with connection:
        assert connection.authenticate("PLAIN", lambda _: secret)[0] == "OK"


@pytest.mark.parametrize(
    "forge",
    [
        lambda s: f"\0{login_name(CAMILLE, s.master_user)}\0wrong",
        lambda s: f"\0{CAMILLE}\0{s.master_password}",
        lambda s: f"\0{s.master_user}\0{s.master_password}",
        lambda s: f"\0{login_name(CAMILLE, 'other')}\0{s.master_password}",
    ],
    ids=["wrong password", "agent without master", "master without agent", "another master"],
)
def test_other_sign_ins_are_refused(servers: MailSettings, forge: Callable[[MailSettings], str]) -> None:
    connection = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    secret = forge(servers).encode()
    with pytest.raises(imaplib.IMAP4.error):
        connection.authenticate("PLAIN", lambda _: secret)
    connection.shutdown()


def test_a_letter_reaches_each_recipient_once(servers: MailSettings) -> None:
    with imap(servers) as mine, imap(servers, MEHDI) as theirs:
        before = count(mine), count(theirs)
        with smtp(servers) as connection:
            connection.sendmail(CAMILLE, [CAMILLE, MEHDI, MEHDI.upper()], LETTER)
        assert (count(mine), count(theirs)) == (before[0] + 1, before[1] + 1)


def test_the_letter_arrives_whole(servers: MailSettings) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = CAMILLE, MEHDI, "Été à la pépinière"
    letter.set_content("Une ligne.\n.point en tête\n")
    letter.add_attachment(bytes(range(256)) * 400, maintype="application", subtype="pdf", filename="plan.pdf")
    letter.set_boundary("frontier")
    with smtp(servers) as connection:
        connection.send_message(letter)
    with imap(servers, MEHDI) as theirs:
        _, data = theirs.fetch(str(count(theirs)), "(BODY.PEEK[])")
    assert isinstance(data[0], tuple)
    body = data[0][1].replace(b"\r\n", b"\n")
    assert letter.as_bytes().partition(b"\n\n")[2].strip() in body
    assert b"\n..point" not in body


@pytest.mark.parametrize(
    ("sender", "recipient", "code"),
    [
        (CAMILLE, "nobody.here@paris.fr", 550),
        (CAMILLE, "someone@example.org", 550),
        (CAMILLE, "@example.org:mehdi.benali@paris.fr@example.org", 550),
        (MEHDI, CAMILLE, 550),
        ("", CAMILLE, 550),
    ],
    ids=["unknown", "elsewhere", "source route", "in another's name", "in no name"],
)
def test_other_letters_are_refused(servers: MailSettings, sender: str, recipient: str, code: int) -> None:
    with smtp(servers) as connection:
        answer = connection.mail(sender)[0]
        if answer == 250:
            answer = connection.rcpt(recipient)[0]
    assert answer in {code, 553}


def test_nobody_sends_without_signing_in(servers: MailSettings) -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=20) as connection:
        connection.ehlo()
        assert connection.mail(CAMILLE)[0] == 530


def test_a_wrong_password_does_not_send(servers: MailSettings) -> None:
    with (
        smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=20) as connection,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        connection.login(login_name(CAMILLE, servers.master_user), "wrong")


def test_a_letter_over_25_megabytes_is_refused_before_it_is_sent(servers: MailSettings) -> None:
    with smtp(servers) as connection:
        assert connection.mail(CAMILLE, [f"SIZE={LARGEST_MESSAGE + 1}"])[0] == 552


class Sieve:
    """The few words of ManageSieve that the tests need."""

    def __init__(self, servers: MailSettings, agent: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", servers.sieve_port), timeout=10)
        self._file = self._socket.makefile("rb")
        self.answer()
        token = f"\0{login_name(agent, servers.master_user)}\0{servers.master_password}".encode()
        self.say(f'AUTHENTICATE "PLAIN" "{b64encode(token).decode()}"')

    def answer(self) -> str:
        lines = []
        while True:
            line = self._file.readline().decode()
            lines.append(line)
            if not line or line.startswith(("OK", "NO", "BYE")):
                return "".join(lines)

    def say(self, command: str) -> str:
        self._socket.sendall(f"{command}\r\n".encode())
        answer = self.answer()
        assert answer.splitlines()[-1].startswith("OK"), answer
        return answer

    def put(self, name: str, script: str) -> None:
        self.say(f'PUTSCRIPT "{name}" {{{len(script.encode())}+}}\r\n{script}')

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def test_an_active_sieve_script_files_the_letter(servers: MailSettings) -> None:
    agent = "filter.user@paris.fr"
    with imap(servers, agent) as connection:
        connection.create("Planning")
        sieve = Sieve(servers, agent)
        sieve.put(
            "rules", 'require ["fileinto"];\r\nif header :contains "subject" "Planning" { fileinto "Planning"; }\r\n'
        )
        sieve.put("empty", "keep;\r\n")
        sieve.say('SETACTIVE "rules"')
        assert '"rules" ACTIVE' in sieve.say("LISTSCRIPTS")
        sieve.close()
        with smtp(servers) as sender:
            sender.sendmail(CAMILLE, [agent], LETTER)
        assert (count(connection, "INBOX"), count(connection, "Planning")) == (0, 1)


def test_the_store_is_chosen_once(tmp_path: Path) -> None:
    assert choose_flavour(tmp_path, "pymap") == "pymap"
    assert choose_flavour(tmp_path) == "pymap"
    with pytest.raises(StartRefused, match="celui du premier démarrage"):
        choose_flavour(tmp_path, "dovecot")


def test_letters_of_the_spool_survive_a_restart(tmp_path: Path) -> None:
    with embedded_mail(tmp_path, flavour="pymap", logins=[MEHDI]) as settings:
        spool = Path(settings.folder, "spool")
    (spool / "kept.eml").write_bytes(LETTER)
    (spool / "kept.json").write_text(f'["{CAMILLE}", ["{MEHDI}"]]')
    with embedded_mail(tmp_path, flavour="pymap") as settings, imap(settings, MEHDI) as connection:
        assert count(connection) == 1
        assert list(spool.iterdir()) == []


def test_the_mail_is_readable_by_its_owner_alone(servers: MailSettings) -> None:
    boxes = servers.mailboxes().folder
    assert boxes.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../x@paris.fr", "a/b@paris.fr", "a..b@paris.fr", "x@", "@paris.fr", "a\0b@paris.fr"])
def test_a_strange_login_names_no_mailbox(name: str) -> None:
    assert normalised(name) is None
    assert split_login(login_name(name, "master"), "master") is None


def test_a_mailbox_has_one_name_whatever_the_case() -> None:
    assert normalised(" Camille.DURAND@Paris.fr ") == CAMILLE
    assert places.current_user().name


def test_a_connection_that_waits_is_not_collected(tmp_path: Path) -> None:
    """A task that nobody holds is cut whenever Python looks for garbage: with Python 3.13, at the first command."""

    async def talk() -> list[bytes]:
        settings = prepare_mail(tmp_path, domain="paris.fr", flavour="pymap")
        store = PymapStore(settings.mailboxes(), master_user="m", master_password="p")
        async with AsyncExitStack() as stack, asyncio.timeout(20):
            await store.listen(stack, settings.imap_port, settings.sieve_port)
            answers = []
            for port, command in ((settings.imap_port, b"a NOOP\r\n"), (settings.sieve_port, b"NOOP\r\n")):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await reader.readline()
                for _look in range(3):
                    gc.collect()
                    await asyncio.sleep(0)
                writer.write(command)
                answers.append(await reader.readline())
                writer.close()
            return answers

    imap_answer, sieve_answer = asyncio.run(talk())
    assert imap_answer.startswith(b"a OK")
    assert sieve_answer


def test_nobody_writes_the_verdict_of_the_server_in_a_letter() -> None:
    verdict = b"authentication-results : paris.fr;\r\n\tdkim=pass\r\n"
    rest = b"From: lui@paris.fr\r\nSubject: a\r\n\r\nAuthentication-Results: in the text\r\n"
    assert without_verdicts(verdict + rest) == rest
    assert without_verdicts(rest.replace(b"Subject", verdict + b"Subject", 1)) == rest
    last = rest.replace(b"\r\n\r\n", b"\r\n" + verdict + b"\r\n", 1)
    assert without_verdicts(last) == rest
    assert without_verdicts(b"no head") == b"no head"
