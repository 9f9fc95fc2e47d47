"""Conventions that a reviewer would otherwise repeat; each failure says what to do."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400


def _tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


def _python() -> list[Path]:
    return [path for path in _tracked("*.py") if "migrations" not in path.parts]


def _templates() -> list[Path]:
    return _tracked("nomade/**/templates/**/*.html")


def test_files_stay_under_400_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in [*_python(), *_templates(), *_tracked("frontend/**/*.ts", "frontend/**/*.css")]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert not long, "cut these into a folder of nouns:\n" + "\n".join(long)


def _functions_without(pattern: str) -> Iterator[str]:
    for path in _python():
        if "tests" in path.parts or path.name == "clock.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        (r"\b(date\.today|datetime\.now|datetime\.utcnow|timezone\.now)\(", "ask nomade.kernel.clock"),
        (r"except( Exception| BaseException)?:\s*(pass|\.\.\.)\s*$", "say what went wrong"),
        (r"\.(raw|extra)\(", "use the ORM, or a cursor with parameters"),
        (r"\bpickle\b|yaml\.load\(", "use JSON"),
    ],
)
def test_python_avoids_what_a_review_would_refuse(pattern: str, advice: str) -> None:
    allowed = ("nomade/kernel/clock.py", "nomade/runtime/", "tools/", "tests/")
    found = [line for line in _functions_without(pattern) if not line.startswith(allowed)]
    assert not found, f"{advice}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        (r"\sstyle=", "put the rule in frontend/styles: the Content-Security-Policy refuses style attributes"),
        (r"\son[a-z]+=|\shx-on", "write a custom element: the Content-Security-Policy refuses inline handlers"),
        (r"<script(?![^>]*\bsrc=)", "put the code in frontend/elements"),
        (r"javascript:", "never"),
        (r"\|\s*safe\b", "make markup with a macro or markupsafe, not with |safe"),
        (r"https?://(?!www\.w3\.org)", "no address of a third party in a page"),
    ],
)
def test_templates_avoid_what_the_browser_would_refuse(pattern: str, advice: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, f"{advice}:\n" + "\n".join(found)


def test_every_template_is_used() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in [*_python(), *_templates()])
    unused = [
        name
        for path in _templates()
        if (name := str(path).split("/templates/", 1)[1]) not in sources
        and Path(name).name not in sources
        and f'"{Path(name).stem}"' not in sources  # named without its folder, which the view adds
    ]
    assert not unused, "delete, or use:\n" + "\n".join(unused)


def test_every_test_name_is_a_sentence() -> None:
    short = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in _python()
        if "tests" in path.parts
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if len(name.split("_")) < 4
    ]
    assert not short, "say what is expected, in words:\n" + "\n".join(short)


def test_no_lock_file_holds_a_download_address() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked("requirements/*.txt", "frontend/package-lock.json")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r'^--(extra-)?index-url|^--find-links|"resolved": *"https?:|^[^#]*@ https?:', line)
    ]
    assert not named, named


def test_nothing_is_skipped() -> None:
    marks = re.compile(r"pytest\.mark\.skip|pytest\.skip\(|pytest\.importorskip|mark\.xfail")
    skipping = [
        str(path.relative_to(ROOT))
        for path in _python()
        if path != Path(__file__) and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert not skipping, "a skipped test proves nothing: " + ", ".join(skipping)
