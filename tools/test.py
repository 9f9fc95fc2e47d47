"""`make test`: the unit and integration suite, then the browser tests, each in a process of its own.

What the machine lacks is named with how to get it. A skip is an error when CI=true: a test that did not run proved
nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nomade.runtime.processes import compiled_once  # noqa: E402  (after the path is set)

#: Programs that tests drive, and the Debian package of each.
PROGRAMS = {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "dovecot": "dovecot-imapd dovecot-managesieved",
    "slapd": "slapd",
}
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/sbin"
BROWSER_TESTS = ROOT / "tests" / "e2e"
MOST_PROCESSES = 4


def missing_programs() -> list[str]:
    """What the machine lacks."""
    path = f"{os.environ.get('PATH', '')}:{SYSTEM_FOLDERS}"
    return [name for name in PROGRAMS if shutil.which(name, path=path) is None]


def processes() -> list[str]:
    """One process a core, each with a database of its own: a server that was given is shared by nobody."""
    count = 1 if "NOMADE_DATABASE_URL" in os.environ else min(os.cpu_count() or 1, MOST_PROCESSES)
    return ["-n", str(count), "--dist", "worksteal"] if count > 1 else ["-p", "no:xdist"]


def run(label: str, command: list[str]) -> tuple[int, int]:
    """Runs one pytest; returns its exit status and how many tests it skipped."""
    print(f"\n→ {label}", flush=True)
    started = time.monotonic()
    skipped = 0
    environment = compiled_once(os.environ, ROOT / ".cache" / "python")  # a suite starts hundreds of programs
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, errors="replace")
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        found = re.search(r"\b(\d+) skipped\b", line)
        if (found and line.startswith("=")) or (found and re.search(r"\b(passed|failed)\b", line)):
            skipped = int(found[1])
    status = process.wait()
    print(f"  {label} : {time.monotonic() - started:.0f} s", flush=True)
    return status, skipped


def main() -> int:
    """Runs the suites; 0 when everything that could run passed, and nothing was skipped under CI."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--browser-only", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("rest", nargs="*")
    options, rest = parser.parse_known_args()
    strict = os.environ.get("CI") == "true"
    missing = missing_programs()
    for name in missing:
        print(f"Il manque {name} : ce qui en a besoin sera sauté. Pour l’avoir : apt install {PROGRAMS[name]}")
    if missing and strict:
        print("En intégration continue rien ne doit être sauté.", file=sys.stderr)
        return 1
    pytest = [sys.executable, "-m", "pytest"]
    extra = [*options.rest, *rest]
    suites = []
    if not options.browser_only:
        suites.append(("Tests unitaires et d’intégration", [*pytest, "-q", *processes(), *extra]))
    if not options.no_browser:
        browser = [*pytest, "-v", "-c", str(BROWSER_TESTS / "pytest.ini"), "--rootdir", str(BROWSER_TESTS)]
        suites.append(("Tests de navigateur", [*browser, *extra, str(BROWSER_TESTS)]))
    total_skipped, worst = 0, 0
    for label, command in suites:
        status, skipped = run(label, command)
        total_skipped += skipped
        worst = worst or status
    if total_skipped:
        print(f"\n{total_skipped} tests sautés.", file=sys.stderr)
        if strict:
            return 1
    return worst


if __name__ == "__main__":
    sys.exit(main())
