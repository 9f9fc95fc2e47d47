"""Each promise of docs/security.md and docs/webmail.md names a test that exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["security.md", "webmail.md"])
def test_each_promise_of_a_page_names_a_test_that_exists(page: str) -> None:
    rows = [line for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines() if "`test_" in line]
    listing = subprocess.run(["git", "ls-files", "*test_*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    existing = {
        name
        for path in listing.stdout.splitlines()
        for name in re.findall(r"^\s*def (test_\w+)\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    }
    promised = {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}
    assert len(rows) > 20
    assert promised <= existing, f"these tests are gone: {sorted(promised - existing)}"
