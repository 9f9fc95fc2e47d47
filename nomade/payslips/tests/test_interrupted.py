"""F15: an import killed with SIGKILL in the middle, then run again: nothing doubled, nothing missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from nomade.files import store
from nomade.files.models import StoredFile
from nomade.payslips.models import BatchState, Payslip, PayslipBatch, SourcePart
from nomade.payslips.tests.factories import payroll_file
from nomade.people.factories import make_agent

AGENTS = 60
# Small tasks, so that the kill falls between two of them; the rest is the real command.
COMMAND = """
import sys, django
django.setup()
from nomade.payslips import work
from nomade.payslips.actions import importing
work.SLIPS_A_TASK = 5
importing.SMALL = 0
from django.core.management import call_command
call_command("import_payslips", sys.argv[1], "--period", "2026-10", "--processes", sys.argv[2])
"""


def _environment(settings: Any) -> dict[str, str]:
    database = connection.settings_dict
    host = database["HOST"]
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={host.replace('/', '%2F')}{port}"
    location = settings.STORAGES["documents"]["OPTIONS"]["location"]
    return os.environ | {"NOMADE_DATABASE_URL": url, "NOMADE_STORAGE_URL": f"file://{location}"}


def _start(path: Path, environment: dict[str, str], processes: str = "1") -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", COMMAND, str(path), processes], env=environment)


def _children(parent: int) -> list[str]:
    return Path(f"/proc/{parent}/task/{parent}/children").read_text().split()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", ["1", "2"])
def test_killed_in_the_middle_and_run_again_gives_each_agent_exactly_one_slip(
    processes: str, settings: Any, tmp_path: Path
) -> None:
    agents = [make_agent("Zoé", f"Nom{number}") for number in range(AGENTS)]
    path = payroll_file(tmp_path, agents)
    environment = _environment(settings)
    running = _start(path, environment, processes)
    deadline = time.monotonic() + 300
    while not (stored := Payslip.objects.count()) >= 5:
        assert running.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
    children = _children(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait()
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "a worker outlives the import it worked for"
    assert stored < AGENTS
    assert Payslip.objects.count() < AGENTS
    assert PayslipBatch.objects.get().state == BatchState.RUNNING
    assert _start(path, environment, processes).wait(timeout=300) == 0
    assert sorted(Payslip.objects.values_list("agent_id", flat=True)) == sorted(agent.pk for agent in agents)
    slips = StoredFile.objects.filter(kind="payslip").count()
    assert (PayslipBatch.objects.get().state, slips) == (BatchState.PUBLISHED, AGENTS)
    for slip in Payslip.objects.select_related("file"):
        assert store.read(slip.file).startswith(b"%PDF-")
    location = Path(settings.STORAGES["documents"]["OPTIONS"]["location"])
    assert sum(1 for found in location.rglob("*") if found.is_file()) == AGENTS + SourcePart.objects.count()
