"""`nomade run` for real: it serves, keeps its data, and stops as a whole when any of its parts dies."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import psutil
import psycopg
import pytest
from moto.server import ThreadedMotoServer

from nomade.cli.tests.test_refusals import ROOT, free_port, nomade
from nomade.runtime.postgres import embedded_postgres

pytestmark = pytest.mark.slow
START_SECONDS = 300
#: Which part each name of the log is, by a word of its command line.
PARTS = {
    "base": "pginstall18/bin/postgres",
    "courrier": "nomade.runtime.mailserver.serve",
    "tâches": "procrastinate",
    "web": "granian",
}


class Running:
    """One `nomade run` and what it says."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.said = ""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NOMADE_", "DJANGO_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nomade", "run", "--no-demo", "--port", str(port)],
            cwd=data.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**inherited, "PYTHONPATH": str(ROOT), "NOMADE_DATA_DIR": str(data)},
        )

    def read_until(self, word: str) -> None:
        """Waits for a word in the log, or for its end."""
        deadline = time.monotonic() + START_SECONDS
        output = self.process.stdout
        assert output is not None
        while word not in self.said:
            ready, _, _ = select.select([output], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(output.fileno(), 65536) if ready else b""
            assert chunk, f"« {word} » was not said:\n{self.said}"
            self.said += chunk.decode(errors="replace")

    def end(self) -> int:
        """Waits for the end and returns the exit status."""
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest.decode(errors="replace")
        return self.process.returncode

    def part(self, name: str) -> psutil.Process:
        """The process of one part."""
        for child in psutil.Process(self.process.pid).children():
            if any(PARTS[name] in word for word in child.cmdline()):
                return child
        raise AssertionError(f"no {name}: {self.said}")

    def get(self, path: str) -> bytes:
        """The first bytes of an answer, the certificate checked against our authority."""
        context = ssl.create_default_context(cafile=str(self.data / "tls" / "nomade-ca.pem"))
        host = "nomades.ville.localhost"
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{self.port}\r\nConnection: close\r\n\r\n".encode())
            return secure.recv(4096)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder that is made ready once; below /tmp, where the database's own user can come as root."""
    folder = Path(tempfile.mkdtemp(prefix="nomade-run-"))
    folder.chmod(0o711)
    (folder / "var" / "mail").mkdir(parents=True)
    (folder / "var" / "mail" / "flavour").write_text("pymap\n")
    yield folder / "var"
    shutil.rmtree(folder)


@contextmanager
def running(data: Path) -> Iterator[Running]:
    portal = Running(data, free_port())
    try:
        portal.read_until("Ctrl-C arrête tout")
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.send_signal(signal.SIGINT)
            portal.end()
        assert portal.process.stdout is not None
        portal.process.stdout.close()


def test_it_serves_over_https_and_stops_on_request(data: Path) -> None:
    with running(data) as portal:
        children = psutil.Process(portal.process.pid).children(recursive=True)
        assert portal.get("/healthz").startswith(b"HTTP/1.1 200")
        found = nomade("showmigrations", "people", data=data)
        assert "[X] 0001_first_edition" in found.stdout, found.stderr
        portal.process.send_signal(signal.SIGINT)
        assert portal.end() == 0
        assert "Tout est arrêté." in portal.said
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert not (data / "running.json").exists()


@pytest.mark.parametrize("name", list(PARTS))
def test_the_death_of_a_part_stops_all_and_is_explained(data: Path, name: str) -> None:
    with running(data) as portal:
        children = psutil.Process(portal.process.pid).children(recursive=True)
        portal.part(name).kill()
        assert portal.end() == 1
    assert f"« {name} » s’est arrêté (tué par le signal SIGKILL) : tout est arrêté." in portal.said
    assert "Traceback" not in portal.said.split("tout est arrêté")[-1]
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_a_killed_supervisor_leaves_no_child_and_the_next_start_works(data: Path) -> None:
    with running(data) as portal:
        children = psutil.Process(portal.process.pid).children(recursive=True)
        portal.process.kill()
        portal.end()
        assert psutil.wait_procs(children, timeout=15)[1] == []
    with running(data) as again:
        assert again.get("/healthz").startswith(b"HTTP/1.1 200")


def test_a_backup_gives_back_what_was_lost(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with running(data) as portal:
        environment = json.loads((data / "running.json").read_text())["environment"]
        with psycopg.connect(environment["NOMADE_DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS witness AS SELECT 42 AS answer")
            made = nomade("backup", str(copy), data=data)
            assert made.returncode == 0, made.stderr
            connection.execute("DROP TABLE witness")
        assert "arrêtez-le avant" in nomade("restore", str(copy), data=data).stderr
        assert portal.process.poll() is None
    restored = nomade("restore", "--replace", str(copy), data=data)
    assert restored.returncode == 0, restored.stderr
    with embedded_postgres(data / "postgres") as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT answer FROM witness").fetchone() == (42,)
    assert not list(copy.glob("*secret*"))
    assert {path.name for path in tmp_path.iterdir()} == {"copy", "copy-cles"}


def test_a_damaged_backup_is_refused(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert nomade("backup", str(copy), data=data).returncode == 0
    dump = copy / "base.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    result = nomade("restore", "--replace", str(copy), data=data)
    assert (result.returncode, "base.dump n’est pas celui qui a été écrit" in result.stderr) == (1, True)


def test_a_backup_takes_the_bucket_along_and_the_doctor_asks_it(data: Path, tmp_path: Path) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {"aws_access_key_id": "portal", "aws_secret_access_key": "secret-of-the-portal"}
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys)
        client.create_bucket(Bucket="dossiers")
        client.put_object(Bucket="dossiers", Key="nomade/ab/sealed", Body=b"sealed bytes")
        chosen = {
            "NOMADE_STORAGE_URL": f"s3://dossiers?endpoint=http://{host}:{port}&prefix=nomade",
            "NOMADE_STORAGE_ACCESS_KEY": "portal",
            "NOMADE_STORAGE_SECRET_KEY": "secret-of-the-portal",
        }
        with running(data):
            asked = nomade("doctor", data=data, **chosen)
            assert "compartiment dossiers" in asked.stdout, asked.stdout + asked.stderr
            made = nomade("backup", str(tmp_path / "copy"), data=data, **chosen)
            assert made.returncode == 0, made.stderr
        client.delete_object(Bucket="dossiers", Key="nomade/ab/sealed")
        restored = nomade("restore", "--replace", str(tmp_path / "copy"), data=data, **chosen)
        assert restored.returncode == 0, restored.stderr
        assert client.get_object(Bucket="dossiers", Key="nomade/ab/sealed")["Body"].read() == b"sealed bytes"
    finally:
        server.stop()
    gone = nomade("doctor", data=data, **chosen)
    assert gone.returncode == 1
    assert "✗ stockage" in gone.stderr and "Traceback" not in gone.stderr


def test_the_doctor_finds_a_healthy_portal_healthy(data: Path) -> None:
    result = nomade("doctor", data=data)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "Tout va bien."), result.stdout + result.stderr


def test_the_doctor_names_a_key_that_others_can_read(data: Path) -> None:
    key = data / "secrets" / "secret-key"
    key.chmod(0o644)
    try:
        result = nomade("doctor", data=data)
    finally:
        key.chmod(0o600)
    assert result.returncode == 1
    assert "secret-key peut être lu par d’autres" in result.stderr
