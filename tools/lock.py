"""`make lock`: turns requirements/*.in into requirements/*.txt, with hashes and without any address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The order matters: the later lists are constrained by the earlier ones.
NAMES = ("main", "embedded", "s3", "cachet", "dev", "node")
OPTIONS = ["--allow-unsafe", "--generate-hashes", "--strip-extras", "--quiet"]
NO_ADDRESS = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]


def main() -> int:
    """Locks each list; returns the status of the first failure."""
    for name in NAMES:
        print(f"→ requirements/{name}.txt…", flush=True)
        target = f"requirements/{name}.txt"
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *NO_ADDRESS, *sys.argv[1:]]
        header = f"make lock  # requirements/{name}.in"
        result = subprocess.run(
            [*command, "--output-file", target, f"requirements/{name}.in"],
            check=False,
            cwd=ROOT,
            env={**os.environ, "CUSTOM_COMPILE_COMMAND": header},
        )
        if result.returncode:
            return result.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
