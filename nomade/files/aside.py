"""Pages of PDF files that strangers sent, drawn in a process of its own: little memory, little time, no file.

PDFium is written in C++ and reads what an attacker may have written; a fault there must stop one picture, not a worker.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys

log = logging.getLogger("nomade.files")
SECONDS = 8
MEMORY = 900 * 1024 * 1024
_PROGRAM = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
import io, json
from nomade.files.drawing import UnreadablePdf, opened, page_picture
from PIL import Image
number = int(sys.argv[1])
content = sys.stdin.buffer.read()
try:
    if number < 0:
        with opened(content) as document:
            sys.stdout.write(json.dumps(len(document)))
    else:
        found = page_picture(content, number)
        out = io.BytesIO()
        Image.open(io.BytesIO(found.content)).save(out, "PNG")
        sys.stdout.buffer.write(out.getvalue())
except (UnreadablePdf, IndexError):
    sys.exit(3)
"""


def page_of(content: bytes, number: int) -> bytes | None:
    """A page (from 0) as a PNG picture; None when there is none, or when it cannot be drawn safely."""
    return _run(content, number)


def pages_in(content: bytes) -> int:
    """How many pages a PDF has; 0 when it cannot be read safely."""
    found = _run(content, -1)
    return int(json.loads(found)) if found else 0


def _run(content: bytes, number: int) -> bytes | None:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(number)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("a page of a stranger's PDF took too long")
        return None
    if done.returncode not in (0, 3):
        log.warning("a page of a stranger's PDF was not drawn: status %s", done.returncode)
    return done.stdout if done.returncode == 0 else None
