"""pymap on a maildir, with one master account, special folders, named Sieve scripts and filtered delivery.

This module is our only contact with pymap: what its maildir backend lacks for a webmail is added here.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.maildir import Config, FilterSet, Session
from pymap.backend.maildir.layout import MaildirLayout
from pymap.backend.maildir.mailbox import MailboxSet, Maildir
from pymap.concurrent import Subsystem
from pymap.config import BackendCapability
from pymap.exceptions import AppendFailure, AuthorizationFailure, InvalidAuth, NotAllowedError
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface, LoginInterface
from pymap.parsing.message import AppendMessage
from pymap.selected import SelectedMailbox
from pymap.sieve import SieveParseError
from pymap.sieve.manage import ManageSieveServer
from pymap.token import AllTokens
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials

from .mailboxes import SPECIAL_FOLDERS, Mailboxes, normalised, split_login

_SCRIPT_NAME = re.compile(r"[^/\x00-\x1f]{1,120}")


class _Config(Config):
    """No TLS (loopback), and the capabilities we add."""

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])

    @property
    def greeting(self) -> bytes:
        return b"Nomade"  # pymap's own greeting asks the network for the host's name


class _Maildir(Maildir):
    """A message that moves gets a new name: pymap's list of numbers would give it its old number when it comes back."""

    def move_message(self, key: str, dest: Maildir, dest_subdir: str) -> str:
        name: str = super().move_message(key, dest, dest_subdir)
        new = f"{secrets.token_hex(4)}{name}"
        folder = Path(dest._path, dest_subdir)  # noqa: SLF001  pymap keeps the path of a maildir to itself
        (folder / name).rename(folder / new)
        return new


class _ScriptFolder(FilterSet):
    """Several named scripts, one of them active: what a mail program expects of ManageSieve (RFC 5804)."""

    def __init__(self, home: str) -> None:
        super().__init__(home)
        self._scripts = Path(home, "sieve")
        self._active = Path(home, "sieve-active")

    def _path(self, name: str) -> Path:
        if not _SCRIPT_NAME.fullmatch(name) or name in {".", ".."}:
            raise KeyError(name)
        return self._scripts / f"{name}.sieve"

    async def put(self, name: str, value: bytes) -> None:
        await self.compiler.compile(bytes(value))
        self._scripts.mkdir(exist_ok=True)
        self._path(name).write_bytes(bytes(value))

    async def delete(self, name: str) -> None:
        if name == self._active_name():
            raise ValueError(name)
        self._existing(name).unlink()

    async def rename(self, before_name: str, after_name: str) -> None:
        source, target = self._existing(before_name), self._path(after_name)
        if target.exists():
            raise KeyError(after_name)
        source.rename(target)
        if self._active_name() == before_name:
            self._active.write_text(after_name)

    async def set_active(self, name: str) -> None:
        self._existing(name)
        self._active.write_text(name)

    async def clear_active(self) -> None:
        self._active.unlink(missing_ok=True)

    async def get(self, name: str) -> bytes:
        return self._existing(name).read_bytes()

    async def get_all(self) -> tuple[str | None, Sequence[str]]:
        return self._active_name(), sorted(path.stem for path in self._scripts.glob("*.sieve"))

    async def get_active(self) -> bytes | None:
        name = self._active_name()
        return self._existing(name).read_bytes() if name else None

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():
            raise KeyError(name)
        return path

    def _active_name(self) -> str | None:
        return self._active.read_text() if self._active.exists() else None


class _Session(Session):
    """LIST tells what each special folder is for."""

    async def list_mailboxes(
        self, ref_name: str, filter_: str, subscribed: bool = False, selected: SelectedMailbox | None = None
    ) -> tuple[Iterable[tuple[str, str | None, Sequence[bytes]]], SelectedMailbox | None]:
        found, updates = await super().list_mailboxes(ref_name, filter_, subscribed, selected)
        marked = []
        for name, delimiter, attributes in found:
            use = SPECIAL_FOLDERS.get(name)
            marked.append((name, delimiter, [*attributes, use.lstrip("\\").encode()] if use else attributes))
        return marked, updates


class _Identity(IdentityInterface):
    """One agent, whose mailbox is created by the first session."""

    def __init__(self, login: _Login, name: str) -> None:
        self._login = login
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def roles(self) -> frozenset[str]:
        return frozenset()

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[_Session]:
        yield self._login.open(self._name)

    async def new_token(self, *, expiration: datetime | None = None) -> str | None:
        return None

    async def get(self) -> UserMetadata:
        return UserMetadata(self._login.config, self._name)

    async def set(self, metadata: UserMetadata) -> int | None:
        raise NotAllowedError("Not here.")

    async def delete(self) -> None:
        raise NotAllowedError("Not here.")


class _Secret:
    """What pysasl compares the given name and password with."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()

    authcid = ""

    def compare_authcid(self, authcid: str) -> bool:
        return True  # the name is read by _Login

    def compare_secret(self, secret: str) -> bool:
        return hmac.compare_digest(secret.encode(errors="surrogateescape"), self._password)

    def get_clear_secret(self) -> str | None:
        return None  # no challenge mechanism


class _Login(LoginInterface):
    """Signs in on behalf of any agent with the master's password, in the same forms as Dovecot."""

    def __init__(self, config: _Config, mailboxes: Mailboxes, master_user: str, master_password: str) -> None:
        self.config = config
        self._mailboxes = mailboxes
        self._master_user = master_user
        self._secret = _Secret(master_password)
        self._tokens = AllTokens(config)

    @property
    def tokens(self) -> AllTokens:
        return self._tokens

    async def authenticate(self, credentials: ServerCredentials) -> IdentityInterface:
        name = credentials.authcid
        agent = split_login(name, self._master_user)
        if name == self._master_user:
            # pymap's ManageSieve never calls authorize(): the master becomes the agent here, and has no box itself.
            agent = normalised(credentials.authzid)
        if agent is None or not credentials.verify(self._secret):
            await asyncio.sleep(self.config.invalid_user_sleep)
            raise InvalidAuth
        return _Identity(self, agent)

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> IdentityInterface:
        wanted = split_login(authzid, self._master_user) or normalised(authzid)
        if wanted is None or wanted != authenticated.name:
            raise AuthorizationFailure
        return authenticated

    def open(self, login: str) -> _Session:
        home = self._mailboxes.home(login)
        maildir_path = str(home / "Maildir")
        layout: MaildirLayout[Any] = MaildirLayout.get(maildir_path, "++", _Maildir)
        new = not Path(maildir_path).exists()
        home.mkdir(parents=True, exist_ok=True)
        maildir = _Maildir(maildir_path, create=new)
        if new:
            for name in SPECIAL_FOLDERS:
                layout.add_folder(name, "/")
            Path(maildir_path, "subscriptions").write_text("".join(f"{name}\n" for name in SPECIAL_FOLDERS))
        return _Session(login, self.config, MailboxSet(maildir, layout), _ScriptFolder(str(home)))


def _serving(server: IMAPServer | ManageSieveServer) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """What asyncio calls with each connection.

    pymap's own way makes a task that nobody holds: a connection that waits may be collected, and cut.
    """

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await server(reader, writer, SocketInfo.get(writer, None, unique_id=uuid4().bytes))

    return serve


class PymapStore:
    """The IMAP and ManageSieve servers, and delivery into the same maildirs."""

    def __init__(self, mailboxes: Mailboxes, *, master_user: str, master_password: str) -> None:
        self._mailboxes = mailboxes
        arguments = Namespace(passlib_cfg=None, proxy_protocol=None, concurrency=None)
        config = _Config(
            arguments,
            base_dir=str(mailboxes.folder),
            layout="++",
            colon=None,
            host="127.0.0.1",
            port=0,
            tls_enabled=False,
            reject_dnsbl=False,
            subsystem=Subsystem.for_asyncio(),
        )
        config.apply_context()
        self._config = config
        self._login = _Login(config, mailboxes, master_user, master_password)

    async def listen(self, stack: AsyncExitStack, imap_port: int, sieve_port: int) -> None:
        """Serves both protocols on loopback until the stack is closed."""
        for server, port in (
            (IMAPServer(self._login, self._config), imap_port),
            (ManageSieveServer(self._login, self._config), sieve_port),
        ):
            listening = await asyncio.start_server(_serving(server), host="127.0.0.1", port=port)
            await stack.enter_async_context(listening)

    async def deliver(self, login: str, sender: str, message: bytes) -> None:
        """Puts the message where the agent's active script says, or in the inbox when it says nothing or fails."""
        session = self._login.open(login)
        head = f"Return-Path: <{sender}>\r\nDelivered-To: {login}\r\n".encode()
        append = AppendMessage(head + message, datetime.now(UTC))
        folder: str | None = "INBOX"
        script = await session.filter_set.get_active()
        if script is not None:
            try:
                compiled = await session.filter_set.compiler.compile(script)
                folder, append = await compiled.apply(sender, login, "INBOX", append)
            except (SieveParseError, AppendFailure, NotImplementedError):
                folder = "INBOX"  # a broken filter must not lose mail
        if folder is None:
            return
        try:
            mailbox = await session.mailbox_set.get_mailbox(folder)
        except KeyError:
            mailbox = await session.mailbox_set.get_mailbox("INBOX")
        await mailbox.append(append, recent=True)
