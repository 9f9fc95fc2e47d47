"""`nomade backup DIR` and `nomade restore DIR`: the base, the files, and the keys in a folder of their own.

The base is copied first, in one snapshot, while the portal runs; the files, which are only ever added or purged, come
after: whatever the base names is there. The keys go to another folder, because whoever holds both can read everything.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from nomade.cli import bucket
from nomade.cli.arguments import Arguments
from nomade.cli.installation import EMPTY_QUERY, checked, database_for_a_command, given_settings, mail_settings
from nomade.config.environment import Environment
from nomade.kernel import clock
from nomade.runtime.data_folder import open_data_folder, write_private
from nomade.runtime.errors import StartRefused
from nomade.runtime.places import kept_home
from nomade.runtime.postgres import wheel_binaries

MANIFEST = "manifest.json"
FORMAT = 1
_LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def backup(arguments: Sequence[str]) -> int:
    """Copies everything to an empty folder, reads it again, and says where the keys are."""
    parser = Arguments(prog="nomade backup", description=backup.__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--keys", type=Path, metavar="DIR", help="dossier des clés (par défaut : DIR-cles, à côté)")
    options = parser.parse_args(list(arguments))
    folder: Path = options.folder.resolve()
    keys: Path = (options.keys or folder.with_name(f"{folder.name}-cles")).resolve()
    for place in (folder, keys):
        _new_folder(place)
    environment = checked(given_settings())
    with database_for_a_command():
        _say("Base de données")
        _dump(folder / "base.dump")
    for name, source in _trees(environment).items():
        _say(f"Fichiers ({name})")
        _pack(source, folder / f"{name}.tar")
    if environment.storage_url.startswith("s3:"):
        _say("Fichiers (documents, du compartiment)")
        bucket.pack(environment, folder / "documents.tar")
    if (folder / "courrier.tar").exists():
        shutil.copyfile(environment.data_dir / "mail" / "flavour", folder / "courrier.txt")
    for name in ("secrets", "tls"):
        if (environment.data_dir / name).is_dir():
            _pack(environment.data_dir / name, keys / f"{name}.tar")
    for place in (folder, keys):
        _write_manifest(place)
        _verify(place)
    print(f"Sauvegarde faite et relue dans {folder}.")
    print(f"Les clés sont à part, dans {keys} : gardez-les ailleurs que la sauvegarde.")
    return 0


def restore(arguments: Sequence[str]) -> int:
    """Checks a backup, then puts it in place of what the base and the files hold."""
    parser = Arguments(prog="nomade restore", description=restore.__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--keys", type=Path, metavar="DIR", help="dossier des clés (par défaut : DIR-cles, à côté)")
    parser.add_argument("--replace", action="store_true", help="efface ce que la base et les fichiers contiennent")
    options = parser.parse_args(list(arguments))
    folder: Path = options.folder.resolve()
    keys: Path = (options.keys or folder.with_name(f"{folder.name}-cles")).resolve()
    _verify(folder)
    environment = checked(given_settings())
    open_data_folder(environment.data_dir)
    _restore_keys(keys, environment, given_keys=options.keys is not None)
    with database_for_a_command():
        _refuse_if_running(environment)
        if not options.replace and not _is_empty():
            raise StartRefused("La base n’est pas vide : ajoutez --replace pour effacer ce qu’elle contient.")
        if (folder / "courrier.tar").exists() and not environment.imap_url:
            # The mailboxes go back to the kind of store that wrote them.
            mail_settings(environment, os.environ["NOMADE_DATABASE_URL"], (folder / "courrier.txt").read_text().strip())
        for name, source in _trees(environment).items():
            _unpack(folder / f"{name}.tar", source, replace=options.replace)
        if environment.storage_url.startswith("s3:"):
            _say("Fichiers (documents, vers le compartiment)")
            bucket.unpack(environment, folder / "documents.tar")
        _load(folder / "base.dump")
    print("Sauvegarde remise en place. « nomade doctor » vérifie l’ensemble.")
    return 0


def _say(what: str) -> None:
    print(f"→ {what}…", flush=True)


def _new_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise StartRefused(f"Le dossier {folder} n’est pas vide : choisissez-en un autre.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartRefused(f"Le dossier {folder} ne peut pas être créé ({error.strerror}).") from error


def _trees(environment: Environment) -> dict[str, Path]:
    """Folders of files that belong to a backup."""
    url = environment.storage_url
    trees = {}
    if not url.startswith("s3:"):
        trees["documents"] = Path(unquote(urlsplit(url).path)) if url else environment.data_dir / "files"
    if not environment.imap_url and (environment.data_dir / "mail").is_dir():
        trees["courrier"] = kept_home(environment.data_dir / "mail") / "boxes"
    return trees


def _program(name: str) -> str:
    own = wheel_binaries() / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        raise StartRefused(f"Le programme {name} manque : installez le client de PostgreSQL.")
    return found


def _postgres(name: str, *arguments: str | Path) -> None:
    """Runs a program of PostgreSQL; the address goes by the environment, where other users cannot read it."""
    parts = conninfo_to_dict(os.environ["NOMADE_DATABASE_URL"])
    variables = {_LIBPQ[key]: str(value) for key, value in parts.items() if key in _LIBPQ and value is not None}
    command = [_program(name), "--no-password", *arguments]
    result = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **variables})
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["sans explication"])[-1]
        raise StartRefused(f"{name} a échoué : {reason}")


def _dump(target: Path) -> None:
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", target)
    target.chmod(0o600)
    _postgres("pg_restore", "--list", "--file=/dev/null", target)


def _load(source: Path) -> None:
    _say("Base de données")
    with psycopg.connect(os.environ["NOMADE_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    name = conninfo_to_dict(os.environ["NOMADE_DATABASE_URL"]).get("dbname")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _postgres("pg_restore", *options, f"--dbname={name}", source)


def _is_empty() -> bool:
    with psycopg.connect(os.environ["NOMADE_DATABASE_URL"]) as connection:
        if connection.execute("SELECT to_regclass('people_agent')").fetchone() == (None,):
            return True
        return connection.execute(EMPTY_QUERY.encode()).fetchone() == (True,)


def _refuse_if_running(environment: Environment) -> None:
    note = environment.data_dir / "running.json"
    if note.exists() and json.loads(note.read_text())["kind"] == "run":
        raise StartRefused("Nomade tourne sur ces données : arrêtez-le avant de restaurer.")


def _pack(source: Path, target: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for path in sorted(source.rglob("*")) if source.is_dir() else []:
                try:
                    archive.add(path, arcname=str(path.relative_to(source)), recursive=False)
                except FileNotFoundError:
                    continue  # purged or moved by its owner since the list was made
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, target: Path, *, replace: bool) -> None:
    if not source.exists():
        return
    _say(f"Fichiers ({source.stem})")
    owner = target.stat() if target.exists() else None
    if target.is_dir() and any(target.iterdir()):
        if not replace:
            raise StartRefused(f"Le dossier {target} n’est pas vide : ajoutez --replace pour l’effacer.")
        shutil.rmtree(target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(source) as archive:
        # Ours, checked by its sum; owners and rights are kept. Python before 3.11.4 knows no filter.
        safely: dict[str, Any] = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
        archive.extractall(target, numeric_owner=True, **safely)  # noqa: S202
    if owner is not None and os.geteuid() == 0:
        # The mail's user may have another number on this machine.
        for path in (target, *target.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _restore_keys(keys: Path, environment: Environment, *, given_keys: bool) -> None:
    """Puts the keys back where there are none; refuses to mix two installations."""
    if not keys.is_dir():
        if given_keys:
            raise StartRefused(f"Le dossier des clés {keys} n’existe pas.")
        return
    _verify(keys)
    for name in ("secrets", "tls"):
        source = keys / f"{name}.tar"
        if not source.exists():
            continue
        with tarfile.open(source) as archive:
            for member in archive.getmembers():
                content = archive.extractfile(member)
                if content is not None:
                    _restore_key(environment.data_dir / name / member.name, content.read().decode())


def _restore_key(target: Path, content: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not target.exists():
        write_private(target, content)
    elif target.read_text() != content and target.name == "encryption-keys":
        raise StartRefused(
            f"{target} n’est pas la clé de cette sauvegarde : restaurez dans un autre NOMADE_DATA_DIR, ou ôtez ce"
            " fichier si rien n’a été chiffré avec lui."
        )


def _sums(folder: Path) -> dict[str, dict[str, object]]:
    sums: dict[str, dict[str, object]] = {}
    for path in sorted(folder.iterdir()):
        if path.name != MANIFEST:
            with path.open("rb") as file:
                sums[path.name] = {
                    "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
                    "size": path.stat().st_size,
                }
    return sums


def _write_manifest(folder: Path) -> None:
    content = {"format": FORMAT, "made": clock.now().isoformat(timespec="seconds"), "files": _sums(folder)}
    write_private(folder / MANIFEST, json.dumps(content, indent=1))


def _verify(folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise StartRefused(f"{folder} n’est pas une sauvegarde de Nomade ({MANIFEST} manque ou est abîmé).") from error
    if manifest.get("format") != FORMAT:
        raise StartRefused(f"La sauvegarde de {folder} est d’un format que cette version ne connaît pas.")
    found = _sums(folder)
    for name, expected in manifest["files"].items():
        if found.get(name) != expected:
            raise StartRefused(f"La sauvegarde est abîmée : {name} n’est pas celui qui a été écrit.")
