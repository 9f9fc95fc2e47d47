"""Roundcube beside us, where Debian's packages put it (roundcube-core, roundcube-sqlite3, php-cli): on loopback only.

PHP's own server with eight workers and opcache; a base in SQLite; the mail server's master, as the portal does.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from nomade.runtime.mailserver import MailSettings

ROOT = Path("/var/lib/roundcube/public_html")
TABLES = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
PHP = ("-d", "opcache.enable_cli=1", "-d", "opcache.validate_timestamps=0", "-d", "memory_limit=512M")


def is_here() -> bool:
    """Whether this machine has one."""
    return ROOT.exists() and TABLES.exists() and shutil.which("php") is not None


@dataclass(eq=False)
class Client:
    """One person in Roundcube. PHP's server closes each connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, query: dict[str, str], form: dict[str, str] | None = None) -> str:
        """One request. Raises RuntimeError for what is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.token:
            headers |= {"X-Roundcube-Request": self.token, "X-Requested-With": "XMLHttpRequest"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        connection.request("POST" if form is not None else "GET", "/?" + urlencode(query), body, headers)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        connection.close()
        if response.status not in (200, 302):
            raise RuntimeError(f"Roundcube: {response.status} {text[:300]}")
        return text

    def sign_in(self, login: str) -> None:
        """Through its form."""
        page = self.ask({"_task": "login"})
        found = re.search(r'name="_token" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError("Roundcube shows no form: " + page[:300])
        form = {"_token": found[1], "_task": "login", "_action": "login", "_timezone": "Europe/Paris", "_user": login,
                "_pass": "master", "_url": ""}  # fmt: skip
        self.ask({"_task": "login"}, form)
        page = self.ask({"_task": "mail"})
        known = re.search(r'"request_token":"([^"]+)"', page)
        if known is None:
            raise RuntimeError(f"{login} was not let in by Roundcube: " + page[:300])
        self.token = known[1]

    def listed(self, folder: str) -> list[int]:
        """What a click on a folder asks; the numbers of its messages."""
        text = self.ask({"_task": "mail", "_action": "list", "_mbox": folder, "_remote": "1", "_refresh": "1"})
        found = [int(number) for number in re.findall(r"add_message_row\((\d+)", text)]
        if not found:
            raise RuntimeError("Roundcube lists nothing: " + text[:500])
        return found

    def opened(self, folder: str, uid: int) -> None:
        """What a click on a message asks."""
        text = self.ask({"_task": "mail", "_action": "preview", "_mbox": folder, "_uid": str(uid), "_framed": "1"})
        if "messagebody" not in text:
            raise RuntimeError("Roundcube shows no message: " + text[:500])

    def searched(self, folder: str, word: str) -> None:
        """A search of subjects."""
        query = {"_task": "mail", "_action": "search", "_q": word, "_headers": "subject", "_mbox": folder}
        text = self.ask({**query, "_scope": "base", "_interval": "", "_remote": "1"})
        if '"action":"search"' not in text:
            raise RuntimeError("Roundcube does not search: " + text[:500])


@contextmanager
def running(folder: Path, servers: MailSettings, imap_port: int) -> Iterator[int]:
    """Roundcube for the length of a block, reaching the mail server by this port; its own port."""
    place = folder / f"roundcube-{imap_port}"
    for part in ("", "logs", "temp"):
        (place / part).mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(place / "base.db") as base:
        base.executescript(TABLES.read_text())
    (place / "config.inc.php").write_text(
        "<?php $config = ["
        f"'db_dsnw' => 'sqlite:///{place}/base.db?mode=0640', 'imap_host' => '127.0.0.1:{imap_port}', "
        f"'imap_auth_type' => 'PLAIN', 'imap_auth_cid' => '{servers.master_user}', "
        f"'imap_auth_pw' => '{servers.master_password}', 'smtp_host' => '127.0.0.1:{servers.smtp_port}', "
        "'des_key' => 'benchbenchbenchbenchbenc', 'plugins' => [], 'skin' => 'elastic', 'ip_check' => false, "
        f"'log_dir' => '{place}/logs/', 'temp_dir' => '{place}/temp/', 'login_rate_limit' => 1000];"
    )
    (place / "mimetypes.php").write_text(Path("/etc/roundcube/mimetypes.php").read_text())
    (place / "defaults.inc.php").write_text(Path("/etc/roundcube/defaults.inc.php").read_text())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (place / "php.log").open("wb")
    process = subprocess.Popen(
        ["php", *PHP, "-S", f"127.0.0.1:{port}", "-t", str(ROOT)],
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": "8", "ROUNDCUBE_CONFIG_DIR": str(place)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()
