from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.leftovers import folder_of_ours

PREFIX = "nomade-left-"


def test_what_a_killed_run_left_goes_with_the_next_one_and_nobody_else_s() -> None:
    living = folder_of_ours(PREFIX)
    code = f"from tests.leftovers import folder_of_ours as f; print(f({PREFIX!r})); import os; os._exit(9)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    killed, named_otherwise = Path(made.stdout.strip()), Path(f"/tmp/{PREFIX}of-a-person")
    named_otherwise.mkdir(exist_ok=True)
    assert killed.is_dir()
    later = folder_of_ours(PREFIX)
    assert not killed.exists()
    assert living.is_dir() and later.is_dir() and named_otherwise.is_dir()
    for folder in (living, later, named_otherwise):
        shutil.rmtree(folder)
