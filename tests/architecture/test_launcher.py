"""`tools/bootstrap.py`: what it says when it cannot go on, and the `nomade` command that it writes."""

from __future__ import annotations

import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

BOOTSTRAP = Path(__file__).resolve().parents[2] / "tools" / "bootstrap.py"


def test_a_process_of_a_pool_that_imports_the_command_does_not_run_it_again(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec is not None and spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    script = tmp_path / "nomade.py"
    script.write_text(bootstrap.LAUNCHER)

    # multiprocessing gives this name to the main script when it imports it in a child.
    known = runpy.run_path(str(script), run_name="__mp_main__")

    assert callable(known["main"])


def prepare(root: Path, before: str) -> subprocess.CompletedProcess[str]:
    """Runs the script in a clone of nothing but itself, in a Python that `before` changed first."""
    (root / "tools").mkdir()
    copy = root / "tools" / "bootstrap.py"
    shutil.copy(BOOTSTRAP, copy)
    run = f"import runpy, sys\nsys.argv = ['bootstrap.py']\nrunpy.run_path({str(copy)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", f"{before}\n{run}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )


def test_a_python_without_venv_is_said_with_the_package_to_install(tmp_path: Path) -> None:
    without = (
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name in ('venv', 'ensurepip') else find(name, *more)"
    )
    result = prepare(tmp_path, without)
    assert result.returncode == 1
    (sentence,) = result.stderr.splitlines()
    assert "Il manque le module « venv » de Python" in sentence
    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in sentence
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_too_old_is_said(tmp_path: Path) -> None:
    result = prepare(tmp_path, "import sys\nsys.version_info = (3, 9, 2, 'final', 0)")
    assert result.returncode == 1
    (sentence,) = result.stderr.splitlines()
    assert "3.11" in sentence


def test_make_without_any_python_says_what_to_install() -> None:
    make = shutil.which("make")
    assert make
    result = subprocess.run(
        [make, "-s", "python", "PYTHON="], check=False, capture_output=True, text=True, cwd=BOOTSTRAP.parents[1]
    )
    # `make` itself answers 2 for any recipe that failed.
    assert result.returncode == 2
    assert result.stderr.startswith("Il faut Python 3.11 ou plus récent")
