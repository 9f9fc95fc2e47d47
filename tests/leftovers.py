"""Folders of this process below /tmp; those that killed runs left behind are removed by the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import psutil


def folder_of_ours(prefix: str) -> Path:
    """A new folder whose name says which process it is of; those of ended processes of the same user go first."""
    for path in Path("/tmp").glob(f"{prefix}*"):
        of = re.fullmatch(rf"{re.escape(prefix)}(\d+)-\w+", path.name)
        if of and not psutil.pid_exists(int(of[1])) and path.lstat().st_uid == os.geteuid():
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir="/tmp"))
