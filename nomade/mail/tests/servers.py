"""Mail servers that know no master: a real Dovecot and a submission server that let each person in as themselves."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM
from string import Template
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from nomade.runtime.mailserver import MailSettings, prepare_mail, wait_for_port
from nomade.runtime.mailserver.dovecot import Dovecot
from nomade.runtime.processes import stop

_PEOPLE = {
    "2.3": "passdb {\n  driver = passwd-file\n  args = scheme=PLAIN username_format=%Lu $folder/people/%Lu\n}\n",
    "2.4": (
        "passdb people {\n  driver = passwd-file\n  passwd_file_path = $folder/people/%{user | lower}\n"
        "  default_password_scheme = PLAIN\n}\n"
    ),
}
_TOKENS = {
    "2.3": (
        "passdb {\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = $folder/oauth2.conf\n}\n"
        "auth_mechanisms = plain oauthbearer xoauth2\n"
    ),
    "2.4": (
        "oauth2 {\n  introspection_mode = auth\n  introspection_url = $issuer/me\n  username_attribute = sub\n}\n"
        "auth_mechanisms = plain oauthbearer xoauth2\n"
    ),
}
_OAUTH2 = "introspection_mode = auth\nintrospection_url = $issuer/me\nusername_attribute = sub\n"


@dataclass
class Submission:
    """A submission server: what it took, and how each sign-in was made. Raises nothing."""

    people: dict[str, str]
    issuer: str
    taken: list[Envelope] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)

    async def auth_PLAIN(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  aiosmtpd's names
        _authorised, name, secret = b64decode(args[1]).decode().split("\0")
        return self._answer("PLAIN", name, self.people.get(name) == secret)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        user, bearer, *_rest = b64decode(args[1]).decode().split("\x01")
        name = user.removeprefix("user=")
        return self._answer("XOAUTH2", name, self._subject(bearer) == name)

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        header, bearer, *_rest = b64decode(args[1]).decode().split("\x01")
        name = header.removeprefix("n,a=").removesuffix(",")
        return self._answer("OAUTHBEARER", name, self._subject(bearer) == name)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if session.auth_data != address:
            return "530 5.7.0 Who are you?"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 2.0.0 OK"

    def _answer(self, mechanism: str, name: str, right: bool) -> AuthResult:
        self.sign_ins.append(f"{mechanism} {'yes' if right else 'no'}")
        return AuthResult(success=right, handled=False, auth_data=name)

    def _subject(self, bearer: str) -> str:
        scheme, _, token = bearer.removeprefix("auth=").partition(" ")
        request = urllib.request.Request(f"{self.issuer}/me", headers={"Authorization": f"{scheme} {token}"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return str(json.load(answer)["sub"])
        except urllib.error.HTTPError:
            return ""


@dataclass(frozen=True)
class Servers:
    """Where they are, who has which password, and what the submission server saw."""

    settings: MailSettings
    submission: Submission
    log: Path

    def give(self, login: str, password: str) -> None:
        """Gives somebody a mailbox with a password."""
        self.submission.people[login] = password
        # A file for each: Dovecot looks at a file it knows once a second.
        Path(self.settings.folder, "people", login).write_text(f"{login}:{{PLAIN}}{password}\n")

    def refusals(self, *, expected: int = 0) -> int:
        """How often Dovecot turned a password away; its log may be a moment late for what is `expected`."""
        for _try in range(100):
            if self._counted() >= expected:
                break
            threading.Event().wait(0.02)
        return self._counted()

    def _counted(self) -> int:
        return self.log.read_text(errors="replace").count("Password mismatch")


@contextmanager
def servers_without_master(issuer: str = "") -> Iterator[Servers]:
    """A private Dovecot whose people have passwords, and tokens of `issuer`; a submission server of the same mind."""
    with tempfile.TemporaryDirectory(prefix="nm-own-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        settings = prepare_mail(Path(folder), domain="paris.fr", flavour="dovecot", durable=False)
        dovecot, log = settings.dovecot(), Path(folder, "own.log")
        _configure(dovecot, issuer)
        submission = Submission({}, issuer)
        controller = Controller(submission, hostname="127.0.0.1", port=settings.smtp_port, auth_require_tls=False)
        with log.open("ab") as out:
            child = _start(dovecot, out.fileno())
            try:
                controller.start()
                for port in (settings.imap_port, settings.sieve_port):
                    wait_for_port(port, [child])
                yield Servers(settings, submission, log)
            finally:
                controller.stop(no_assert=True)
                stop(child, (SIGTERM, 5))


def _configure(dovecot: Dovecot, issuer: str) -> None:
    """The portal's own configuration, and who the people are in place of nobody."""
    dovecot.write_configuration()
    text = dovecot.configuration.read_text()
    version = "2.4" if "dovecot_config_version" in text else "2.3"
    parts = _PEOPLE[version] + (_TOKENS[version] if issuer else "")
    values = {"folder": str(dovecot.folder), "issuer": issuer}
    log = "auth_verbose = yes\ninfo_log_path = /dev/stderr\n"
    dovecot.configuration.write_text(text + log + Template(parts).substitute(values))
    people, tokens = dovecot.folder / "people", dovecot.folder / "oauth2.conf"
    people.mkdir()
    people.chmod(0o755)
    tokens.write_text(Template(_OAUTH2).substitute(values))
    tokens.chmod(0o644)


def _start(dovecot: Dovecot, log: int) -> subprocess.Popen[bytes]:
    """As `Dovecot.start`, which would write the configuration anew."""
    command: list[Any] = [dovecot.binary, "-F", "-c", dovecot.configuration]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)


__all__ = ["Servers", "servers_without_master"]
