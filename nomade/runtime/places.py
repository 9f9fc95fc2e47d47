"""Where the embedded servers may keep their files, and under which system user they run."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import StartRefused

#: Used when the clone lies under a folder that only root may enter.
SYSTEM_DATA = Path("/var/lib/nomade")
#: A Unix socket's whole path may not exceed this many bytes.
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True)
class SystemUser:
    """A user of the machine."""

    name: str
    uid: int
    gid: int


def current_user() -> SystemUser:
    """Who runs this program. Raises `StartRefused` when the system has no name for it (PostgreSQL needs one)."""
    return user_of(os.geteuid())


def user_of(uid: int) -> SystemUser:
    """The user with this number. Raises `StartRefused` when the system does not know it."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise StartRefused(
            f"L’utilisateur numéro {uid} n’a pas de nom sur cette machine : ajoutez-le à /etc/passwd ou lancez Nomade"
            " sous un autre utilisateur."
        ) from error
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def unprivileged_user(name: str) -> SystemUser:
    """The system user `name`, created when absent; for root only, since PostgreSQL refuses to run as root.

    Never falls back to `nobody`: other programs share it, and whoever becomes it would read the data.
    """
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        _create_user(name)
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise StartRefused(
                f"L’utilisateur système « {name} » n’a pas pu être créé (useradd ou adduser) : créez-le, ou lancez"
                " Nomade sous un utilisateur ordinaire."
            ) from None
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create_user(name: str) -> None:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", name]
    elif shutil.which("adduser"):  # BusyBox
        command = ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", name]
    else:
        return
    subprocess.run(command, check=False, capture_output=True)


def can_reach(user: SystemUser, path: Path) -> bool:
    """Whether `user` may walk down to `path` (every existing parent folder lets it through)."""
    groups = {user.gid, *(group.gr_gid for group in grp.getgrall() if user.name in group.gr_mem)}
    for folder in (path, *path.resolve().parents):
        try:
            status = folder.stat()
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(status.st_mode):
            continue
        if status.st_uid == user.uid:
            allowed = status.st_mode & stat.S_IXUSR
        elif status.st_gid in groups:
            allowed = status.st_mode & stat.S_IXGRP
        else:
            allowed = status.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def fingerprint(path: Path) -> str:
    """A short stable name for a folder."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:10]


def private_folder(path: Path, owner: SystemUser) -> Path:
    """Creates `path` as a folder that its owner alone may enter, or checks that it is one.

    Raises `StartRefused` when somebody else holds that name: a socket folder under /tmp could be a trap.
    """
    try:
        path.mkdir(mode=0o700, parents=False)
    except FileExistsError:
        pass
    else:
        if os.geteuid() == 0:
            os.chown(path, owner.uid, owner.gid)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner.uid, os.geteuid()}:
        raise StartRefused(f"Le dossier {path} appartient à quelqu’un d’autre : supprimez-le ou déplacez les données.")
    if stat.S_IMODE(status.st_mode) != 0o700:
        path.chmod(0o700)
    if status.st_uid != owner.uid:
        os.chown(path, owner.uid, owner.gid)
    return path


def socket_folder(wanted: Path, owner: SystemUser, *, longest_name: int = len("/.s.PGSQL.5432")) -> Path:
    """`wanted` when sockets with names of that length fit below it, else a private folder with a short path."""
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH - longest_name:
        return private_folder(wanted, owner)
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/run")
    base = runtime if os.access(runtime, os.W_OK) and can_reach(owner, runtime) else Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > LONGEST_SOCKET_PATH - longest_name - 40:
        base = Path("/tmp")  # noqa: S108  the folder below it is private and its owner is checked
    return private_folder(base / f"nomade-{owner.uid}-{fingerprint(wanted)}", owner)


def kept_home(folder: Path) -> Path:
    """`folder`, or the place under /var/lib/nomade that an earlier start chose for it.

    Raises `StartRefused` when `folder` is a copy of another one whose data lies there.
    """
    note = folder / "location"
    if not note.exists():
        return folder
    owner, _, place = note.read_text().strip().partition("\n")
    if owner != str(folder):
        raise StartRefused(
            f"Les données de {folder} sont une copie de celles de {owner}, qui sont en fait dans {place} : utilisez"
            " « nomade backup » et « nomade restore » pour les copier."
        )
    return Path(place)


def reachable_home(folder: Path, user: SystemUser, what: str) -> Path:
    """`folder` when `user` can walk to it, else a place under /var/lib/nomade, written down in `folder`/location."""
    home = kept_home(folder)
    if can_reach(user, home):
        return home
    home = SYSTEM_DATA / f"{what}-{fingerprint(folder)}"
    home.mkdir(parents=True, exist_ok=True)
    (folder / "location").write_text(f"{folder}\n{home}\n")
    print(f"L’utilisateur « {user.name} » ne peut pas entrer dans {folder} : les données sont placées dans {home}.")
    return home
