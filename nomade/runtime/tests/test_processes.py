"""The environment of the programs that the supervisor starts."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from nomade.runtime.processes import compiled_once, with_files


def test_modules_are_compiled_once_even_where_nothing_may_be_written_beside_them(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "some_module.py").write_text("VALUE = 1\n")
    environment = compiled_once({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(code)}, tmp_path / "kept")
    subprocess.run([sys.executable, "-c", "import some_module"], env=environment, check=True)
    assert [path.name.split(".")[0] for path in (tmp_path / "kept").rglob("some_module*.pyc")] == ["some_module"]
    assert [path.name for path in code.iterdir()] == ["some_module.py"]


def test_a_place_that_the_operator_chose_is_kept(tmp_path: Path) -> None:
    assert compiled_once({"PYTHONPYCACHEPREFIX": "/srv/pyc"}, tmp_path)["PYTHONPYCACHEPREFIX"] == "/srv/pyc"


def test_a_program_opens_as_many_files_as_it_needs_and_the_system_allows() -> None:
    ask = [sys.executable, "-c", "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"]

    def low() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2_000))

    for wanted, given in ((1_500, "1500 2000"), (100_000, "2000 2000"), (100, "256 2000")):
        done = subprocess.run(ask, preexec_fn=with_files(wanted, low), check=True, capture_output=True, text=True)
        assert done.stdout.strip() == given
