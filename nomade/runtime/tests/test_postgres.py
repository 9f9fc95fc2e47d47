"""The embedded database: it starts, keeps its data, and lets nobody else in."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from nomade.runtime import places, postgres
from nomade.runtime.errors import StartRefused
from nomade.runtime.processes import is_alive

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    folder = tmp_path_factory.mktemp("postgres")
    cluster = postgres.prepare(folder, for_tests=True)
    with (folder / "log").open("wb") as log:
        process = postgres.start(cluster, log=log, for_tests=True)
        postgres.wait_until_ready(cluster, process)
        yield cluster
        postgres.stop_server(process)
    if cluster.data.parent != folder:
        shutil.rmtree(cluster.data.parent)


def test_the_portal_role_owns_its_database_and_is_no_superuser(server: postgres.Cluster) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_user, rolsuper, rolcreaterole, pg_get_userbyid(datdba)"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    assert row == ("nomade", False, False, "nomade")


def test_accents_are_folded_to_lower_case_whatever_the_machine_locale(server: postgres.Cluster) -> None:
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT lower('ÉLÈVE ŒUVRE')").fetchone() == ("élève œuvre",)


def test_the_server_listens_on_no_port(server: postgres.Cluster) -> None:
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_data_and_socket_folders_are_closed_to_others(server: postgres.Cluster) -> None:
    for folder in (server.data, server.sockets):
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.stat().st_uid == server.user.uid


def connect_as(name: str, cluster: postgres.Cluster, role: str) -> subprocess.CompletedProcess[str]:
    """Tries to connect with the wheel's psql as another user of the machine."""
    entry = pwd.getpwnam(name)
    target = f"host={cluster.sockets} user={role} dbname={role}"
    return subprocess.run(
        [cluster.binaries / "psql", "--no-psqlrc", "-c", "SELECT 1", target],
        check=False,
        capture_output=True,
        text=True,
        env=cluster.environment(),
        cwd="/",
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
    )


if AS_ROOT:  # another local user can only be impersonated by root, as in .ci/run

    @pytest.mark.parametrize("role", ["nomade", "postgres"])
    def test_another_local_user_cannot_reach_the_socket(server: postgres.Cluster, role: str) -> None:
        result = connect_as("nobody", server, role)
        assert result.returncode != 0
        assert "Permission denied" in result.stderr

    @pytest.mark.parametrize("role", ["nomade", "postgres"])
    def test_another_local_user_is_refused_even_with_the_folder_open(server: postgres.Cluster, role: str) -> None:
        socket = server.sockets / ".s.PGSQL.5432"
        server.sockets.chmod(0o755)
        socket.chmod(0o777)
        try:
            result = connect_as("nobody", server, role)
        finally:
            socket.chmod(0o700)
            server.sockets.chmod(0o700)
        assert result.returncode != 0
        assert "Peer authentication failed" in result.stderr

    def test_the_server_does_not_run_as_root(server: postgres.Cluster) -> None:
        pid = int((server.data / "postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == server.user.uid != 0

    def test_data_copied_by_root_is_given_back_to_the_server(tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        (data / "PG_VERSION").write_text("18\n")
        user = postgres._server_user(data)
        assert user.name == postgres.SYSTEM_USER
        assert (data / "PG_VERSION").stat().st_uid == user.uid

    def test_a_user_cannot_reach_a_folder_below_a_closed_one(tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        nobody = pwd.getpwnam("nobody")
        assert not places.can_reach(places.SystemUser("nobody", nobody.pw_uid, nobody.pw_gid), closed / "below")


def test_data_is_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    # A folder that the server's user can reach, so that it is not the throw-away one of tests.
    with postgres.embedded_postgres(tmp_path) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with postgres.embedded_postgres(tmp_path) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    note = tmp_path / "location"
    if note.exists():
        shutil.rmtree(note.read_text().splitlines()[1])


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    wanted = tmp_path / ("long" * 30)
    folder = places.socket_folder(wanted, places.current_user())
    assert len(f"{folder}/.s.PGSQL.5432") <= 107
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_a_socket_folder_held_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trap").symlink_to(tmp_path)
    with pytest.raises(StartRefused, match="appartient à quelqu’un d’autre"):
        places.private_folder(tmp_path / "trap", places.current_user())


def test_a_copied_data_folder_is_not_taken_for_the_original(tmp_path: Path) -> None:
    (tmp_path / "location").write_text("/srv/elsewhere\n/var/lib/nomade/postgres-0000000000\n")
    with pytest.raises(StartRefused, match="copie de celles de /srv/elsewhere"):
        postgres.prepare(tmp_path)


def test_data_of_another_major_version_is_refused_with_the_way_out(server: postgres.Cluster, tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("16\n")
    older = postgres.Cluster(server.binaries, tmp_path, server.sockets, server.user)
    with pytest.raises(StartRefused, match=r"format de PostgreSQL 16.*nomade restore"):
        postgres._check_version(older)


def test_the_server_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from nomade.runtime import postgres\n"
        "cluster = postgres.prepare(pathlib.Path(sys.argv[1]), for_tests=True)\n"
        "process = postgres.start(cluster, log=open('/dev/null', 'wb'), for_tests=True)\n"
        "postgres.wait_until_ready(cluster, process)\n"
        "print(process.pid, cluster.data.parent, flush=True); input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid, home = parent.stdout.readline().split()
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    _wait_for_end(int(pid))
    if home != str(tmp_path):
        shutil.rmtree(home)


def _wait_for_end(pid: int) -> None:
    """Waits for a process that is not our child, through its kernel handle."""
    import select

    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    with os.fdopen(handle, closefd=True):
        ready, _, _ = select.select([handle], [], [], 15)
    assert ready, "PostgreSQL outlived its parent"
    assert is_alive(os.getpid())
