"""The Node that Playwright is driven by."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import playwright


def drive_with_a_node_that_runs() -> None:
    """Playwright's own Node wants a library that a bare Debian has not: there, the Node that was installed for us."""
    own = Path(playwright.__file__).parent / "driver" / "node"
    if subprocess.run([own, "--version"], check=False, capture_output=True).returncode != 0:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).with_name("node")))
