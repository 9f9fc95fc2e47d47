"""The data folder (`var/`): may we write there, who is using it, and the secrets it keeps."""

from __future__ import annotations

import base64
import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from .errors import StartRefused

LEAST_FREE_BYTES = 500 * 10**6


def open_data_folder(folder: Path) -> None:
    """Creates the folder or checks it. Raises `StartRefused` when it cannot be written or the disk is full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StartRefused(
                f"Le disque de {folder} est plein. Faites de la place ou indiquez un autre dossier dans"
                " NOMADE_DATA_DIR."
            ) from error
        raise StartRefused(
            f"Le dossier des données {folder} ne peut pas être écrit ({error.strerror}) : changez ses droits ou"
            " indiquez-en un autre dans NOMADE_DATA_DIR."
        ) from error
    if free < LEAST_FREE_BYTES:
        raise StartRefused(
            f"Le disque de {folder} est presque plein : il reste {free // 10**6} Mo, il en faut"
            f" {LEAST_FREE_BYTES // 10**6}. Faites de la place ou indiquez un autre dossier dans NOMADE_DATA_DIR."
        )


def write_private(path: Path, text: str) -> None:
    """Writes a file that its owner alone can read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _kept(folder: Path, name: str, fresh: str) -> str:
    path = folder / name
    if not path.exists():
        write_private(path, f"{fresh}\n")
    return path.read_text().strip()


def kept_secrets(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The secrets that the operator did not give, made once and kept in `folder`/secrets for its owner alone.

    Raises `StartRefused` when the folder was used before and its encryption key is gone: a new one would open nothing.
    """
    place = folder / "secrets"
    place.mkdir(mode=0o700, exist_ok=True)
    used = (place / "secret-key").exists() or (folder / "files").exists()
    if used and not given.get("NOMADE_ENCRYPTION_KEYS") and not (place / "encryption-keys").exists():
        raise StartRefused(
            f"La clé de chiffrement manque ({place / 'encryption-keys'}) : sans elle aucun document déjà reçu ne peut"
            " être lu. Remettez ce fichier depuis la sauvegarde des clés, ou donnez NOMADE_ENCRYPTION_KEYS."
        )
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    makers = {
        # First: a folder with the other secret was used before.
        "NOMADE_ENCRYPTION_KEYS": ("encryption-keys", f"k1:{key}"),
        "NOMADE_SECRET_KEY": ("secret-key", secrets.token_urlsafe(64)),
    }
    return {name: _kept(place, file, fresh) for name, (file, fresh) in makers.items() if not given.get(name)}


def kept_mail_password(folder: Path) -> str:
    """The password of the embedded mail's master account."""
    place = folder / "secrets"
    place.mkdir(mode=0o700, exist_ok=True)
    return _kept(place, "mail-master", secrets.token_urlsafe(32))


class DataLock:
    """Who runs embedded servers on a data folder: one `nomade run`, or one command at a time.

    The kernel frees the lock when its holder dies, so a crash leaves nothing to clean. The note beside it tells other
    commands how to reach what the holder runs.
    """

    def __init__(self, folder: Path, kind: Literal["run", "command"]) -> None:
        self._path = folder / "nomade.lock"
        self._note = folder / "running.json"
        self._kind = kind
        self._descriptor = -1

    def acquire(self, *, wait: bool = False) -> bool:
        """Whether the lock is ours now; with `wait`, returns only when it is."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self._note.unlink(missing_ok=True)
        return True

    def publish(self, environment: Mapping[str, str]) -> None:
        """Tells other commands how to reach our servers."""
        note = {"pid": os.getpid(), "kind": self._kind, "environment": dict(environment)}
        write_private(self._note, json.dumps(note))

    def holder(self) -> tuple[str, int, dict[str, str]] | None:
        """Kind, process number and environment of whoever holds the lock and has published, else None."""
        try:
            note = json.loads(self._note.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return str(note["kind"]), int(note["pid"]), dict(note["environment"])

    def release(self) -> None:
        """Gives the lock back."""
        if self._descriptor >= 0:
            self._note.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
