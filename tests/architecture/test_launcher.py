"""The `nomade` command that `tools/bootstrap.py` writes."""

from __future__ import annotations

import importlib.util
import runpy
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
