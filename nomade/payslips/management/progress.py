"""Progress on a terminal: one line, rewritten; silent when the output goes to a file."""

from __future__ import annotations

import time
from typing import TextIO


class ProgressLine:
    """Shows « stage 1 200 / 55 000, 480 par seconde, encore 1 min 52 s »."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._stage = ""
        self._started = self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Called often; writes at most ten times a second."""
        instant = time.monotonic()
        if stage != self._stage:
            self._stage, self._started = stage, instant
        if not self._shown or (instant - self._last < 0.1 and done != total):
            return
        self._last = instant
        elapsed = instant - self._started
        pace = done / elapsed if elapsed > 0.5 else 0.0
        line = f"{stage} : {done:,} / {total:,}".replace(",", " ") if total else f"{stage} : {done:,}".replace(",", " ")
        if pace and total:
            left = round((total - done) / pace)
            line += f", {pace:.0f} par seconde, encore {left // 60} min {left % 60:02d} s"
        self._stream.write(f"\r\x1b[2K{line}")
        if total and done == total:
            self._stream.write("\n")
        self._stream.flush()
