"""Embedded IMAP, ManageSieve and SMTP, for `nomade run` without mail servers and for tests.

Two stores speak the same way to a client: a private Dovecot when the machine has one, else pymap. Sign in with
`login_name(agent, master_user)` and the master's password; the mailbox is created by the first sign-in or delivery.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from signal import SIGTERM

from .. import places
from ..errors import StartRefused
from ..processes import dies_with_parent, stop
from .mailboxes import Mailboxes, login_name, normalised
from .settings import Flavour, MailSettings, choose_flavour, default_flavour, flavour_named, mail_owner

__all__ = [
    "Flavour",
    "MailSettings",
    "embedded_mail",
    "embedded_mail_servers",
    "flavour_named",
    "listens",
    "login_name",
    "prepare_mail",
    "starters",
]

#: What Dovecot says of an ordinary stop.
CHATTER = re.compile(r"Killed with signal 15|SIGTERM")
MASTER_USER = "nomade-portail"


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def prepare_mail(
    folder: Path,
    *,
    domain: str,
    flavour: Flavour | None = None,
    master_password: str = "",
    address_query: str = "",
    database_url: str = "",
    durable: bool = True,
) -> MailSettings:
    """Creates what the servers of `folder` need and picks free ports. Raises `StartRefused` with a sentence.

    `address_query` is SQL that finds a row when the address given as only parameter has a mailbox, asked of
    `database_url`; without it, an address exists once somebody has signed in as it.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = choose_flavour(folder, flavour)
    if chosen == "dovecot":
        folder = places.reachable_home(folder, mail_owner(), "mail")
    folder.mkdir(parents=True, exist_ok=True)
    boxes = folder / "boxes"
    if not boxes.exists():
        places.private_folder(boxes, mail_owner() if chosen == "dovecot" else places.current_user())
    imap_port, smtp_port, sieve_port = free_ports(3)
    return MailSettings(
        flavour=chosen,
        folder=str(folder),
        domain=domain.lower(),
        imap_port=imap_port,
        smtp_port=smtp_port,
        sieve_port=sieve_port,
        master_user=MASTER_USER,
        master_password=master_password or secrets.token_urlsafe(32),
        address_query=address_query,
        database_url=database_url,
        durable=durable,
    )


def starters(settings: MailSettings) -> dict[str, Callable[[int], subprocess.Popen[bytes]]]:
    """How to start each server, by name; each takes the descriptor that its messages go to."""
    if settings.flavour == "pymap":
        return {"courrier": partial(_start_own_server, settings)}
    return {"imap": lambda log: settings.dovecot().start(log=log), "smtp": partial(_start_own_server, settings)}


def _start_own_server(settings: MailSettings, log: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "nomade.runtime.mailserver.serve"],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=dies_with_parent(SIGTERM),  # noqa: PLW1509  no thread is running yet
    )
    assert server.stdin is not None
    server.stdin.write(json.dumps(settings.as_json()).encode())
    server.stdin.close()
    return server


def listens(port: int) -> bool:
    """Whether somebody answers on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for_port(port: int, children: Iterable[subprocess.Popen[bytes]], *, seconds: float = 20) -> None:
    """Returns when somebody listens on the loopback port. Raises `StartRefused` when a child dies or time is over."""
    deadline = time.monotonic() + seconds
    while not listens(port):
        if any(child.poll() is not None for child in children):
            raise StartRefused("Le serveur de courrier s’est arrêté aussitôt.")
        if time.monotonic() > deadline:
            raise StartRefused(f"Le serveur de courrier ne répond pas après {seconds:.0f} secondes.")
        time.sleep(0.02)


@contextmanager
def embedded_mail(
    folder: Path,
    *,
    flavour: Flavour | None = None,
    domain: str = "paris.fr",
    logins: Iterable[str] = (),
    for_tests: bool = True,
) -> Iterator[MailSettings]:
    """Runs the servers for the length of the block; `logins` are mailboxes that exist from the start.

    `for_tests` trades safety for speed. The servers' messages are in mail.log beside the mail.
    """
    dovecot = (flavour or default_flavour()) == "dovecot"
    if for_tests and dovecot and not places.can_reach(mail_owner(), folder):
        # pytest's own temporary folders, as root, are closed to the user of the mail.
        with tempfile.TemporaryDirectory(prefix="nomade-mail-") as open_folder:
            Path(open_folder).chmod(0o711)
            with embedded_mail(Path(open_folder), flavour=flavour, domain=domain, logins=logins) as settings:
                yield settings
        return
    settings = prepare_mail(folder, domain=domain, flavour=flavour, durable=not for_tests)
    boxes = settings.mailboxes()
    owner = mail_owner() if settings.flavour == "dovecot" else places.current_user()
    for login in logins:
        _create_home(boxes, login, owner)
    with embedded_mail_servers(settings):
        yield settings


@contextmanager
def embedded_mail_servers(settings: MailSettings) -> Iterator[None]:
    """Runs prepared servers for the length of the block; their messages go to mail.log beside the mail."""
    with (Path(settings.folder) / "mail.log").open("ab") as log:
        children = [start(log.fileno()) for start in starters(settings).values()]
        try:
            for port in (settings.imap_port, settings.smtp_port, settings.sieve_port):
                wait_for_port(port, children)
            yield
        finally:
            for child in reversed(children):
                stop(child, (SIGTERM, 5))


def _create_home(boxes: Mailboxes, login: str, owner: places.SystemUser) -> None:
    name = normalised(login)
    if name is None:
        raise ValueError(login)
    home = boxes.home(name)
    for path in (home.parent, home):
        path.mkdir(mode=0o700, exist_ok=True)
        os.chown(path, owner.uid, owner.gid)
