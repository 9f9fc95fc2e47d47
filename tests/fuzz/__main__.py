"""`python -m tests.fuzz messages|answers [seconds]`: lets atheris look for a message or an answer that breaks us.

atheris is not among our requirements (`pip install atheris`). It begins from the seeds of `mailkit/tests`; what it
finds becomes one more seed there, where the suite reads it for ever.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["mailkit"]):
    from mailkit.errors import MailError
    from mailkit.tests.fuzzing import ATTACKS, SEEDS, read_answer, read_message


def one_answer(data: bytes) -> None:
    """An answer is read, or refused as making no sense."""
    try:
        read_answer(data)
    except MailError as error:
        if error.key != "protocol":
            raise


TARGETS = {"answers": one_answer, "messages": read_message}


def main() -> None:
    """Runs for the time given, a minute at first; a fault stops it and leaves its input in the folder of today."""
    name, seconds = sys.argv[1], (sys.argv[2:] or ["60"])[0]
    seeds = [str(SEEDS / name), *([str(ATTACKS)] if name == "messages" else [])]
    with tempfile.TemporaryDirectory(prefix="nomade-fuzz-", dir="/tmp") as found:
        options = [f"-max_total_time={int(seconds)}", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, found, *seeds], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
