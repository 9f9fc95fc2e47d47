"""The supervisor: one readable log, and no child left behind, however things end."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nomade.runtime.errors import StartRefused
from nomade.runtime.processes import is_alive
from nomade.runtime.supervisor import Stopped, Supervisor

SLEEP = "import time; print('ready', flush=True); time.sleep(60)"
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(log: io.StringIO) -> Iterator[Supervisor]:
    before = {number: signal.getsignal(number) for number in HANDLED}
    supervisor = Supervisor(output=log)
    yield supervisor
    supervisor.stop_all()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def until(supervisor: Supervisor, done: Callable[[], bool]) -> None:
    supervisor.wait_for("test", done, seconds=20)


def test_each_line_bears_the_name_of_its_child(supervisor: Supervisor, log: io.StringIO) -> None:
    supervisor.launch("web", python(SLEEP), os.environ)
    until(supervisor, lambda: "ready" in log.getvalue())
    assert log.getvalue() == "web           │ ready\n"


def test_the_death_of_a_child_names_it_with_its_code_and_last_lines(supervisor: Supervisor) -> None:
    supervisor.launch("base", python(SLEEP), os.environ)
    supervisor.launch("web", python("import sys; print('no more memory'); sys.exit(7)"), os.environ)
    with pytest.raises(StartRefused, match=r"« web » s’est arrêté \(code 7\)[\s\S]*no more memory"):
        until(supervisor, lambda: False)


def test_a_killed_child_is_said_to_be_killed(supervisor: Supervisor, log: io.StringIO) -> None:
    child = supervisor.launch("smtp", python(SLEEP), os.environ)
    until(supervisor, lambda: "ready" in log.getvalue())
    child.process.kill()
    with pytest.raises(StartRefused, match="tué par le signal SIGKILL"):
        until(supervisor, lambda: False)


def test_a_child_that_may_die_is_missed_aloud_once_and_the_others_go_on(
    supervisor: Supervisor, log: io.StringIO
) -> None:
    web = supervisor.launch("web", python(SLEEP), os.environ)
    spare = supervisor.launch("direct", python(SLEEP), os.environ, must_live=False, without="on s’en passe.")
    until(supervisor, lambda: log.getvalue().count("ready") == 2)
    spare.process.kill()
    until(supervisor, lambda: "on s’en passe" in log.getvalue())
    supervisor.tend(0)
    assert log.getvalue().count("« direct » s’est arrêté (tué par le signal SIGKILL) : on s’en passe.") == 1
    assert web.process.poll() is None


def test_a_failed_step_says_its_last_line(supervisor: Supervisor) -> None:
    with pytest.raises(StartRefused, match="« migrations » a échoué : column missing"):
        supervisor.run_step("migrations", python("import sys; print('column missing'); sys.exit(1)"), os.environ)


def test_a_step_is_interrupted_by_the_death_of_a_child(supervisor: Supervisor) -> None:
    supervisor.launch("base", python("raise SystemExit(3)"), os.environ)
    with pytest.raises(StartRefused, match="« base » s’est arrêté"):
        supervisor.run_step("long", python(SLEEP), os.environ)


def test_a_request_to_stop_is_heard_while_a_step_runs(supervisor: Supervisor) -> None:
    supervisor.launch(
        "parent", python(f"import os, signal; os.kill({os.getpid()}, signal.SIGTERM); {SLEEP}"), os.environ
    )
    with pytest.raises(Stopped):
        supervisor.run_step("long", python(SLEEP), os.environ)


def test_children_stop_last_started_first(supervisor: Supervisor, log: io.StringIO) -> None:
    polite = """
        import os, signal, sys, time
        def end(*_):
            os.write(1, f'{sys.argv[1]} ends\\n'.encode())  # the signal may come while print still writes
            sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        print(sys.argv[1], 'ready', flush=True)
        time.sleep(60)
    """
    for name in ("base", "web"):
        supervisor.launch(name, [*python(polite), name], os.environ)
    until(supervisor, lambda: log.getvalue().count("ready") == 2)
    supervisor.stop_all()
    assert log.getvalue().index("web ends") < log.getvalue().index("base ends")


def test_a_deaf_child_is_killed_after_its_grace(supervisor: Supervisor, log: io.StringIO) -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
    child = supervisor.launch("deaf", python(deaf), os.environ)
    child.grace = 0.2
    until(supervisor, lambda: "ready" in log.getvalue())
    supervisor.stop_all()
    assert child.process.returncode == -signal.SIGKILL
    assert "il est tué" in log.getvalue()


def test_what_a_child_started_does_not_outlive_it(supervisor: Supervisor, log: io.StringIO) -> None:
    parent = f"""
        import subprocess, sys, time
        other = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])
        print('pid', other.pid, flush=True)
        time.sleep(60)
    """
    supervisor.launch("web", python(parent), os.environ)
    until(supervisor, lambda: "pid" in log.getvalue() and "ready" in log.getvalue())
    pid = int(log.getvalue().split("pid ")[1].split()[0])
    handle = os.pidfd_open(pid)
    supervisor.stop_all()
    _wait_for_end(handle)


def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = f"""
        import os, sys
        from nomade.runtime.supervisor import Supervisor
        supervisor = Supervisor()
        child = supervisor.launch("web", [sys.executable, "-c", {SLEEP!r}], os.environ)
        print("pid", child.process.pid, flush=True)
        while True:
            supervisor.tend(1)
    """
    parent = subprocess.Popen(python(script), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline().split()[1])
    handle = os.pidfd_open(pid)
    parent.kill()
    parent.communicate()
    _wait_for_end(handle)


def _wait_for_end(handle: int) -> None:
    import select

    with os.fdopen(handle):
        ready, _, _ = select.select([handle], [], [], 10)
    assert ready, "a child outlived its parent"
    assert is_alive(os.getpid())
