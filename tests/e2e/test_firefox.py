"""The main journey once in Firefox ESR, which Playwright cannot drive as Debian builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from people import CAMILLE

PARIS = ZoneInfo("Europe/Paris")


def _next_monday() -> date:
    day = datetime.now(PARIS).date() + timedelta(days=14)
    return day - timedelta(days=day.weekday())


def test_the_main_journey_works_in_firefox_esr(portal: Any) -> None:
    firefox, node = shutil.which("firefox-esr"), Path(sys.executable).parent / "node"
    assert firefox, "Firefox ESR manque : apt-get install firefox-esr"
    assert node.exists(), "Node manque : python3 tools/bootstrap.py --tests"
    outcome = subprocess.run(
        [node, "firefox.mjs"],
        cwd=Path(__file__).parent,
        env=os.environ
        | {
            "ORIGIN": portal.url("").rstrip("/"),
            "FIREFOX": firefox,
            "LOGIN": CAMILLE.login,
            "PASSWORD": CAMILLE.password,
            "DAY": _next_monday().isoformat(),
            "FILE": str(Path(__file__).parent / "firefox.mjs"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    for step in ("Boîte de réception", "message", "search", "held", "taken back"):
        assert f"ok {step}\n" in outcome.stdout
