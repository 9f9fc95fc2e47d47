"""A private Dovecot: its own configuration, folders and ports; the machine's own is neither read nor touched."""

from __future__ import annotations

import asyncio
import grp
import hashlib
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import IO

from .. import places
from ..errors import StartRefused
from ..processes import dies_with_parent, with_files
from .mailboxes import SEPARATOR, SPECIAL_FOLDERS, Mailboxes

MAIL_USER = "nomade-mail"
_LIBEXEC = (Path("/usr/lib/dovecot"), Path("/usr/libexec/dovecot"), Path("/usr/local/libexec/dovecot"))
_PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
_TEMPLATES = {(2, 3): "dovecot-2.3.conf", (2, 4): "dovecot-2.4.conf"}
#: Dovecot's longest socket name below base_dir.
_LONGEST_NAME = len("/token-login/imap-urlauth")
#: `default_client_limit` of the configuration, and what each part of Dovecot opens beside.
_FILES = 8_192
_TEMPORARY_FAILURE = 75  # EX_TEMPFAIL of sysexits.h


def find_dovecot() -> Path | None:
    """The machine's Dovecot, when both its IMAP and ManageSieve parts are there."""
    binary = shutil.which("dovecot", path=_PATH)
    return Path(binary) if binary and _libexec() else None


def _libexec() -> Path | None:
    for folder in _LIBEXEC:
        if all((folder / name).exists() for name in ("imap-login", "managesieve-login", "dovecot-lda")):
            return folder
    return None


@dataclass(frozen=True)
class Dovecot:
    """One private instance, in `folder`."""

    binary: Path
    folder: Path
    mailboxes: Mailboxes
    owner: places.SystemUser
    imap_port: int
    sieve_port: int
    master_user: str
    master_password: str
    durable: bool = True

    @property
    def configuration(self) -> Path:
        """Dovecot's configuration file, ours alone."""
        return self.folder / "dovecot.conf"

    def write_configuration(self) -> None:
        """Writes the configuration and the master's hashed password. Raises `StartRefused` when Dovecot rejects it."""
        runtime = places.socket_folder(self.folder / "run", places.current_user(), longest_name=_LONGEST_NAME)
        # Dovecot wants its unprivileged users to pass through; each socket has rights of its own.
        runtime.chmod(0o755)
        secret = self.folder / "master-users"
        secret.touch(mode=0o600)
        # The password is random and long: a fast hash is enough, and keeps each sign-in cheap.
        digest = hashlib.sha256(self.master_password.encode()).hexdigest()
        secret.write_text(f"{self.master_user}:{{SHA256.HEX}}{digest}\n")
        self.configuration.write_text(self._render(runtime, secret))
        check = subprocess.run(
            [shutil.which("doveconf", path=_PATH) or "doveconf", "-n", "-c", self.configuration],
            check=False,
            capture_output=True,
            text=True,
        )
        if check.returncode != 0:
            raise StartRefused(f"Dovecot refuse sa configuration : {check.stderr.strip().splitlines()[-1]}")

    def _render(self, runtime: Path, secret: Path) -> str:
        output = subprocess.run([self.binary, "--version"], check=True, capture_output=True, text=True).stdout
        major, minor = (int(part) for part in output.split()[0].split(".")[:2])
        name = _TEMPLATES.get((major, minor))
        if name is None:
            raise StartRefused(
                f"Dovecot {major}.{minor} n’est pas connu de Nomade (2.3 et 2.4 le sont) : indiquez un serveur dans"
                " NOMADE_IMAP_URL, ou retirez le paquet dovecot."
            )
        me = places.current_user()
        special = "".join(
            f"  mailbox {folder} {{\n    auto = subscribe\n    special_use = {use}\n  }}\n"
            for folder, use in SPECIAL_FOLDERS.items()
        )
        values = {
            "runtime": runtime,
            "secret": secret,
            "boxes": self.mailboxes.folder,
            "separator": SEPARATOR,
            "special_folders": special,
            "imap_port": self.imap_port,
            "sieve_port": self.sieve_port,
            "mail_uid": self.owner.uid,
            "mail_gid": self.owner.gid,
            "domain": self.mailboxes.domain,
            "fsync": "optimized" if self.durable else "never",
            "failure_delay": "2 secs" if self.durable else "0",
            "rootless": "" if me.uid == 0 else _ROOTLESS.substitute(user=me.name, group=_group_name(me.gid)),
            "auth_user": me.name if me.uid else "root",
        }
        return Template((Path(__file__).parent / name).read_text()).substitute(values)

    def start(self, *, log: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Starts it in the foreground as our child; it stops when this process dies."""
        self.write_configuration()
        return subprocess.Popen(
            [self.binary, "-F", "-c", self.configuration],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            env={"PATH": _PATH, "LC_ALL": "C", "TZ": "UTC"},
            preexec_fn=with_files(_FILES, dies_with_parent(signal.SIGTERM)),  # noqa: PLW1509  no thread is running yet
        )

    async def deliver(self, login: str, sender: str, message: bytes) -> None:
        """Hands the message to Dovecot's own delivery agent, which runs the agent's Sieve script.

        Raises `OSError` when it must be tried again.
        """
        libexec = _libexec()
        if libexec is None:
            raise FileNotFoundError("dovecot-lda")
        process = await asyncio.create_subprocess_exec(
            libexec / "dovecot-lda", "-c", self.configuration, "-e", "-d", login, "-f", sender,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
        )  # fmt: skip
        _, errors = await process.communicate(message)
        if process.returncode:
            reason = errors.decode(errors="replace").strip() or f"code {process.returncode}"
            raise OSError(process.returncode or _TEMPORARY_FAILURE, reason)


def _group_name(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


# An ordinary user can neither change user nor enter a chroot: every part of Dovecot runs as that user.
_ROOTLESS = Template("""
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service managesieve-login {
  chroot =
}
service stats {
  chroot =
}
""")
