"""Every start that is refused is one French sentence on the error stream and exit status 1."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nomade.cli.management import run_management_command
from nomade.runtime.data_folder import DataLock, kept_secrets, open_data_folder
from nomade.runtime.errors import StartRefused

ROOT = Path(__file__).parents[3]


def nomade(*arguments: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a person does, with nothing of the tests' own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NOMADE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "nomade", *arguments],
        check=False,
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=60,
        env={**inherited, "PYTHONPATH": str(ROOT), "NOMADE_DATA_DIR": str(data), **settings},
    )


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """What was said, once it is sure that it is a sentence, and not a trace."""
    assert result.returncode == 1, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"NOMADE_MFA": "maybe"}, "NOMADE_MFA"),
        ({"NOMADE_PORT": "web"}, "NOMADE_PORT"),
        ({"NOMADE_ENV": "production"}, "NOMADE_SECRET_KEY : il manque"),
        ({"NOMADE_ENV": "production", "NOMADE_SECRET_KEY": "x" * 50}, "NOMADE_ENCRYPTION_KEYS : il manque"),
        ({"NOMADE_IMAP_URL": "imaps://imap.example"}, "NOMADE_SMTP_URL : il manque"),
        ({"NOMADE_SMTP_URL": "smtps://smtp.example"}, "NOMADE_IMAP_URL : il manque"),
        (
            {"NOMADE_IMAP_URL": "imaps://imap.example", "NOMADE_SMTP_URL": "smtps://smtp.example"},
            "NOMADE_MAIL_MASTER_PASSWORD : il manque",
        ),
        ({"NOMADE_MAIL_AUTH": "password"}, "NOMADE_MAIL_AUTH"),
        ({"NOMADE_MAIL_AUTH": "xoauth2"}, "NOMADE_OIDC_ISSUER"),
        ({"NOMADE_TLS_CERT": "/srv/cert.pem"}, "NOMADE_TLS_KEY : il manque"),
        ({"NOMADE_TLS_CERT": "/absent.pem", "NOMADE_TLS_KEY": "/absent.key"}, "NOMADE_TLS_CERT"),
        ({"NOMADE_DATABASE_URL": "postgresql://x@127.0.0.1:1/y"}, "ne répond pas"),
        ({"NOMADE_SESION_IDLE_MINUTES": "30"}, "vouliez-vous dire NOMADE_SESSION_IDLE_MINUTES ?"),
        ({"NOMADE_MACHIN_A_CAFE": "30"}, "NOMADE_MACHIN_A_CAFE : ce nom n’existe pas ; docs/operations.md"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_or_missing_setting_is_named(tmp_path: Path, given: dict[str, str], expected: str) -> None:
    port = {"NOMADE_PORT": str(free_port())}
    assert expected in one_sentence(nomade("run", data=tmp_path / "var", **{**port, **given}))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("run --port abc", "nomade run : --port : « abc » ne convient pas, il faut un nombre entier"),
        ("run --port 0", "Réglage NOMADE_PORT : 0 ne convient pas"),
        ("run --zone bureau", "nomade run : --zone : « bureau » ne convient pas, il faut internet"),
        ("run --port", "nomade run : --port : il manque sa valeur"),
        ("run --demo-no", "nomade run : « --demo-no » n’est pas une option de cette commande"),
        ("backup", "nomade backup : il manque"),
        ("import-payslips x.pdf --period 2026-13", "nomade import-payslips : --period : « 2026-13 » n’est pas un mois"),
        ("check --vite", "nomade check : « --vite » n’est pas une option de cette commande"),
        ("check --verbosity=9", "nomade check : -v : « 9 » ne convient pas, il faut 0 ou 1 ou 2 ou 3"),
    ],
)
def test_options_that_are_not_understood_are_one_sentence_too(tmp_path: Path, command: str, said: str) -> None:
    told = one_sentence(nomade(*command.split(), data=tmp_path / "var"))
    assert told.startswith(said), told


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/srv/paie.pdf"),
            "l’accès est refusé à ce compte du système.",
        ),
        (OSError(errno.ENOSPC, "No space left on device", "/srv/liste.csv"), "le disque est plein."),
        (OSError(errno.EIO, "Input/output error", "/srv/liste.csv"), "Input/output error."),
    ],
)
def test_a_file_that_a_command_cannot_use_is_named(
    error: OSError, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management.commands.check import Command

    def broken(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Command, "execute", broken)
    assert run_management_command("check", []) == 1
    assert capsys.readouterr().err == f"« {error.filename} » ne peut pas être utilisé : {said}\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = one_sentence(nomade("run", "--port", str(port), data=tmp_path / "var"))
    assert f"Le port {port} est déjà pris" in sentence
    assert f"make run PORT={port + 1}" in sentence


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    with DataLock(data, "run") as lock:
        assert lock.acquire()
        lock.publish({})
        assert f"tourne déjà sur les données de {data} (processus {os.getpid()})" in one_sentence(
            nomade("run", data=data)
        )


def test_http_without_a_proxy_is_refused(tmp_path: Path) -> None:
    result = nomade("run", "--http", "--port", str(free_port()), data=tmp_path / "var")
    assert "NOMADE_TRUSTED_PROXIES" in one_sentence(result)


def test_a_full_disk_is_said_with_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=10**12, used=10**12, free=12 * 10**6)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(StartRefused, match="il reste 12 Mo"):
        open_data_folder(tmp_path / "var")


def test_a_disk_without_any_room_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StartRefused, match="est plein"):
        open_data_folder(tmp_path / "var")


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "ne peut pas être écrit" in one_sentence(nomade("run", data=tmp_path / "var"))


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    result = nomade("no-such-command", data=tmp_path / "var", NOMADE_DATABASE_URL="postgresql://x@127.0.0.1:1/y")
    assert "« no-such-command » n’existe pas" in one_sentence(result)


@pytest.mark.parametrize("name", ["run", "doctor", "backup", "restore", "prepare", "migrate", "import-agents"])
def test_every_command_answers_help_without_starting_anything(tmp_path: Path, name: str) -> None:
    result = nomade(name, "--help", data=tmp_path / "var")
    assert result.returncode == 0, result.stderr
    assert f"nomade {name}" in result.stdout
    assert not (tmp_path / "var" / "postgres").exists()


def test_help_lists_our_commands(tmp_path: Path) -> None:
    result = nomade("--help", data=tmp_path / "var")
    for name in ("run", "demo", "import-payslips", "backup", "doctor"):
        assert f"  {name} " in result.stdout


def test_generated_secrets_are_kept_and_closed_to_others(tmp_path: Path) -> None:
    first = kept_secrets(tmp_path, {})
    assert kept_secrets(tmp_path, {}) == first
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "secrets", *(tmp_path / "secrets").iterdir()))
    assert kept_secrets(tmp_path, {"NOMADE_SECRET_KEY": "given"}).keys() == {"NOMADE_ENCRYPTION_KEYS"}


def test_the_lock_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    with DataLock(tmp_path, "run") as first:
        assert first.acquire()
        assert not DataLock(tmp_path, "command").acquire()
    with DataLock(tmp_path, "command") as second:
        assert second.acquire()
