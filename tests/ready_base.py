"""An empty base with every migration applied, kept from one run of the tests to the next.

Applying the migrations takes most of the time of a short run. The folder of a stopped PostgreSQL can be copied: each
process of the tests starts on a copy of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".cache" / "test-base"
#: What an empty base is made of: a change in one of these makes it anew.
_SOURCES = ("migrations/*.py", "data/**/*", "shipped.py", "kernel/migrating.py")


def copy_ready_base(folder: Path) -> None:
    """Puts into `folder`/data the files of a migrated base, which is made first when none is kept."""
    kept = KEPT / _key()
    if not kept.exists():
        subprocess.run([sys.executable, "-m", "tests.ready_base", str(kept)], check=True, cwd=ROOT)
    folder.chmod(0o711)  # as root, PostgreSQL runs as a user of its own, who must be able to enter
    shutil.copytree(kept, folder / "data")


def _key() -> str:
    files = [ROOT / "requirements" / "embedded.txt", ROOT / "requirements" / "main.txt"]
    for pattern in _SOURCES:
        files += [path for path in (ROOT / "nomade").rglob(pattern) if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"{digest.hexdigest()[:16]}-{os.geteuid()}"  # files of one user are closed to another


def _make(kept: Path) -> None:
    """Creates the tests' database on a server of its own, stops it, and keeps its files."""
    from nomade.runtime.postgres import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="nm-base-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Path(folder, "portal", "static").mkdir(parents=True)
        with embedded_postgres(folder, for_tests=True) as url:
            os.environ.update(
                NOMADE_DATABASE_URL=url,
                NOMADE_DATA_DIR=str(folder / "portal"),
                DJANGO_SETTINGS_MODULE="nomade.config.settings",
            )
            _create_database()
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.iterdir():
            if old.name.endswith(f"-{os.geteuid()}"):
                shutil.rmtree(old)
        unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(folder / "data", unfinished)
        try:
            unfinished.rename(kept)
        except OSError:
            if not kept.exists():
                raise
            shutil.rmtree(unfinished)  # another run was quicker


def _create_database() -> None:
    import django
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0)
    connection.close()


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
